import { operate } from './operate.ts'
import type { Ending } from './outcome.ts'
import type { Run } from './run.ts'

/** Settles what a dead run left, and does nothing else. Production that stands whole on a healthy side stays there. */
export const recover = operate('recover', { over: 'nobody', leftovers: 'adopt' }, async (run) =>
  tellSettled(run),
)

/** The same right after this very job was cancelled or killed: what it moved goes back while the way back lasts. */
export const settleCancelled = operate('recover', { over: 'nobody', leftovers: 'undo' }, async (run) =>
  tellSettled(run),
)

const tellSettled = (run: Run): Ending => ({
  is: 'recovered',
  says: run.record.stages.length > 1 ? 'What an earlier run left open is settled.' : 'Nothing was left open.',
})
