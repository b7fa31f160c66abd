import { attach } from '../attach.ts'
import { refuseShortCredentials, warnOfShortCredentials } from '../credentials.ts'
import type { RouteEffect } from '../effects.ts'
import type { Environment } from '../environment.ts'
import { capacityForRollback, type Hold, holdCapacity } from '../hold-capacity.ts'
import { moveTraffic, settledRoute, wholeOf } from '../move-traffic.ts'
import { movedMeanwhile } from '../moved-meanwhile.ts'
import type { Ms, Route, TrafficRouter } from '../ports.ts'
import { watchProduction } from '../production-watch.ts'
import { intend, type Run } from '../run.ts'
import { instancesFor, stepsLast, stepsOf } from '../steps.ts'
import { toMember } from '../tell.ts'
import { inWords } from '../wait-until.ts'
import { controls } from './bake.ts'
import type { Plan } from './plan.ts'
import { refuseChanged, untilUnchanged, workedOn } from './refuse-changed.ts'
import { freshFor, lookAgainIfOld, refuseSick } from './still-well.ts'
import { watchStep } from './watch-step.ts'

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
  await moveInSteps(run, { ...shift, router, before, steps })
  run.record.lastSeen = toMember(to)
  run.record.switchTook = clock.now() - began
  report.line(
    `Production (${plan.production.cname}) is on ${to.name} after ${inWords(run.record.switchTook)}.`,
  )
  return { router, effect }
}

interface Stepping extends Shift {
  readonly router: TrafficRouter
  readonly before: Route
  readonly steps: readonly number[]
}

/** Before each further step everything is looked at once more; after each but the last the gates hold. */
async function moveInSteps(
  run: Run,
  { plan, to, version, way, router, before, steps }: Stepping,
): Promise<void> {
  let from = before
  for (const percent of steps) {
    const isFirst = from === before
    if (!isFirst) await readyForMore(run, { plan, to, version, way, percent })
    const after = router.plan(from, to.id, percent)
    const stillRight = async () => {
      await refuseChanged(run, { plan, to, version })
      if (isFirst) await openRoute(run, plan, router)
    }
    await moveTraffic(run, { router, from, to: after, towards: to.name, percent, version, stillRight })
    from = after
    if (percent < 100)
      await watchStep(run, { plan, to, router, route: after, percent, controls: controls(run, plan) })
  }
}

/** More instances for more traffic, what was proven still there, and the journal up to date: its lock is ours still. */
async function readyForMore(run: Run, { percent, ...shift }: Holding): Promise<void> {
  const { clock, journal } = run.ports
  await holdBoth(run, { ...shift, percent })
  const lookedAt = clock.now()
  await refuseSick(run, shift)
  await journal.write((now) => ({
    ...now,
    pending: now.pending.map((one) => (one.what === 'route' ? { ...one, at: journal.serverTime() } : one)),
  }))
  await lookAgainIfOld(run, shift, lookedAt)
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

interface Holding extends Omit<Shift, 'wayBackLasts'> {
  /** What the new side is about to get of production. */
  readonly percent: number
}

/** The new side must carry its share of what the old side carries now; the old side must stay a way back. */
async function holdBoth(run: Run, { way, percent, ...shift }: Holding): Promise<void> {
  const { plan, to } = shift
  const lookedAt = run.ports.clock.now()
  const [live, seen] = await Promise.all([run.ports.capacity.read(plan.live.id), untilUnchanged(run, shift)])
  if (seen === 'after a while') return holdBoth(run, { ...shift, way, percent })
  if (!live) return
  const hold = { environment: to, atLeast: instancesFor(percent, live.inService) }
  if (way === 'finish') await holdForRollback(run, hold)
  else {
    await holdCapacity(run, hold)
    await holdCapacity(run, { environment: plan.live, atLeast: live.inService })
  }
  if (run.ports.clock.now() - lookedAt <= freshFor) return
  // Live may have grown while instances were waited for.
  const now = await run.ports.capacity.read(plan.live.id)
  if (now && now.inService > live.inService) await holdBoth(run, { ...shift, way, percent })
}

/** With `force` the first instance will do: the others come up while it takes the traffic. */
function holdForRollback(run: Run, hold: Hold): Promise<void> {
  const enough = run.settings.force ? Math.min(1, hold.atLeast) : hold.atLeast
  return holdCapacity(run, { ...hold, enough, within: capacityForRollback })
}
