import type { AwsError, Cloud } from '../cloud.ts'
import { assertOutput } from '../wire/checked-output.ts'
import type { Exchange } from '../wire/exchange.ts'
import { text, type WireRequest, type WireResponse } from '../wire/request.ts'
import { element, escapeXml, xmlOf } from '../wire/xml.ts'
import { bucketOperations, S3_NAMESPACE } from './bucket-operations.ts'
import { obey } from './bucket-policy.ts'
import type { S3Answer, S3Operation } from './call.ts'
import { s3Errors } from './errors.ts'
import { listObjects, listObjectsV2 } from './listing.ts'
import { multipartOperations } from './multipart.ts'
import { objectOperations } from './objects.ts'
import type { Store } from './store.ts'
import { type Target, targetOf } from './target.ts'

/** Makes exchanges of S3's REST protocol. */
export function createS3(cloud: Cloud, store: Store): (request: WireRequest, requestId: string) => Exchange {
  return (request, requestId) => {
    const target = targetOf(request)
    const { operation, bucket, key, query } = target
    const ids = s3Ids(requestId)
    const action = ACTIONS[operation] ?? `s3:${operation}`
    const resource = `"arn:aws:s3:::${key && !operation.startsWith('List') ? `${bucket}/${key}` : bucket}"`
    return {
      service: 's3',
      operation,
      input: inputOf(request, target),
      action,
      resource,
      async run() {
        const run = OPERATIONS[operation]
        obey(store.policy(bucket), { exchange: { operation, action, resource }, request, cloud })
        if (!run) throw s3Errors.notImplemented(`The simulator has no S3 operation ${operation}`)
        const answer = await run({ cloud, store, request, bucket, key, query })
        return encode(answer, { operation, ids, head: request.method === 'HEAD' })
      },
      fail: (error) => encodeError(error, { target, ids, head: request.method === 'HEAD' }),
    }
  }
}

const OPERATIONS: Readonly<Record<string, S3Operation>> = {
  ...bucketOperations,
  ...objectOperations,
  ...multipartOperations,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
}

/** IAM actions that are not called as their operations are. [BC:s3], Service Authorization Reference */
const ACTIONS: Readonly<Record<string, string>> = {
  HeadObject: 's3:GetObject',
  HeadBucket: 's3:ListBucket',
  ListBuckets: 's3:ListAllMyBuckets',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  ListParts: 's3:ListMultipartUploadParts',
  DeleteObjects: 's3:DeleteObject',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
}

type Ids = Readonly<Record<'x-amz-request-id' | 'x-amz-id-2', string>>

const s3Ids = (requestId: string): Ids => ({
  'x-amz-request-id': requestId.replaceAll('-', '').slice(0, 16).toUpperCase(),
  'x-amz-id-2': Buffer.from(requestId).toString('base64'),
})

function encode(
  answer: S3Answer,
  { operation, ids, head }: { operation: string; ids: Ids; head: boolean },
): WireResponse {
  const { status = 200, headers = {}, xml, body = new Uint8Array() } = answer
  if (!xml) return { status, headers: { ...ids, ...headers }, body: head ? new Uint8Array() : body }
  assertOutput(xml.value, xml.shape, `${operation} output`)
  const root = xml.shape.kind === 'structure' ? xml.shape.xmlName : operation
  const content = DECLARATION + element(root, xmlOf(xml.value, xml.shape), S3_NAMESPACE)
  return { status, headers: { ...ids, ...headers, 'content-type': 'application/xml' }, body: text(content) }
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** S3's errors have no envelope; answers to HEAD have no body at all. */
function encodeError(error: AwsError, about: { target: Target; ids: Ids; head: boolean }): WireResponse {
  const { target, ids, head } = about
  const headers = { ...ids, 'content-type': 'application/xml' }
  if (head) return { status: error.status, headers, body: new Uint8Array() }
  const { bucket, key } = target
  const content = [
    element('Code', error.code),
    element('Message', escapeXml(error.message)),
    ...(error.code === 'NoSuchKey' ? [element('Key', escapeXml(key))] : []),
    ...(error.code === 'NoSuchBucket' ? [element('BucketName', escapeXml(bucket))] : []),
    element('Resource', escapeXml(`/${bucket}${key ? `/${key}` : ''}`)),
    element('RequestId', ids['x-amz-request-id']),
    element('HostId', ids['x-amz-id-2']),
  ]
  return { status: error.status, headers, body: text(DECLARATION + element('Error', content.join(''))) }
}

/** For the record of calls. */
function inputOf({ headers }: WireRequest, { bucket, key, query }: Target): unknown {
  const given = {
    Bucket: bucket,
    Key: key || undefined,
    IfMatch: headers['if-match'],
    IfNoneMatch: headers['if-none-match'],
    Range: headers.range,
    UploadId: query.get('uploadId') ?? undefined,
    PartNumber: query.get('partNumber') ?? undefined,
    Prefix: query.get('prefix') ?? undefined,
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
