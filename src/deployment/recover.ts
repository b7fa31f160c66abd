import { operate } from './operate.ts'
import type { Ending } from './outcome.ts'
import type { Run } from './run.ts'

/** Settles what a dead run left, and does nothing else. Production that stands whole on a healthy side stays there. */
export const recover = operate('recover', { over: 'nobody', leftovers: 'adopt' }, async (run) =>
  tellSettled(run, 'an earlier run'),
)

/** The same right after this very job was cancelled or killed: what it moved goes back while the way back lasts. */
export const settleCancelled = operate('recover', { over: 'nobody', leftovers: 'undo' }, async (run) =>
  tellSettled(run, 'this job'),
)

function tellSettled(run: Run, whose: string): Ending {
  const is = 'recovered'
  const wasIdle = run.record.stages.length <= 1
  if (wasIdle) return { is, says: `Nothing of ${whose} was left open.`, wasIdle }
  return { is, says: `What ${whose} left open is settled.` }
}
