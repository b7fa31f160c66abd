import { AwsError, type Caller, type Cloud } from './cloud.ts'

/** Temporary credentials as STS hands them out. */
export interface SessionKeys {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: Date
}

/** The temporary credentials that were handed out here. */
export interface Sessions {
  /** Credentials of a role, for so many seconds from now. */
  issue(seconds: number, caller: Caller): SessionKeys
  /** Whose credentials these are; undefined for those that were not handed out here. */
  callerOf(accessKeyId: string): Caller | undefined
  /** Throws ExpiredToken when the key was handed out here and has ended; knows nothing of other keys. */
  assertCurrent(accessKeyId: string, service: string): void
}

/** No credentials so far. */
export function createSessions(cloud: Cloud): Sessions {
  const { clock, random } = cloud
  const known = new Map<string, { readonly end: number; readonly caller: Caller }>()
  const letters = (count: number) =>
    Array.from({ length: count }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('')
  return {
    issue(seconds, caller) {
      const AccessKeyId = `ASIA${letters(16)}`
      // AWS writes whole seconds.
      const end = Math.floor((clock.now() + seconds * 1000) / 1000) * 1000
      known.set(AccessKeyId, { end, caller })
      return {
        AccessKeyId,
        SecretAccessKey: letters(40),
        SessionToken: letters(200),
        Expiration: new Date(end),
      }
    },
    callerOf: (accessKeyId) => known.get(accessKeyId)?.caller,
    assertCurrent(accessKeyId, service) {
      const end = known.get(accessKeyId)?.end
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
