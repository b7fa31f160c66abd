import { sickness } from '../causes.ts'
import { countRequests } from '../count-requests.ts'
import { type Environment, worseOf } from '../environment.ts'
import { Failure } from '../errors.ts'
import { healthGate, partGate, type Question, shareGate } from '../gates.ts'
import { hold } from '../hold.ts'
import type { Route, TrafficRouter } from '../ports.ts'
import { recordStep } from '../record-step.ts'
import type { Run } from '../run.ts'
import { seldom, someTimesIn } from '../seldom.ts'
import { stepLasts } from '../steps.ts'
import { inWords } from '../wait-until.ts'
import { grace } from './bake.ts'
import type { Plan } from './plan.ts'

/** One step that traffic has just taken. */
export interface Step {
  readonly plan: Plan
  readonly to: Environment
  readonly router: TrafficRouter
  /** Where traffic is now. */
  readonly route: Route
  readonly percent: number
  /** Where the old side is asked, to tell whether it is the observer who is at fault. */
  readonly controls: readonly Question[]
}

/** Watches a part of production on the new version. Throws when a gate fails; taking it back is the operation's. */
export async function watchStep(run: Run, step: Step): Promise<void> {
  const { plan, to, router, route, percent, controls } = step
  const { clock, journal, report } = run.ports
  const began = clock.now()
  const count = countRequests(run, { sides: [to, plan.live], from: began + router.clientsFollowWithin })
  const minimum = worseOf(run.settings.minimumHealth, plan.live.health)
  const lasts = stepLasts(run, router)
  await journal.write((now) => ({ ...now, holder: now.holder && { ...now.holder, baking: true } }))
  report.line(
    `${percent} % of production goes to ${to.name}. Clients follow within ${inWords(router.clientsFollowWithin)}, and it is watched for ${inWords(lasts)}.`,
  )
  const failed = await hold(run, {
    gates: [
      healthGate(run, { live: to.id, standby: plan.live.id, minimum }),
      seldom(run, someTimesIn(lasts), shareGate(router, route, [to, plan.live])),
      ...(run.record.watch
        ? [partGate(run, { watch: run.record.watch, controls, part: { percent, from: began } })]
        : []),
      seldom(run, someTimesIn(lasts), count.gate),
    ],
    for: lasts,
    every: Math.min(15_000, Math.max(5_000, lasts / 20)),
    threshold: run.settings.failureThreshold,
    grace,
  })
  recordStep(run, { percent, count, began, failed })
  if (failed !== undefined) {
    // If a rollback took over, that is why: finding out is this write's business.
    await journal.write((now) => now)
    if (failed.startsWith('route: ')) throw movedByOthers(to, { percent, failed })
    throw await sickness(run, to, { says: `${to.name} failed with ${percent} % of production: ${failed}.` })
  }
  const seen = count.seen()
  const saw =
    seen === undefined ? 'nobody counted them' : `${seen.toFixed(1)} % of the requests arrived there`
  report.line(`${percent} % on ${to.name} held for ${inWords(lasts)}: ${saw}.`)
}

/** The version did nothing wrong, and its logs say nothing of it. */
const movedByOthers = (
  { name }: Environment,
  { percent, failed }: { percent: number; failed: string },
): Failure =>
  new Failure(
    `The shift was given up with ${percent} % of production on ${name}: ${failed.slice('route: '.length)}.`,
    [
      {
        why: 'Find out who it was (CloudTrail has every change of records and rules), agree that nobody moves production while a deployment does, and run it again.',
      },
    ],
  )
