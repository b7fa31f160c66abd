import { splitPath, type WireRequest } from '../wire/request.ts'

/** What an S3 request is about. */
export interface Target {
  readonly operation: string
  readonly bucket: string
  readonly key: string
  readonly query: URLSearchParams
}

/** Takes an S3 request apart, path style (`/bucket/key`) or virtual-host style (`bucket.host`). */
export function targetOf(request: WireRequest): Target {
  const { path, query } = splitPath(request.path)
  const host = bucketOfHost(request.headers.host ?? '')
  const [first = '', ...rest] = path.replace(/^\//, '').split('/')
  const bucket = host ?? decode(first)
  const key = decode(host === undefined ? rest.join('/') : path.replace(/^\//, ''))
  return { operation: operationOf(request, { bucket, key, query }), bucket, key, query }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** `b.s3.us-east-1.amazonaws.com`, `b.s3-us-west-2.amazonaws.com`, `b.localhost:4566`. */
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '')
  return (
    /^(.+?)\.s3[.-][a-z0-9.-]*amazonaws\.com(\.cn)?$/.exec(name)?.[1] ?? /^(.+)\.localhost$/.exec(name)?.[1]
  )
}

function operationOf(
  { method, headers }: WireRequest,
  { bucket, key, query }: Omit<Target, 'operation'>,
): string {
  const has = (name: string) => query.has(name)
  if (!bucket) return 'ListBuckets'
  if (!key) {
    if (method === 'HEAD') return 'HeadBucket'
    if (method === 'PUT' && isPlain(query)) return 'CreateBucket'
    if (method === 'GET' && has('location')) return 'GetBucketLocation'
    if (method === 'GET' && has('uploads')) return 'ListMultipartUploads'
    if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2'
    if (method === 'GET' && [...query.keys()].every((name) => LISTING.has(name))) return 'ListObjects'
    if (method === 'POST' && has('delete')) return 'DeleteObjects'
    return `${method} bucket?${query}`
  }
  if (method === 'POST' && has('uploads')) return 'CreateMultipartUpload'
  if (method === 'POST' && has('uploadId')) return 'CompleteMultipartUpload'
  if (method === 'PUT' && headers['x-amz-copy-source']) return 'CopyObject'
  if (method === 'PUT' && has('uploadId')) return 'UploadPart'
  if (method === 'PUT' && isPlain(query)) return 'PutObject'
  if (method === 'DELETE' && has('uploadId')) return 'AbortMultipartUpload'
  if (method === 'DELETE' && isPlain(query)) return 'DeleteObject'
  if (method === 'HEAD') return 'HeadObject'
  if (method === 'GET' && has('uploadId')) return 'ListParts'
  if (method === 'GET' && !has('tagging') && !has('acl') && !has('attributes')) return 'GetObject'
  return `${method} object?${query}`
}

/** What ListObjects takes; anything else in the query is a sub-resource. [BC:s3] */
const LISTING = new Set(['prefix', 'delimiter', 'marker', 'max-keys', 'encoding-type', 'x-id'])

/** No sub-resource: only the SDK's own `x-id` and what a presigned URL carries. */
const isPlain = (query: URLSearchParams) =>
  [...query.keys()].every((name) => name === 'x-id' || name.startsWith('X-Amz-') || name.startsWith('x-amz-'))
