import type { RouteEffect } from '../effects.ts'
import { capacityForRollback, type Hold, holdCapacity } from '../hold-capacity.ts'
import type { Run } from '../run.ts'
import { instancesFor } from '../steps.ts'
import { type Proven, untilUnchanged } from './refuse-changed.ts'
import { freshFor } from './still-well.ts'

/** Both sides of a shift, and how much of it comes next. */
export interface Holding extends Proven {
  readonly way: RouteEffect['way']
  /** What the new side is about to get of production. */
  readonly percent: number
}

/** The new side must carry its share of what the old side carries now; the old side must stay a way back. */
export async function holdBoth(run: Run, { way, percent, ...shift }: Holding): Promise<void> {
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
