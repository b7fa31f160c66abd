import { sickness } from '../causes.ts'
import { describe, type Health, isAtLeast } from '../environment.ts'
import { Failure } from '../errors.ts'
import type { Instant, Ms } from '../ports.ts'
import { runAgain } from '../remedies.ts'
import type { Run } from '../run.ts'
import { inWords } from '../wait-until.ts'
import { type Proven, refuseChanged } from './refuse-changed.ts'

/** What was seen longer ago than this is looked at again before production moves on it, in ms. */
export const freshFor: Ms = 10_000

const mostLooks = 3

/** Tests and new instances take their time: what was healthy then may not be now. */
export async function refuseSick(
  run: Run,
  proven: Proven,
  minimum: Health = run.settings.minimumHealth,
): Promise<void> {
  const target = await refuseChanged(run, proven)
  if (isAtLeast(target.health, minimum)) return
  throw await sickness(run, target, {
    says: `The health of ${describe(target)} is ${target.health} by now, wanted ${minimum}: production stays where it is.`,
  })
}

/** Answers may be slow, and writing the journal may be: production does not move on what was true half a minute ago. */
export async function lookAgainIfOld(run: Run, proven: Proven, seenAt: Instant): Promise<void> {
  const { clock, report } = run.ports
  let lookedAt = seenAt
  for (let looks = 0; clock.now() - lookedAt > freshFor; looks++) {
    const old = inWords(clock.now() - lookedAt)
    if (looks === mostLooks)
      throw new Failure(
        `AWS takes ${old} to answer: whether ${proven.to.name} is still well cannot be seen in time, and production stays where it is.`,
        [runAgain],
      )
    report.line(`What was seen of both is ${old} old: looking again.`)
    lookedAt = clock.now()
    await refuseSick(run, proven)
  }
}
