import type { Region } from './region.ts'

/** Waits until so many seconds of the operation's own time have passed since it began; at once when they have. */
export type Until = (seconds: number) => Promise<void>

/**
 * The time of one operation, so that its course can be written down with the offsets of a real log. Every operation is
 * faster or slower than the log by up to a tenth, and `pace` times as long.
 */
export function timeline({ cloud }: Region, pace = 1): Until {
  const start = cloud.clock.now()
  const scale = 1_000 * pace * (0.9 + cloud.random() * 0.2)
  return async (seconds) => {
    const left = start + seconds * scale - cloud.clock.now()
    if (left > 0) await cloud.clock.sleep(left)
  }
}
