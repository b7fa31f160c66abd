import { AwsError } from '../cloud.ts'
import { splitPath, type WireRequest } from './request.ts'

/** Who signed a request, and when. The signature itself is not verified. */
export interface Signed {
  readonly accessKeyId: string
  /** The SigV4 scope's service: elasticbeanstalk, autoscaling, s3, sts. */
  readonly service: string
  readonly region: string
  /** Milliseconds since 1970, by the client's clock. */
  readonly at: number
  /** Of a presigned URL: how long it is good for, ms. */
  readonly expiresAfter?: number
}

/** Reads the SigV4 `Authorization` header, or the query of a presigned URL; undefined for an unsigned request. */
export function readSignature({ headers, path }: WireRequest): Signed | undefined {
  const header = headers.authorization
  if (header?.startsWith('AWS4-')) {
    const scope = /Credential=([^,\s]+)/.exec(header)?.[1]
    return scope ? signed(scope, headers['x-amz-date']) : undefined
  }
  const { query } = splitPath(path)
  const credential = query.get('X-Amz-Credential')
  if (!credential) return undefined
  const found = signed(credential, query.get('X-Amz-Date') ?? undefined)
  return found && { ...found, expiresAfter: Number(query.get('X-Amz-Expires') ?? 900) * 1000 }
}

function signed(credential: string, date: string | undefined): Signed | undefined {
  // KEY/DATE/REGION/SERVICE/aws4_request
  const [region, service] = credential.split('/').slice(-3, -1)
  if (!service || !region) return undefined
  const accessKeyId = credential.split('/').slice(0, -4).join('/')
  return { accessKeyId, service, region, at: parseAmzDate(date ?? '') }
}

/** What an honest client's clock may show, ms since 1970: one instant, or a span when clients live in other time than the simulator. */
export interface HonestTime {
  readonly earliest: number
  readonly latest: number
}

/**
 * Throws when a request's date is too far from the clock: for S3 `RequestTimeTooSkewed` beyond 15 minutes, for the query
 * services `SignatureDoesNotMatch` beyond 5 minutes, in the words of a user's `eb deploy` ("Signature not yet current:
 * 20170424T013926Z is still later than 20170424T013832Z (20170424T013332Z + 5 min.)").
 */
export function assertTimely(signature: Signed, { earliest, latest }: HonestTime): void {
  const { service, at, expiresAfter } = signature
  if (expiresAfter !== undefined) {
    if (earliest > at + expiresAfter) throw new AwsError('AccessDenied', 'Request has expired', 403)
    return
  }
  if (service === 's3') {
    if (at >= earliest - FIFTEEN_MINUTES && at <= latest + FIFTEEN_MINUTES) return
    const message = 'The difference between the request time and the current time is too large.'
    throw new AwsError('RequestTimeTooSkewed', message, 403)
  }
  const [from, to] = [earliest - FIVE_MINUTES, latest + FIVE_MINUTES]
  if (at < from) {
    const why = `${amzDate(at)} is now earlier than ${amzDate(from)} (${amzDate(earliest)} - 5 min.)`
    throw new AwsError('SignatureDoesNotMatch', `Signature expired: ${why}`, 403)
  }
  if (at > to) {
    const why = `${amzDate(at)} is still later than ${amzDate(to)} (${amzDate(latest)} + 5 min.)`
    throw new AwsError('SignatureDoesNotMatch', `Signature not yet current: ${why}`, 403)
  }
}

const FIVE_MINUTES = 300_000
const FIFTEEN_MINUTES = 900_000

/** The form of `x-amz-date`: 20260105T090000Z. */
export const amzDate = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`

/** The instant of an `x-amz-date`, ms since 1970. Throws IncompleteSignature. */
export function parseAmzDate(date: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? []
  if (!second)
    throw new AwsError('IncompleteSignature', `Date must be in ISO-8601 'basic format'. Got '${date}'.`)
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
}
