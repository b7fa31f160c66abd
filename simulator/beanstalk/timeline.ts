import type { Clock } from '../clock.ts'
import type { Region } from './region.ts'

/** Waits until so many seconds of the operation's own time have passed since it began; at once when they have. */
export type Until = (seconds: number) => Promise<void>

/** What ends the waiting of an operation that somebody aborts. */
export class Aborted extends Error {}

/**
 * The time of one operation, so that its course can be written down with the offsets of a real log. Every operation is
 * faster or slower than the log by up to a tenth, and `pace` times as long. Its waits throw Aborted when the signal comes.
 */
export function timeline({ cloud }: Region, pace = 1, signal?: AbortSignal): Until {
  const start = cloud.clock.now()
  const scale = 1_000 * pace * (0.9 + cloud.random() * 0.2)
  return async (seconds) => {
    const left = start + seconds * scale - cloud.clock.now()
    if (left > 0 || signal?.aborted) await pause(cloud.clock, left, signal)
  }
}

/** A timeline on which so many seconds of the log are over already. */
export function timelineFrom(region: Region, seconds: number, pace = 1): Until {
  const until = timeline(region, pace)
  return (at) => until(at - seconds)
}

/** Waits for `ms`. Throws Aborted as soon as the signal comes, or when it has come already. */
export function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return Promise.reject(new Aborted())
  return new Promise((resolve, reject) => {
    const stop = () => {
      cancel()
      reject(new Aborted())
    }
    const cancel = clock.at(clock.now() + ms, () => {
      signal?.removeEventListener('abort', stop)
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}
