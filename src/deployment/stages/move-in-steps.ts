import { withArrival } from '../effects.ts'
import { worseOf } from '../environment.ts'
import { moveTraffic } from '../move-traffic.ts'
import type { Route, TrafficRouter } from '../ports.ts'
import type { Run } from '../run.ts'
import { controls } from './bake.ts'
import { type Holding, holdBoth } from './hold-both.ts'
import { refuseChanged } from './refuse-changed.ts'
import { refuseSick } from './still-well.ts'
import { watchStep } from './watch-step.ts'

/** A shift that begins: from where, and by how much each time. */
export interface Stepping extends Omit<Holding, 'percent'> {
  readonly router: TrafficRouter
  readonly before: Route
  readonly steps: readonly number[]
  /** Throws Failure when production is not where it was any more. */
  readonly stillOpen: () => Promise<unknown>
}

/** Before each further step everything is looked at once more; after each but the last the gates hold. */
export async function moveInSteps(
  run: Run,
  { plan, to, version, way, router, before, steps, stillOpen }: Stepping,
): Promise<void> {
  let from = before
  for (const percent of steps) {
    const isFirst = from === before
    if (!isFirst) await readyForMore(run, { plan, to, version, way, percent })
    const after = router.plan(from, to.id, percent)
    const stillRight = async () => {
      await refuseChanged(run, { plan, to, version })
      if (isFirst) await stillOpen()
    }
    await moveTraffic(run, { router, from, to: after, towards: to.name, percent, version, stillRight })
    from = after
    if (percent < 100)
      await watchStep(run, { plan, to, router, route: after, percent, controls: controls(run, plan) })
  }
}

/** More instances for more traffic, the journal up to date (its lock is ours still), and what was proven still there. */
async function readyForMore(run: Run, holding: Holding): Promise<void> {
  const { journal } = run.ports
  await holdBoth(run, holding)
  await journal.write((now) => ({
    ...now,
    holder: now.holder && { ...now.holder, baking: false },
    pending: withArrival(now).pending.map((one) =>
      one.what === 'route' ? { ...one, at: journal.serverTime() } : one,
    ),
  }))
  // Instances take minutes to come up, and nothing is watched meanwhile.
  await refuseSick(run, holding, worseOf(run.settings.minimumHealth, holding.plan.live.health))
}
