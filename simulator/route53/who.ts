import type { Call, Cloud } from '../cloud.ts'
import { callerArn } from '../wire/call-faults.ts'

/** The account that a call acts for, and who that is in words. */
export const who = (cloud: Cloud, { caller }: Call) => ({
  account: caller?.account ?? cloud.account,
  arn: caller?.arn ?? callerArn(cloud),
})
