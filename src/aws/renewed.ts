import type { Credentials } from '@aws-sdk/client-sts'
import { Failure, messageOf } from '../deployment/errors.ts'
import type { Clock, Instant, Ms } from '../deployment/ports.ts'
import type { Keys } from './credentials.ts'

/** Credentials of a role, and when they end by this machine's clock. */
export interface Assumed {
  readonly keys: Keys
  readonly until: Instant
}

/** The SDK's provider of credentials that remembers by itself: its own memory goes by the machine's clock, which may be wrong. */
export type Provider = (() => Promise<Keys>) & { readonly memoized: true }

/** Renewed so long before the end, or earlier, whatever is left of it. */
const lead: Ms = 5 * 60_000
const tryAgainAfter: Ms = 30_000

/** Credentials that are renewed well before they end, as often as it takes. */
export function renewed({
  clock,
  say,
  assume,
}: {
  readonly clock: Pick<Clock, 'now'>
  readonly say: (text: string) => void
  readonly assume: () => Promise<Assumed>
}): Provider {
  let current: (Assumed & { readonly renewAt: Instant }) | undefined
  let renewing: Promise<Keys> | undefined

  const renew = async (): Promise<Keys> => {
    try {
      const { keys, until } = await assume()
      const early = Math.max(lead, (until - clock.now()) / 4)
      current = { keys, until, renewAt: until - early }
      return keys
    } catch (thrown) {
      if (!current || clock.now() >= current.until) throw thrown
      say(`The AWS credentials could not be renewed so far: ${messageOf(thrown)}`)
      current = { ...current, renewAt: clock.now() + tryAgainAfter }
      return current.keys
    }
  }

  const provide = async () => {
    if (current && clock.now() < current.renewAt) return current.keys
    renewing ??= renew().finally(() => {
      renewing = undefined
    })
    return renewing
  }
  return Object.assign(provide, { memoized: true } as const)
}

/** An answer of STS's, as `began` and the `Date` of that answer place it on this machine's clock. */
export interface Answered {
  readonly given: Credentials | undefined
  readonly began: Instant
  readonly answeredAt: Instant | undefined
  /** How long they were to last. */
  readonly duration: Ms
}

/** What STS gave, its secrets concealed. Throws Failure when there is nothing in it. */
export function assumedOf(
  arn: string,
  { given, began, answeredAt, duration }: Answered,
  conceal: (secret: string) => void,
): Assumed {
  const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken)
    throw new Failure(`AWS answered no credentials for ${arn}.`)
  conceal(SecretAccessKey)
  conceal(SessionToken)
  const end = given?.Expiration?.getTime()
  // Both times are AWS's: how long they last does not depend on this machine's clock.
  const lasts = end !== undefined && answeredAt !== undefined ? end - answeredAt : duration
  const keys = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  return { keys, until: began + lasts }
}
