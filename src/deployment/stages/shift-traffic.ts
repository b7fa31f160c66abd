import { attach } from '../attach.ts'
import { refuseShortCredentials, warnOfShortCredentials } from '../credentials.ts'
import type { RouteEffect } from '../effects.ts'
import type { Environment } from '../environment.ts'
import { settledRoute, wholeOf } from '../move-traffic.ts'
import { movedMeanwhile } from '../moved-meanwhile.ts'
import type { Ms, Route, TrafficRouter } from '../ports.ts'
import { watchProduction } from '../production-watch.ts'
import { intend, type Run } from '../run.ts'
import { stepsLast, stepsOf } from '../steps.ts'
import { toMember } from '../tell.ts'
import { inWords } from '../wait-until.ts'
import { holdBoth } from './hold-both.ts'
import { moveInSteps } from './move-in-steps.ts'
import type { Plan } from './plan.ts'
import { workedOn } from './refuse-changed.ts'
import { lookAgainIfOld, refuseSick } from './still-well.ts'

/** One shift of all production traffic. */
export interface Shift {
  readonly plan: Plan
  readonly to: Environment
  readonly version: string | undefined
  /** A deployment's shift is undone when its run dies; a rollback's is finished. */
  readonly way: RouteEffect['way']
  /** How long after the swap the automatic way back lasts, in ms. */
  readonly wayBackLasts: Ms
}

/** Traffic has moved: by what, and what was journaled for it. */
export interface Shifted {
  readonly router: TrafficRouter
  readonly effect: RouteEffect
}

/** Looks at everything once more, writes down the way back, and moves production, at once or in the router's steps. */
export async function shiftTraffic(run: Run, shift: Shift): Promise<Shifted> {
  const { plan, to, version, way } = shift
  const { clock, report } = run.ports
  const router = run.ports.routerFor({ ids: [plan.live.id, to.id], productionName: plan.production.cname })
  const steps = stepsOf(run, router)
  const wayBackLasts = shift.wayBackLasts + stepsLast(run, router)
  await holdBoth(run, { plan, to, version, way, percent: steps[0] })
  if (way === 'undo') refuseShortCredentials(run, { wayBackLasts, stays: plan.live.name })
  else warnOfShortCredentials(run)
  await attach(run, { router, live: plan.live, candidate: to, productionName: plan.production.cname })
  const lookedAt = clock.now()
  const [{ before, wasBusy }] = await Promise.all([
    openRoute(run, plan, router),
    way === 'undo' ? refuseSick(run, { plan, to, version }) : undefined,
  ])
  if (way === 'undo' && wasBusy) throw workedOn(plan, to)
  const at = run.ports.journal.serverTime()
  forgetEarlierMoves(run)
  const effect = await intend<RouteEffect>(run, {
    what: 'route',
    way,
    from: plan.live.id,
    to: to.id,
    fromVersion: plan.live.version,
    toVersion: version,
    before,
    after: router.plan(before, to.id),
    productionName: plan.production.cname,
    at,
    until: at + wayBackLasts,
  })
  // Nothing is sent so far, and settling need not look for it.
  run.record.moved = false
  if (way === 'undo') await lookAgainIfOld(run, { plan, to, version }, lookedAt)
  delete run.record.moved
  if (plan.production.isReachable) run.record.watch = watchProduction(run, plan.production.url)
  const began = clock.now()
  const stillOpen = () => openRoute(run, plan, router)
  await moveInSteps(run, { ...shift, router, before, steps, stillOpen })
  run.record.lastSeen = toMember(to)
  run.record.switchTook = clock.now() - began
  report.line(
    `Production (${plan.production.cname}) is on ${to.name} after ${inWords(run.record.switchTook)}.`,
  )
  return { router, effect }
}

/** What was moved to settle an earlier run says nothing about the move that comes now. */
function forgetEarlierMoves({ record }: Run): void {
  delete record.moved
  delete record.proof
  delete record.wayBackTook
}

/** The route as it is now, of both environments; everything must still go to live. */
async function openRoute(
  run: Run,
  plan: Plan,
  router: TrafficRouter,
): Promise<{ readonly before: Route; readonly wasBusy: boolean }> {
  let wasBusy = false
  const { share, exact } = await settledRoute(run, router, () => {
    wasBusy = true
  })
  const before = { share, exact }
  if (wholeOf(before) !== plan.live.id) throw movedMeanwhile(plan)
  return { before, wasBusy }
}
