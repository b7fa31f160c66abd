import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../deployment/ports.ts'

/** The longest delay that a timer takes; longer ones would fire at once. */
const longest = 2 ** 31 - 1

/** Real time: the one place where the product reads it, apart from this folder's own time limits. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, signal) {
      signal?.throwIfAborted()
      try {
        await pause(Math.min(Math.max(0, ms), longest), undefined, signal && { signal })
      } catch (thrown) {
        // timers/promises answers every abort with an AbortError of its own.
        throw signal?.aborted ? signal.reason : thrown
      }
    },
  }
}
