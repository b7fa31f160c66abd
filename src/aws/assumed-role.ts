import { AssumeRoleWithWebIdentityCommand, type STSClient } from '@aws-sdk/client-sts'
import type { Clock, Instant, Ms } from '../deployment/ports.ts'
import { roleRefusal } from './assumed-role-refusal.ts'
import { dated } from './dated.ts'
import { type Assumed, assumedOf, type Provider, renewed } from './renewed.ts'

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

/** Credentials of a role for the SDK's clients, renewed well before they end, as often as it takes. */
export const assumedRole = (parts: AssumedRoleParts): Provider =>
  renewed({ ...parts, assume: () => assume(parts) })

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
  return assumedOf(role.arn, { given, began, answeredAt, duration: role.duration }, conceal)
}

/** What GitHub's provider in IAM is made with; China has its own. [aws-actions/configure-aws-credentials README] */
const audienceFor = ({ arn }: Role): string =>
  arn.startsWith('arn:aws-cn:') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com'
