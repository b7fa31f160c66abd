import { CreateStorageLocationCommand } from '@aws-sdk/client-elastic-beanstalk'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { Failure, Refused } from '../deployment/errors.ts'
import type { Clients } from './clients.ts'
import { reading, writing } from './errors.ts'
import { isCalled } from './trouble.ts'

/** The bucket where bundles and the state of a pair are kept. */
export interface Storage {
  /** Its name; whether it exists is not asked. */
  bucket(): Promise<string>
  /** Its ARN, in the partition that the credentials belong to. */
  arn(): Promise<string>
  /** How everything in it is encrypted, as S3 takes it; nothing: as the bucket does by itself. */
  readonly encryption: Encryption
  /** Writes into it; Beanstalk's own bucket is made when the first write finds that there is none. */
  write<T>(send: (bucket: string) => Promise<T>): Promise<T>
}

/** Headers of a write. [BC:s3 PutObject] */
export interface Encryption {
  readonly ServerSideEncryption?: 'aws:kms'
  readonly SSEKMSKeyId?: string
}

/** The bucket `stateBucket`, or Beanstalk's own, whose name is documented. [DG:AWSHowTo.S3] (G) */
export function createStorage(parts: {
  readonly clients: Clients
  readonly stateBucket: string | undefined
  readonly kmsKeyId?: string | undefined
}): Storage {
  const { clients, stateBucket, kmsKeyId } = parts
  let caller: Promise<Caller> | undefined
  const whoCalls = () => {
    caller ??= askWhoCalls(clients).catch((thrown) => {
      caller = undefined
      throw thrown
    })
    return caller
  }
  const bucket = async () => stateBucket ?? `elasticbeanstalk-${clients.region}-${(await whoCalls()).account}`
  return {
    bucket,
    encryption: kmsKeyId ? { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId } : {},
    async arn() {
      // Only a message needs it.
      const { partition } = await whoCalls().catch(() => ({ partition: 'aws' }))
      return `arn:${partition}:s3:::${await bucket()}`
    },
    async write(send) {
      const name = await bucket()
      try {
        return await send(name)
      } catch (thrown) {
        if (!isCalled(thrown, 'NoSuchBucket')) throw thrown
        if (stateBucket) throw noSuchBucket(stateBucket)
      }
      await createOwn(clients)
      return send(name)
    },
  }
}

interface Caller {
  readonly account: string
  readonly partition: string
}

async function askWhoCalls(clients: Clients): Promise<Caller> {
  const { Account, Arn } = await reading(
    { to: 'tell the account of the credentials', action: 'sts:GetCallerIdentity' },
    () => clients.sts.send(new GetCallerIdentityCommand({})),
  )
  if (!Account) throw new Failure('AWS does not say which account the credentials belong to.')
  return { account: Account, partition: Arn?.split(':')[1] ?? 'aws' }
}

/** Idempotent. [BC:elasticbeanstalk] (A.5) */
const createOwn = (clients: Clients) =>
  writing(
    { to: 'create the bucket of Elastic Beanstalk', action: 'elasticbeanstalk:CreateStorageLocation' },
    () => clients.beanstalk.send(new CreateStorageLocationCommand({})),
  )

const noSuchBucket = (name: string) =>
  new Refused(`There is no bucket ${name}.`, [
    { why: 'Look for a slip in `state-bucket`, or create it:', command: `aws s3 mb 's3://${name}'` },
  ])
