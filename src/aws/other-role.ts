import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import { Refused } from '../deployment/errors.ts'
import type { Clock, Instant, Ms } from '../deployment/ports.ts'
import { dated } from './dated.ts'
import { reading } from './errors.ts'
import { type Assumed, assumedOf, type Provider, renewed } from './renewed.ts'

/** A role, often of another account, that the job works as for one service alone. */
export interface OtherRoleParts {
  readonly arn: string
  readonly sessionName: string
  /** With the job's own credentials. */
  readonly sts: STSClient
  readonly clock: Clock
  /** Keeps a value out of the log. */
  readonly conceal: (secret: string) => void
  readonly say: (text: string) => void
}

/** The most that there is for a role that is assumed with the credentials of another one. [BC:sts AssumeRole] */
const duration: Ms = 3_600_000

/** Credentials of a role that the job's own may assume, renewed well before they end. */
export const otherRole = (parts: OtherRoleParts): Provider =>
  renewed({ ...parts, assume: () => assume(parts) })

async function assume({ arn, sessionName, sts, clock, conceal }: OtherRoleParts): Promise<Assumed> {
  const began = clock.now()
  let answeredAt: Instant | undefined
  const command = new AssumeRoleCommand({
    RoleArn: arn,
    RoleSessionName: sessionName,
    DurationSeconds: duration / 1_000,
  })
  const { Credentials: given } = await reading(
    { to: `work as ${arn}`, action: 'sts:AssumeRole', on: arn },
    () =>
      sts.send(
        dated(command, (date) => {
          answeredAt = date
        }),
      ),
  ).catch((thrown: unknown) => {
    throw thrown instanceof Refused ? new Refused(thrown.message, [...thrown.remedies, trust(arn)]) : thrown
  })
  return assumedOf(arn, { given, began, answeredAt, duration }, conceal)
}

const trust = (arn: string) => ({
  why: `The trust policy of ${arn} has to allow it too: sts:AssumeRole to the role (or user) that the job works as.`,
})
