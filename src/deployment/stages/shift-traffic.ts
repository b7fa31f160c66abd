import { refuseShortCredentials, warnOfShortCredentials } from '../credentials.ts'
import type { RouteEffect } from '../effects.ts'
import type { Environment } from '../environment.ts'
import { capacityForRollback, type Hold, holdCapacity } from '../hold-capacity.ts'
import { moveTraffic, settledRoute, wholeOf } from '../move-traffic.ts'
import { movedMeanwhile } from '../moved-meanwhile.ts'
import type { Ms, Route, TrafficRouter } from '../ports.ts'
import { watchProduction } from '../production-watch.ts'
import { intend, type Run } from '../run.ts'
import { toMember } from '../tell.ts'
import { inWords } from '../wait-until.ts'
import type { Plan } from './plan.ts'
import { refuseChanged, untilUnchanged, workedOn } from './refuse-changed.ts'
import { freshFor, lookAgainIfOld, refuseSick } from './still-well.ts'

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

/** Looks at everything once more, writes down the way back, and moves production. */
export async function shiftTraffic(
  run: Run,
  { plan, to, version, way, wayBackLasts }: Shift,
): Promise<Shifted> {
  const { clock, report } = run.ports
  await holdBoth(run, { plan, to, version, way })
  if (way === 'undo') refuseShortCredentials(run, { wayBackLasts, stays: plan.live.name })
  else warnOfShortCredentials(run)
  const lookedAt = clock.now()
  const [{ router, before, wasBusy }] = await Promise.all([
    openRoute(run, plan, to),
    way === 'undo' ? refuseSick(run, { plan, to, version }) : undefined,
  ])
  if (way === 'undo' && wasBusy) throw workedOn(plan, to)
  const after = router.plan(before, to.id)
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
    after,
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
  const stillRight = async () => {
    await refuseChanged(run, { plan, to, version })
    await openRoute(run, plan, to)
  }
  await moveTraffic(run, { router, from: before, to: after, towards: to.name, version, stillRight })
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
  to: Environment,
): Promise<{ readonly router: TrafficRouter; readonly before: Route; readonly wasBusy: boolean }> {
  const router = run.ports.routerFor({ ids: [plan.live.id, to.id], productionName: plan.production.cname })
  let wasBusy = false
  const { share, exact } = await settledRoute(run, router, () => {
    wasBusy = true
  })
  const before = { share, exact }
  if (wholeOf(before) !== plan.live.id) throw movedMeanwhile(plan)
  return { router, before, wasBusy }
}

/** The new side must carry what the old side carries now; the old side must stay a way back. */
async function holdBoth(run: Run, { way, ...shift }: Omit<Shift, 'wayBackLasts'>): Promise<void> {
  const { plan, to } = shift
  const lookedAt = run.ports.clock.now()
  const [live, seen] = await Promise.all([run.ports.capacity.read(plan.live.id), untilUnchanged(run, shift)])
  if (seen === 'after a while') return holdBoth(run, { ...shift, way })
  if (!live) return
  const hold = { environment: to, atLeast: live.inService }
  if (way === 'finish') await holdForRollback(run, hold)
  else {
    await holdCapacity(run, hold)
    await holdCapacity(run, { environment: plan.live, atLeast: live.inService })
  }
  if (run.ports.clock.now() - lookedAt <= freshFor) return
  // Live may have grown while instances were waited for.
  const now = await run.ports.capacity.read(plan.live.id)
  if (now && now.inService > live.inService) await holdBoth(run, { ...shift, way })
}

/** With `force` the first instance will do: the others come up while it takes the traffic. */
function holdForRollback(run: Run, hold: Hold): Promise<void> {
  const enough = run.settings.force ? Math.min(1, hold.atLeast) : hold.atLeast
  return holdCapacity(run, { ...hold, enough, within: capacityForRollback })
}
