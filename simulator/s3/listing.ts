import * as s3 from '@aws-sdk/client-s3'
import { shapeOf } from '../wire/shapes.ts'
import { bucketOf, type S3Call, type S3Operation } from './call.ts'
import type { StoredObject } from './store.ts'

/** ListObjectsV2 with prefix, delimiter and pages. [BC:s3] */
export const listObjectsV2: S3Operation = (call) => {
  const { query } = call
  const token = query.get('continuation-token')
  const start = query.get('start-after')
  const after = token ? Buffer.from(token, 'base64url').toString('utf8') : (start ?? '')
  const { shown, page, truncated, last, answer } = pageAfter(call, after)
  const value = {
    ...answer,
    ...(token ? { ContinuationToken: token } : {}),
    ...(start === null ? {} : { StartAfter: shown(start) }),
    KeyCount: page.length,
    ...(truncated ? { NextContinuationToken: Buffer.from(last).toString('base64url') } : {}),
  }
  return { xml: { shape: shapeOf(s3.ListObjectsV2Output$), value } }
}

/** ListObjects, the first version, which the EB CLI asks for. NextMarker is only answered to who gave a delimiter. [BC:s3] */
export const listObjects: S3Operation = (call) => {
  const marker = call.query.get('marker') ?? ''
  const { shown, truncated, last, answer } = pageAfter(call, marker)
  const next = truncated && call.query.get('delimiter') ? { NextMarker: shown(last) } : {}
  return {
    xml: { shape: shapeOf(s3.ListObjectsOutput$), value: { ...answer, Marker: shown(marker), ...next } },
  }
}

function pageAfter(call: S3Call, after: string) {
  const { query } = call
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const most = Math.min(Number(query.get('max-keys') ?? 1000), 1000)
  const encoded = query.get('encoding-type') === 'url'
  const shown = (name: string) => (encoded ? encodeURIComponent(name).replaceAll('%2F', '/') : name)

  const rows = group([...bucketOf(call).objects], { prefix, delimiter }).filter(({ name }) => name > after)
  const page = rows.slice(0, most)
  const truncated = rows.length > page.length
  const answer = {
    Name: call.bucket,
    Prefix: shown(prefix),
    ...(delimiter ? { Delimiter: shown(delimiter) } : {}),
    ...(encoded ? { EncodingType: 'url' } : {}),
    MaxKeys: most,
    IsTruncated: truncated,
    Contents: page.flatMap(({ name, object }) => (object ? [row(shown(name), object)] : [])),
    CommonPrefixes: page.flatMap(({ name, object }) => (object ? [] : [{ Prefix: shown(name) }])),
  }
  return { shown, page, truncated, last: page.at(-1)?.name ?? after, answer }
}

interface Row {
  readonly name: string
  /** Undefined for a common prefix. */
  readonly object: StoredObject | undefined
}

function group(
  objects: readonly (readonly [string, StoredObject])[],
  { prefix, delimiter }: { readonly prefix: string; readonly delimiter: string },
): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const [key, object] of objects) {
    if (!key.startsWith(prefix)) continue
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1
    const name = cut < 0 ? key : key.slice(0, cut + delimiter.length)
    rows.set(name, { name, object: cut < 0 ? object : undefined })
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

const row = (name: string, { etag, size, modifiedAt }: StoredObject) => ({
  Key: name,
  LastModified: new Date(modifiedAt),
  ETag: etag,
  Size: size,
  StorageClass: 'STANDARD',
})
