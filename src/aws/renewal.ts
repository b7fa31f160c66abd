import { messageOf } from '../deployment/errors.ts'
import type { Clock, Ms } from '../deployment/ports.ts'

/** Calls `renew` every so often until it is stopped; stopping waits for a renewal that is under way. */
export function startRenewing(order: {
  readonly clock: Clock
  readonly every: Ms
  readonly renew: () => Promise<void>
  /** Ends it from outside. */
  readonly ends: AbortSignal
  readonly say: (text: string) => void
}): () => Promise<void> {
  const { clock, every, renew, ends, say } = order
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, ends])
  const renewing = (async () => {
    while (await slept(clock, every, signal)) {
      try {
        await renew()
      } catch (thrown) {
        // The next write meets the same trouble and decides; until then another renewal may go well.
        if (!signal.aborted) say(`The lock could not be renewed: ${messageOf(thrown)}`)
      }
    }
  })()
  return async () => {
    stop.abort()
    await renewing
  }
}

const slept = (clock: Clock, ms: Ms, signal: AbortSignal): Promise<boolean> =>
  clock.sleep(ms, signal).then(
    () => !signal.aborted,
    () => false,
  )
