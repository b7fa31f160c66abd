import { AssumeRoleWithWebIdentityCommand, type Credentials, type STSClient } from '@aws-sdk/client-sts'
import { Failure, messageOf } from '../deployment/errors.ts'
import type { Clock, Instant, Ms } from '../deployment/ports.ts'
import { roleRefusal } from './assumed-role-refusal.ts'
import type { Keys } from './credentials.ts'
import { dated } from './dated.ts'

/** A role that the job assumes by GitHub's word for it. */
export interface Role {
  readonly arn: string
  readonly sessionName: string
  /** How long one set of credentials lasts. */
  readonly duration: Ms
}

/** What a role's credentials are made with. */
export interface AssumedRoleParts {
  readonly role: Role
  /** Without credentials of its own: the call is not signed. */
  readonly sts: STSClient
  readonly clock: Clock
  /** GitHub's word for who the job is, good for a few minutes. */
  readonly idToken: (audience: string) => Promise<string>
  /** Keeps a value out of the log. */
  readonly conceal: (secret: string) => void
  readonly say: (text: string) => void
}

/** Renewed so long before the end, or earlier, whatever is left of it. */
const lead: Ms = 5 * 60_000
const tryAgainAfter: Ms = 30_000

/**
 * Credentials of a role for the SDK's clients, renewed well before they end, as often as it takes. `memoized` is the
 * SDK's own mark of a provider that remembers by itself: its memory goes by the machine's clock, which may be wrong.
 */
export function assumedRole(parts: AssumedRoleParts): (() => Promise<Keys>) & { readonly memoized: true } {
  const { clock, say } = parts
  let current: (Assumed & { readonly renewAt: Instant }) | undefined
  let renewing: Promise<Keys> | undefined

  const renew = async (): Promise<Keys> => {
    try {
      const { keys, until } = await assume(parts)
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

interface Assumed {
  readonly keys: Keys
  /** By this machine's clock. */
  readonly until: Instant
}

async function assume({ role, sts, clock, idToken, conceal }: AssumedRoleParts): Promise<Assumed> {
  const token = await idToken(audienceFor(role))
  const began = clock.now()
  let answeredAt: Instant | undefined
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: role.arn,
    RoleSessionName: role.sessionName,
    WebIdentityToken: token,
    DurationSeconds: role.duration / 1000,
  })
  const { Credentials: given } = await sts
    .send(
      dated(command, (date) => {
        answeredAt = date
      }),
    )
    .catch((thrown: unknown) => {
      throw roleRefusal(thrown, { role, token })
    })
  const keys = keysOf(given)
  if (!keys) throw new Failure(`AWS answered no credentials for ${role.arn}.`)
  conceal(keys.secretAccessKey)
  conceal(keys.sessionToken)
  const end = given?.Expiration?.getTime()
  // Both times are AWS's: how long they last does not depend on this machine's clock.
  const lasts = end !== undefined && answeredAt !== undefined ? end - answeredAt : role.duration
  return { keys, until: began + lasts }
}

/** What GitHub's provider in IAM is made with; China has its own. [aws-actions/configure-aws-credentials README] */
const audienceFor = ({ arn }: Role): string =>
  arn.startsWith('arn:aws-cn:') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com'

function keysOf(given: Credentials | undefined): Required<Keys> | undefined {
  const { AccessKeyId, SecretAccessKey, SessionToken } = given ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) return undefined
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}
