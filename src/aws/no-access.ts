import { Refused, type Remedy } from '../deployment/errors.ts'
import type { Asked } from './errors.ts'
import { refusal } from './refusal.ts'
import type { Storage } from './storage.ts'

/** S3's no to lock and journal, with everything that they need of the bucket, and what there is without them. */
export async function noAccess(asked: Asked, thrown: unknown, storage: Storage): Promise<Refused> {
  const { message, remedies } = refusal(asked, thrown)
  // A key's policy or an organisation's may be what says no.
  const isElsewhere = /not authorized to perform: (?!s3:)|with an explicit deny/.test(message)
  return new Refused(message, [...(isElsewhere ? remedies : [statement(await storage.arn())]), withoutLock])
}

/** `s3:ListBucket` tells an object that is not there from one that must not be read. [BC:s3 GetObject] */
const statement = (arn: string): Remedy => ({
  why: 'Lock and journal need this statement in the policy of the role (or user) that the job works as (`s3:ListBucket` tells “not there” from “not allowed”):',
  command: JSON.stringify({
    Effect: 'Allow',
    Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
    Resource: [arn, `${arn}/blue-green/*`],
  }),
})

const withoutLock: Remedy = {
  why: 'Or deploy without lock and journal, by `lock: none`. What it costs: nobody keeps two runs apart, and nothing is remembered, so that there is no `rollback`, and nobody settles what a run leaves open whose job dies.',
}
