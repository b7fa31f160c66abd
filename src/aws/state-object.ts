import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import type { Clock, Instant } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { dated } from './dated.ts'
import { reading, writing } from './errors.ts'
import { fromBody, type StateDocument, toBody } from './state-document.ts'
import type { Storage } from './storage.ts'
import { meaning } from './trouble.ts'

/** The document with what S3 says about it; both times of the same answer. */
export interface Found extends StateDocument {
  readonly etag: string
  readonly modified: Instant
  readonly date: Instant
}

/** What became of a conditional write. `clash`: the condition did not hold, or another write was in the way. */
export type Put = { readonly is: 'written'; readonly etag: string } | { readonly is: 'clash' }

/** The object in S3 that holds a pair's state. */
export interface StateObject {
  url(): Promise<string>
  /** Undefined when there is none. */
  read(): Promise<Found | undefined>
  /** Writes over the object with this ETag; undefined: only if there is none. */
  put(document: StateDocument, over: string | undefined): Promise<Put>
  /** S3's last Date and what has passed since; the machine's own time before there was one. */
  serverTime(): Instant
}

/** Opens the object; nothing is sent. */
export function openStateObject(parts: {
  readonly clients: Clients
  readonly storage: Storage
  readonly clock: Clock
  readonly key: string
}): StateObject {
  const { clients, storage, clock, key } = parts
  const url = async () => `s3://${await storage.bucket()}/${key}`
  let seen: { readonly date: Instant; readonly at: Instant } | undefined
  const see = (date: Instant) => {
    seen = { date, at: clock.now() }
  }
  const serverTime = () => (seen ? seen.date + clock.now() - seen.at : clock.now())

  return {
    url,
    serverTime,
    async read() {
      const at = await url()
      // Without s3:ListBucket, S3 calls a missing object denied. [BC:s3 GetObject]
      const asked = { to: `read ${at}`, action: ['s3:GetObject', 's3:ListBucket'] }
      const Bucket = await storage.bucket()
      return reading(asked, async () => {
        const got = await clients.s3
          .send(dated(new GetObjectCommand({ Bucket, Key: key }), see))
          .catch(meaning(undefined, 'NoSuchKey', 'NoSuchBucket'))
        if (!got?.Body) return undefined
        const date = seen?.date ?? clock.now()
        const document = fromBody(await got.Body.transformToString(), at)
        return { ...document, etag: got.ETag ?? '', modified: got.LastModified?.getTime() ?? date, date }
      })
    },
    async put(document, over) {
      const asked = { to: `write ${await url()}`, action: 's3:PutObject' }
      const Body = toBody(document)
      const condition = over === undefined ? { IfNoneMatch: '*' } : { IfMatch: over }
      return writing(asked, () =>
        storage.write(async (Bucket) => {
          const input = { Bucket, Key: key, Body, ContentType: 'application/json', ...condition }
          const put = await clients.s3
            .send(dated(new PutObjectCommand(input), see))
            .catch(meaning(undefined, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'))
          return put ? { is: 'written', etag: put.ETag ?? '' } : { is: 'clash' }
        }),
      )
    },
  }
}
