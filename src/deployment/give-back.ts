import type { HoldCapacityEffect } from './effects.ts'
import type { Run } from './run.ts'
import { giveCapacityBack } from './settle.ts'

/** Gives back every hold on the environment's capacity, also one that was kept since an earlier run. */
export async function giveBackFor(run: Run, environment: string): Promise<void> {
  const { journal } = run.ports
  const holds = [...journal.state.pending, ...journal.state.kept].filter(
    (effect): effect is HoldCapacityEffect =>
      effect.what === 'hold-capacity' && effect.environment === environment,
  )
  for (const hold of holds) {
    if ((await giveCapacityBack(run, hold)) === 'kept') return
    await journal.write((now) => ({
      ...now,
      pending: now.pending.filter((one) => one !== hold),
      kept: now.kept.filter((one) => one !== hold),
    }))
  }
}
