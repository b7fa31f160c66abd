import type { Cloud } from '../cloud.ts'
import type { WireRequest } from '../wire/request.ts'
import type { Shape } from '../wire/shapes.ts'
import { s3Errors } from './errors.ts'
import type { Bucket, Store } from './store.ts'

/** One S3 request, taken apart. */
export interface S3Call {
  readonly cloud: Cloud
  readonly store: Store
  readonly request: WireRequest
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
}

/** What an S3 operation answers: headers, and either XML by the API model or bytes. */
export interface S3Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly xml?: { readonly shape: Shape; readonly value: unknown }
  readonly body?: Uint8Array
}

export type S3Operation = (call: S3Call) => S3Answer | Promise<S3Answer>

/** The call's bucket. Throws NoSuchBucket. */
export function bucketOf({ store, bucket }: S3Call): Bucket {
  const found = store.find(bucket)
  if (!found) throw s3Errors.noSuchBucket()
  return found
}
