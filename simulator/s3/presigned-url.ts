import { createHash } from 'node:crypto'
import type { Cloud } from '../cloud.ts'
import { amzDate } from '../wire/authorization.ts'

/** An object and who is to read it. */
export interface PresignedOrder {
  readonly bucket: string
  readonly key: string
  /** When it was signed, in ms since 1970. */
  readonly at: number
  /** The Host of whoever asks for the URL. */
  readonly host: string | undefined
}

/**
 * A URL with which anybody can GET an object for a day. Whoever asks at an address of his own, and not at AWS's names, gets a
 * URL at that address, where the simulated S3 is.
 */
export function presignedUrl({ region }: Pick<Cloud, 'region'>, order: PresignedOrder): string {
  const { bucket, key, at, host } = order
  const date = amzDate(at)
  const hash = createHash('sha256').update(`${bucket}/${key} ${date}`).digest('hex')
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `ASIA${hash.slice(0, 16).toUpperCase()}/${date.slice(0, 8)}/${region}/s3/aws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': '86400',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': hash,
  })
  return `${place({ bucket, region, host })}/${key}?${query}`
}

function place({
  bucket,
  region,
  host,
}: Pick<PresignedOrder, 'bucket' | 'host'> & { readonly region: string }) {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  const isAws = host === undefined || /\.amazonaws\.com(\.cn)?$/.test(host)
  return isAws ? `https://${bucket}.s3.${region}.${suffix}` : `http://${host}/${bucket}`
}
