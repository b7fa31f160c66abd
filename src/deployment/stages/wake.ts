import type { Environment } from '../environment.ts'
import { unfitness } from '../fitness.ts'
import { capacityForRollback, holdCapacity } from '../hold-capacity.ts'
import type { Run } from '../run.ts'
import type { Plan } from './plan.ts'
import { putUpWith } from './plan-way-back.ts'

/** Brings a way back that was scaled to nothing up to what live has, and judges it only then. */
export async function wake(
  run: Run,
  { pair, target }: { readonly pair: Plan; readonly target: Environment },
): Promise<void> {
  const { capacity, report } = run.ports
  const live = await capacity.read(pair.live.id)
  const atLeast = Math.max(1, live?.inService ?? 1)
  report.line(
    `${target.name} has no instance in service: ${atLeast} come up first, which takes some minutes.`,
  )
  const enough = run.settings.force ? 1 : atLeast
  await holdCapacity(run, { environment: target, atLeast, enough, within: capacityForRollback })
  const unfit = await unfitness(run, { id: target.id, version: target.version, insteadOf: pair.live.id })
  if (unfit) putUpWith(run, pair.live, unfit)
}
