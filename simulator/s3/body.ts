import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { WireRequest } from '../wire/request.ts'
import { s3Errors } from './errors.ts'
import type { Content, StoredObject } from './store.ts'

export interface Body {
  readonly content: Content
  readonly size: number
  readonly checksum: StoredObject['checksum']
}

/**
 * The bytes that a request carries, taken out of aws-chunked framing, with every checksum verified that came with
 * them (in a header or as a trailer). CRC32C and CRC64NVME are believed.
 */
export function readBody(request: WireRequest): Body {
  const { headers } = request
  const chunked = (headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-') || isAwsChunked(headers)
  const { content, trailers } = chunked ? unchunk(request.body) : { content: [request.body], trailers: {} }
  const size = content.reduce((sum, { length }) => sum + length, 0)
  const promised = headers['x-amz-decoded-content-length']
  if (promised !== undefined && Number(promised) !== size) throw s3Errors.incompleteBody()
  verifySignedHash(headers, content)
  verifyMd5(headers, content)
  return { content, size, checksum: verifyChecksum({ ...headers, ...trailers }, content) }
}

const isAwsChunked = (headers: WireRequest['headers']) =>
  (headers['content-encoding'] ?? '').split(',').some((coding) => coding.trim() === 'aws-chunked')

/** Chunks are `SIZE[;chunk-signature=…]\r\nDATA\r\n`; the last is empty and followed by `name:value\r\n` trailers. */
function unchunk(body: Uint8Array): { content: Content; trailers: Record<string, string> } {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const content: Uint8Array[] = []
  let at = 0
  while (true) {
    const end = bytes.indexOf('\r\n', at)
    if (end < 0) throw s3Errors.incompleteBody()
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16)
    if (Number.isNaN(size)) throw s3Errors.incompleteBody()
    if (size === 0) return { content, trailers: readTrailers(bytes.toString('latin1', end + 2)) }
    if (end + 2 + size > bytes.length) throw s3Errors.incompleteBody()
    content.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}

const readTrailers = (lines: string) =>
  Object.fromEntries(
    [...lines.matchAll(/^([^:\r\n]+):(.*?)\r?$/gm)].map(([, name, value]) => [
      name?.toLowerCase(),
      value?.trim(),
    ]),
  ) as Record<string, string>

function verifySignedHash(headers: WireRequest['headers'], content: Content): void {
  const promised = headers['x-amz-content-sha256']
  if (!promised || !/^[0-9a-f]{64}$/.test(promised)) return
  if (hash('sha256', content).toString('hex') !== promised) throw s3Errors.contentSha256Mismatch()
}

function verifyMd5(headers: WireRequest['headers'], content: Content): void {
  const promised = headers['content-md5']
  if (promised === undefined) return
  if (Buffer.from(promised, 'base64').length !== 16) throw s3Errors.invalidDigest()
  if (hash('md5', content).toString('base64') !== promised) throw s3Errors.badContentMd5()
}

function verifyChecksum(headers: Record<string, string>, content: Content): StoredObject['checksum'] {
  const header = CHECKSUMS.find((name) => headers[name] !== undefined)
  if (!header) return undefined
  const value = headers[header] as string
  const expected = compute(header, content)
  if (expected === undefined) return { header, value }
  if (Buffer.from(value, 'base64').length !== Buffer.from(expected, 'base64').length) {
    throw s3Errors.invalidChecksum(header)
  }
  if (value !== expected) throw s3Errors.badDigest(header.replace('x-amz-checksum-', '').toUpperCase())
  return { header, value }
}

const CHECKSUMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'].map((name) => `x-amz-checksum-${name}`)

function compute(header: string, content: Content): string | undefined {
  if (header === 'x-amz-checksum-sha1') return hash('sha1', content).toString('base64')
  if (header === 'x-amz-checksum-sha256') return hash('sha256', content).toString('base64')
  if (header !== 'x-amz-checksum-crc32') return undefined
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(content.reduce((sum, chunk) => crc32(chunk, sum), 0))
  return bytes.toString('base64')
}

/** A digest of content that may be in several pieces. */
export function hash(algorithm: string, content: Content): Buffer {
  const sum = createHash(algorithm)
  for (const chunk of content) sum.update(chunk)
  return sum.digest()
}
