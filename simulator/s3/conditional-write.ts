import { bucketOf, type S3Call } from './call.ts'
import { s3Errors } from './errors.ts'
import type { Bucket } from './store.ts'

/**
 * Carries out a write of the call's key under its `If-Match` or `If-None-Match`. A write takes 20 ms: a conditional one
 * that meets another in flight on the same key is answered 409 ConditionalRequestConflict, and a condition that does
 * not hold at the end 412 (§G).
 */
export async function conditionalWrite<T>(call: S3Call, write: (bucket: Bucket) => T): Promise<T> {
  const { 'if-match': match, 'if-none-match': noneMatch } = call.request.headers
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw s3Errors.notImplemented('A header you provided implies functionality that is not implemented')
  }
  const bucket = bucketOf(call)
  const inFlight = bucket.writing.get(call.key) ?? 0
  if ((match !== undefined || noneMatch !== undefined) && inFlight > 0)
    throw s3Errors.conditionalRequestConflict()
  bucket.writing.set(call.key, inFlight + 1)
  await call.cloud.clock.sleep(WRITE_MS)
  bucket.writing.set(call.key, (bucket.writing.get(call.key) ?? 1) - 1)
  assertCondition(call, bucket)
  return write(bucket)
}

const WRITE_MS = 20

function assertCondition({ request, key, cloud }: S3Call, bucket: Bucket): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = request.headers
  const found = bucket.objects.get(key)
  if (noneMatch === '*' && found) throw s3Errors.preconditionFailed()
  if (match === undefined) return
  if (!found) {
    throw cloud.switches.ifMatchOnMissingKey === 404 ? s3Errors.noSuchKey() : s3Errors.preconditionFailed()
  }
  if (!sameETag(match, found.etag)) throw s3Errors.preconditionFailed()
}

/** Does an `If-Match` or `If-None-Match` header name this ETag? Quotes are optional, `*` is any. */
export const sameETag = (header: string, etag: string): boolean =>
  header
    .split(',')
    .some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag.replaceAll('"', ''))
