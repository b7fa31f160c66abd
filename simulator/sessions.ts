import { AwsError, type Cloud } from './cloud.ts'

/** Temporary credentials as STS hands them out. */
export interface SessionKeys {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: Date
}

/** The temporary credentials that were handed out here. */
export interface Sessions {
  /** For so many seconds from now. */
  issue(seconds: number): SessionKeys
  /** Throws ExpiredToken when the key was handed out here and has ended; knows nothing of other keys. */
  assertCurrent(accessKeyId: string, service: string): void
}

/** No credentials so far. */
export function createSessions(cloud: Cloud): Sessions {
  const { clock, random } = cloud
  const ends = new Map<string, number>()
  const letters = (count: number) =>
    Array.from({ length: count }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('')
  return {
    issue(seconds) {
      const AccessKeyId = `ASIA${letters(16)}`
      // AWS writes whole seconds.
      const end = Math.floor((clock.now() + seconds * 1000) / 1000) * 1000
      ends.set(AccessKeyId, end)
      return {
        AccessKeyId,
        SecretAccessKey: letters(40),
        SessionToken: letters(200),
        Expiration: new Date(end),
      }
    },
    assertCurrent(accessKeyId, service) {
      const end = ends.get(accessKeyId)
      if (end !== undefined && clock.now() >= end) throw expiredToken(service)
    },
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What a call with credentials that have ended is answered. [BC:sts] (§B) */
export const expiredToken = (service: string): AwsError =>
  service === 's3'
    ? new AwsError('ExpiredToken', 'The provided token has expired.', 400)
    : new AwsError('ExpiredToken', 'The security token included in the request is expired', 403)
