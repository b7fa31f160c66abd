import * as s3 from '@aws-sdk/client-s3'
import { shapeOf } from '../wire/shapes.ts'
import { hash, readBody } from './body.ts'
import { bucketOf, type S3Call, type S3Operation } from './call.ts'
import { conditionalWrite } from './conditional-write.ts'
import { s3Errors } from './errors.ts'
import type { StoredObject, Upload } from './store.ts'
import { encryptionHeaders, etagOf, storedHeaders } from './stored-headers.ts'

/** Uploads in parts: nothing is an object before CompleteMultipartUpload. [BC:s3] */
export const multipartOperations: Readonly<Record<string, S3Operation>> = {
  CreateMultipartUpload(call) {
    const { uploads } = bucketOf(call)
    const id = Buffer.from(Array.from({ length: 24 }, () => Math.floor(call.cloud.random() * 256))).toString(
      'base64url',
    )
    const headers = storedHeaders(call.request)
    uploads.set(id, { id, key: call.key, startedAt: call.cloud.clock.now(), headers, parts: new Map() })
    return {
      headers: encryptionHeaders(headers),
      xml: {
        shape: shapeOf(s3.CreateMultipartUploadOutput$),
        value: { Bucket: call.bucket, Key: call.key, UploadId: id },
      },
    }
  },

  UploadPart(call) {
    const upload = findUpload(call)
    const number = Number(call.query.get('partNumber'))
    if (!Number.isInteger(number) || number < 1 || number > 10_000) {
      throw s3Errors.invalidArgument('Part number must be an integer between 1 and 10000, inclusive')
    }
    const { content, size, checksum } = readBody(call.request)
    const etag = etagOf(content, upload.headers)
    const modifiedAt = call.cloud.clock.now()
    upload.parts.set(number, { content, size, etag, modifiedAt, headers: {}, checksum })
    const sums = checksum ? { [checksum.header]: checksum.value } : {}
    return { headers: { etag, ...encryptionHeaders(upload.headers), ...sums } }
  },

  async CompleteMultipartUpload(call) {
    const upload = findUpload(call)
    const parts = chosenParts(upload, Buffer.from(call.request.body).toString('utf8'))
    const digests = parts.map(({ etag }) => Buffer.from(etag.replaceAll('"', ''), 'hex'))
    const etag = `"${hash('md5', digests).toString('hex')}-${parts.length}"`
    await conditionalWrite(call, ({ objects, uploads }) => {
      uploads.delete(upload.id)
      objects.set(call.key, {
        content: parts.flatMap(({ content }) => content),
        size: parts.reduce((sum, { size }) => sum + size, 0),
        etag,
        modifiedAt: call.cloud.clock.now(),
        headers: upload.headers,
      })
    })
    return {
      headers: encryptionHeaders(upload.headers),
      xml: {
        shape: shapeOf(s3.CompleteMultipartUploadOutput$),
        value: {
          Location: `http://${call.bucket}.s3/${call.key}`,
          Bucket: call.bucket,
          Key: call.key,
          ETag: etag,
        },
      },
    }
  },

  AbortMultipartUpload(call) {
    bucketOf(call).uploads.delete(findUpload(call).id)
    return { status: 204 }
  },

  ListParts(call) {
    const upload = findUpload(call)
    const value = {
      Bucket: call.bucket,
      Key: call.key,
      UploadId: upload.id,
      PartNumberMarker: '0',
      MaxParts: 1000,
      IsTruncated: false,
      Parts: [...upload.parts]
        .sort(([a], [b]) => a - b)
        .map(([PartNumber, { etag, size, modifiedAt }]) => ({
          PartNumber,
          LastModified: new Date(modifiedAt),
          ETag: etag,
          Size: size,
        })),
      StorageClass: 'STANDARD',
    }
    return { xml: { shape: shapeOf(s3.ListPartsOutput$), value } }
  },

  ListMultipartUploads(call) {
    const prefix = call.query.get('prefix') ?? ''
    const uploads = [...bucketOf(call).uploads.values()]
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.startedAt - b.startedAt))
    const value = {
      Bucket: call.bucket,
      Prefix: prefix,
      MaxUploads: 1000,
      IsTruncated: false,
      Uploads: uploads.map(({ id, key, startedAt }) => ({
        UploadId: id,
        Key: key,
        Initiated: new Date(startedAt),
        StorageClass: 'STANDARD',
      })),
    }
    return { xml: { shape: shapeOf(s3.ListMultipartUploadsOutput$), value } }
  },
}

function findUpload(call: S3Call): Upload {
  const upload = bucketOf(call).uploads.get(call.query.get('uploadId') ?? '')
  if (!upload || upload.key !== call.key) throw s3Errors.noSuchUpload()
  return upload
}

const SMALLEST_PART = 5 * 1024 * 1024

/** The parts that a CompleteMultipartUpload body names, in its order, which must be ascending. */
function chosenParts(upload: Upload, xml: string): readonly StoredObject[] {
  const named = [...xml.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>\s*(\d+)\s*<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>(.*?)<\/ETag>/s.exec(part)?.[1] ?? '').replaceAll('&quot;', '').replaceAll('"', '').trim(),
  }))
  if (named.length === 0) throw s3Errors.malformedXml()
  return named.map(({ number, etag }, index) => {
    const part = upload.parts.get(number)
    if (!part || part.etag !== `"${etag}"`) throw s3Errors.invalidPart()
    if (index > 0 && number <= (named[index - 1]?.number ?? 0)) throw s3Errors.invalidPartOrder()
    if (part.size < SMALLEST_PART && index < named.length - 1) throw s3Errors.entityTooSmall()
    return part
  })
}
