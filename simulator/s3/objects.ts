import * as s3 from '@aws-sdk/client-s3'
import { shapeOf } from '../wire/shapes.ts'
import { readBody } from './body.ts'
import { bucketOf, type S3Answer, type S3Call, type S3Operation } from './call.ts'
import { conditionalWrite, sameETag } from './conditional-write.ts'
import { s3Errors } from './errors.ts'
import { join, type StoredObject } from './store.ts'
import { encryptionHeaders, etagOf, storedHeaders } from './stored-headers.ts'

/** Reads and writes of whole objects. [BC:s3] */
export const objectOperations: Readonly<Record<string, S3Operation>> = {
  async PutObject(call) {
    const { content, size, checksum } = readBody(call.request)
    const headers = storedHeaders(call.request)
    const etag = etagOf(content, headers)
    await conditionalWrite(call, ({ objects }) => {
      objects.set(call.key, { content, size, etag, modifiedAt: call.cloud.clock.now(), headers, checksum })
    })
    return { headers: { etag, ...encryptionHeaders(headers), ...checksumHeaders(checksum) } }
  },

  GetObject(call) {
    const found = findObject(call)
    const { 'if-none-match': noneMatch, 'if-match': match, range } = call.request.headers
    if (match !== undefined && !sameETag(match, found.etag)) throw s3Errors.preconditionFailed()
    if (noneMatch !== undefined && sameETag(noneMatch, found.etag))
      return { status: 304, headers: { etag: found.etag } }
    const whole = join(found.content)
    if (range === undefined) return { headers: describe(found, call), body: whole }
    const { first, last } = parseRange(range, found.size)
    const { 'x-amz-checksum-type': _, ...headers } = describe({ ...found, checksum: undefined }, call)
    return {
      status: 206,
      headers: {
        ...headers,
        'content-length': String(last - first + 1),
        'content-range': `bytes ${first}-${last}/${found.size}`,
      },
      body: whole.subarray(first, last + 1),
    }
  },

  HeadObject: (call) => ({ headers: describe(findObject(call), call) }),

  async DeleteObject(call) {
    // Deleting what is not there succeeds; with If-Match it is answered as other conditional writes are.
    await conditionalWrite(call, ({ objects }) => objects.delete(call.key))
    return { status: 204 }
  },

  /** Keys that are not there count as deleted. [BC:s3] */
  DeleteObjects(call) {
    const { objects } = bucketOf(call)
    const order = Buffer.concat([...readBody(call.request).content]).toString('utf8')
    const keys = [...order.matchAll(/<Key>(.*?)<\/Key>/gs)].map(([, key = '']) => unescapeXml(key))
    if (keys.length === 0 || keys.length > 1000) throw s3Errors.malformedXml()
    for (const key of keys) objects.delete(key)
    const quiet = /<Quiet>\s*true\s*<\/Quiet>/.test(order)
    const value = quiet ? {} : { Deleted: keys.map((Key) => ({ Key })) }
    return { xml: { shape: shapeOf(s3.DeleteObjectsOutput$), value } }
  },
}

const unescapeXml = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll(/&#(x?)([0-9a-fA-F]+);/g, (_, hex, digits) =>
      String.fromCodePoint(Number.parseInt(digits, hex ? 16 : 10)),
    )
    .replaceAll('&amp;', '&')

function findObject(call: S3Call): StoredObject {
  const found = bucketOf(call).objects.get(call.key)
  if (!found) throw s3Errors.noSuchKey()
  return found
}

function describe(found: StoredObject, { request }: S3Call): NonNullable<S3Answer['headers']> {
  return {
    ...found.headers,
    'accept-ranges': 'bytes',
    'content-length': String(found.size),
    etag: found.etag,
    'last-modified': new Date(found.modifiedAt).toUTCString(),
    ...(request.headers['x-amz-checksum-mode'] === 'ENABLED' ? checksumHeaders(found.checksum) : {}),
  }
}

const checksumHeaders = (checksum: StoredObject['checksum']): Record<string, string> =>
  checksum ? { [checksum.header]: checksum.value, 'x-amz-checksum-type': 'FULL_OBJECT' } : {}

function parseRange(range: string, size: number): { first: number; last: number } {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? []
  if (from === '' && to === '') throw s3Errors.invalidRange()
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (first > last) throw s3Errors.invalidRange()
  return { first, last }
}
