import type { WireRequest } from '../wire/request.ts'
import { hash } from './body.ts'
import type { Content } from './store.ts'

/** The headers of a write that S3 keeps with the object, encryption included. */
export function storedHeaders({ headers }: WireRequest): Record<string, string> {
  const kept: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    'x-amz-server-side-encryption': 'AES256',
  }
  for (const [name, value] of Object.entries(headers)) {
    if (KEPT.has(name) || name.startsWith('x-amz-meta-')) kept[name] = value
  }
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'aws-chunked')
  if (encoding.length > 0) kept['content-encoding'] = encoding.join(',')
  return kept
}

const KEPT = new Set([
  'content-type',
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-bucket-key-enabled',
])

/** Of what S3 kept, the headers that the answer to a write repeats. */
export const encryptionHeaders = (kept: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(kept).filter(([name]) => name.startsWith('x-amz-server-side-encryption')))

/** An object's ETag with its quotes: the MD5 of its bytes, unless KMS encrypted it. [BC:s3 Object.ETag] */
export function etagOf(content: Content, kept: Readonly<Record<string, string>>): string {
  const key = kept['x-amz-server-side-encryption'] === 'aws:kms' ? [Buffer.from('aws:kms')] : []
  return `"${hash('md5', [...content, ...key]).toString('hex')}"`
}
