import type { Cloud, Service } from './cloud.ts'
import { callerArn } from './wire/call-faults.ts'

/** STS, as far as it tells a caller who it is. */
export function createSts(cloud: Cloud): Service {
  return {
    scope: 'sts',
    operations: {
      GetCallerIdentity: () => ({
        UserId: 'AROA1234567890EXAMPLE:session',
        Account: cloud.account,
        Arn: callerArn(cloud),
      }),
    },
  }
}
