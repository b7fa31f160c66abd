import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Clock, Instant } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { dated } from './dated.ts'
import { type Asked, reading, writing } from './errors.ts'
import { noAccess } from './no-access.ts'
import { createServerTime } from './server-time.ts'
import type { Storage } from './storage.ts'
import { meaning, troubleOf } from './trouble.ts'

/** What S3 answered about an object; both times of the same answer. */
export interface FoundText {
  readonly body: string
  readonly etag: string
  readonly modified: Instant
  readonly date: Instant
}

/** What became of a conditional write. `clash`: the condition did not hold, or another write was in the way. */
export type Put = { readonly is: 'written'; readonly etag: string } | { readonly is: 'clash' }

/** A small object in S3 that is only written over what is known of it (G). */
export interface ConditionalObject {
  url(): Promise<string>
  /** Undefined when there is none. */
  read(): Promise<FoundText | undefined>
  /** Writes over the object with this ETag; undefined: only if there is none. */
  put(body: string, over: string | undefined): Promise<Put>
  /** S3's last Date and what has passed since; the machine's own time before there was one. */
  serverTime(): Instant
}

/** Where an object is, and what it is reached by. */
export interface ObjectParts {
  readonly clients: Clients
  readonly storage: Storage
  readonly clock: Clock
  readonly key: string
}

/** Opens the object; nothing is sent. */
export function openConditionalObject({ clients, storage, clock, key }: ObjectParts): ConditionalObject {
  const url = async () => `s3://${await storage.bucket()}/${key}`
  const time = createServerTime(clock)
  const explained = (asked: Asked) => async (thrown: unknown) => {
    throw troubleOf(thrown) === 'denied' ? await noAccess(asked, thrown, storage) : thrown
  }

  return {
    url,
    serverTime: time.now,
    async read() {
      // Without s3:ListBucket, S3 calls a missing object denied. [BC:s3 GetObject]
      const asked = { to: `read ${await url()}`, action: ['s3:GetObject', 's3:ListBucket'] }
      const Bucket = await storage.bucket()
      return reading(asked, async () => {
        const got = await clients.s3
          .send(dated(new GetObjectCommand({ Bucket, Key: key }), time.see))
          .catch(meaning(undefined, 'NoSuchKey', 'NoSuchBucket'))
          .catch(explained(asked))
        if (!got?.Body) return undefined
        const date = time.last() ?? clock.now()
        const body = await got.Body.transformToString()
        return { body, etag: got.ETag ?? '', modified: got.LastModified?.getTime() ?? date, date }
      })
    },
    async put(Body, over) {
      const asked = { to: `write ${await url()}`, action: 's3:PutObject' }
      const condition = over === undefined ? { IfNoneMatch: '*' } : { IfMatch: over }
      return writing(asked, () =>
        storage.write(async (Bucket) => {
          const input = {
            Bucket,
            Key: key,
            Body,
            ContentType: 'application/json',
            ...storage.encryption,
            ...condition,
          }
          const put = await clients.s3
            .send(dated(new PutObjectCommand(input), time.see))
            .catch(meaning(undefined, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'))
            .catch(explained(asked))
          return put ? { is: 'written', etag: put.ETag ?? '' } : { is: 'clash' }
        }),
      )
    },
  }
}
