import { createHash } from 'node:crypto'
import type { Cloud } from '../cloud.ts'
import type { BucketPolicy } from './bucket-policy.ts'

/** What Elastic Beanstalk does with S3, in process. */
export interface Buckets {
  /** Does nothing when the bucket is there. In the cloud's own region when none is named. */
  create(bucket: string, region?: string): void
  has(bucket: string): boolean
  /** Where the bucket is; undefined when there is none. */
  region(bucket: string): string | undefined
  put(bucket: string, key: string, content: Uint8Array): void
  /** The whole object; undefined when there is none. */
  read(bucket: string, key: string): Uint8Array | undefined
  /** In order. */
  keys(bucket: string, prefix?: string): readonly string[]
  remove(bucket: string, key: string): void
  /** Gives the bucket a policy of its own. */
  setPolicy(bucket: string, policy: BucketPolicy): void
  policy(bucket: string): BucketPolicy | undefined
  /** Of every bucket, in the order in which they were made. */
  names(): readonly string[]
}

/** The bytes of an object as they arrived: a multipart object keeps its parts as they are, uncopied. */
export type Content = readonly Uint8Array[]

export interface StoredObject {
  readonly content: Content
  readonly size: number
  /** With its quotes. */
  readonly etag: string
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
  /** What the writer gave and readers get back: content-type, x-amz-meta-…, encryption. */
  readonly headers: Readonly<Record<string, string>>
  /** The checksum header of a single-part object. */
  readonly checksum?: { readonly header: string; readonly value: string } | undefined
}

export interface Upload {
  readonly id: string
  readonly key: string
  readonly startedAt: number
  readonly headers: Readonly<Record<string, string>>
  readonly parts: Map<number, StoredObject>
}

export interface Bucket {
  readonly name: string
  readonly region: string
  readonly createdAt: number
  readonly objects: Map<string, StoredObject>
  readonly uploads: Map<string, Upload>
  /** How many writes of a key are in flight. */
  readonly writing: Map<string, number>
}

/** Everything that is in S3. */
export interface Store extends Buckets {
  find(bucket: string): Bucket | undefined
}

/** An S3 without anything in it. */
export function createStore(cloud: Cloud): Store {
  const buckets = new Map<string, Bucket>()
  const policies = new Map<string, BucketPolicy>()
  const find = (bucket: string) => buckets.get(bucket)
  return {
    find,
    create(name, region = cloud.region) {
      if (buckets.has(name)) return
      const createdAt = cloud.clock.now()
      const empty = { objects: new Map(), uploads: new Map(), writing: new Map() }
      buckets.set(name, { name, region, createdAt, ...empty })
    },
    has: (bucket) => buckets.has(bucket),
    region: (bucket) => find(bucket)?.region,
    put(bucket, key, content) {
      const found = find(bucket)
      if (!found) throw new Error(`no bucket ${bucket}`)
      found.objects.set(key, {
        content: [content],
        size: content.length,
        etag: `"${createHash('md5').update(content).digest('hex')}"`,
        modifiedAt: cloud.clock.now(),
        headers: { 'content-type': 'application/octet-stream' },
      })
    },
    read(bucket, key) {
      const found = find(bucket)?.objects.get(key)
      return found && join(found.content)
    },
    keys: (bucket, prefix = '') =>
      [...(find(bucket)?.objects.keys() ?? [])].filter((key) => key.startsWith(prefix)).sort(),
    remove(bucket, key) {
      find(bucket)?.objects.delete(key)
    },
    setPolicy: (bucket, policy) => void policies.set(bucket, policy),
    policy: (bucket) => policies.get(bucket),
    names: () => [...buckets.keys()],
  }
}

/** The content in one piece; copied only when it is in several. */
export const join = (content: Content): Uint8Array =>
  content.length === 1 ? (content[0] as Uint8Array) : Buffer.concat(content)
