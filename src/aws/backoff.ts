import type { Clock, Ms } from '../deployment/ports.ts'
import type { Trouble } from './trouble.ts'

/** How often a request is sent in all before it is given up. */
export const patience = 8

const longest: Ms = 20_000

/** Waits before try number `tries + 1`, longer each time; resolves with how long it was. */
export type Backoff = (trouble: Trouble, tries: number) => Promise<Ms>

/**
 * The SDK's standard back-off (full jitter; 50 ms at first, a second when throttled, 20 s at most) on the clock that is
 * handed in.
 */
export function createBackoff({ clock, random }: { clock: Clock; random: () => number }): Backoff {
  return async (trouble, tries) => {
    const base = trouble === 'not now' ? 1_000 : 50
    const pause = random() * Math.min(longest, base * 2 ** (tries - 1))
    if (pause > 0) await clock.sleep(pause)
    return pause
  }
}
