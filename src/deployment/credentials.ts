import { Failure } from './errors.ts'
import type { Instant, Ms } from './ports.ts'
import { type Run, warn } from './run.ts'
import { inWords } from './wait-until.ts'

/** For the switch, the way back after the last look, and giving everything back, in ms. */
const margin: Ms = 5 * 60_000

/** Refuses to move production when the credentials end before the way back does (`wayBackLasts`, in ms). */
export function refuseShortCredentials(
  run: Run,
  { wayBackLasts, stays }: { readonly wayBackLasts: Ms; readonly stays: string },
): void {
  const { bakeTime } = run.settings
  const end = endsWithin(run, wayBackLasts + margin)
  if (end === undefined) return
  const bakesUntil = run.ports.journal.serverTime() + bakeTime
  throw new Failure(
    `The AWS credentials end at ${time(end)}, the bake lasts until ${time(bakesUntil)}, and taking production back may take ${inWords(wayBackLasts + margin - bakeTime)} more: production stays on ${stays}.`,
    [
      {
        why: 'Give this action `role-to-assume` (and the job `permissions: id-token: write`): then it renews its credentials by itself.',
      },
      {
        why: `Or let aws-actions/configure-aws-credentials ask for longer ones, \`role-duration-seconds: ${wantedSeconds(run, wayBackLasts)}\` or more, as far as the role's maximum session duration allows; or shorten \`bake-time\`.`,
      },
    ],
  )
}

/** A rollback goes on all the same: production where it is now is worse. */
export function warnOfShortCredentials(run: Run): void {
  const end = endsWithin(run, margin)
  if (end === undefined) return
  warn(
    run,
    `The AWS credentials end at ${time(end)}. If that is before the rollback is done, run it again with new ones: it goes on where it stopped.`,
  )
}

/** When the credentials end, if that is too soon, by the server's clock. */
function endsWithin(run: Run, rest: Ms): Instant | undefined {
  const { credentialsEnd, journal } = run.ports
  return credentialsEnd !== undefined && credentialsEnd < journal.serverTime() + rest
    ? credentialsEnd
    : undefined
}

/** What the same deployment would have needed from its beginning, in whole quarters of an hour. */
function wantedSeconds({ ports, began }: Run, wayBackLasts: Ms): number {
  const all = ports.clock.now() - began + wayBackLasts + margin
  return Math.ceil(all / 900_000) * 900
}

const time = (at: Instant): string => `${new Date(at).toISOString().slice(11, 16)} UTC`
