import type { Clock, Instant } from '../ports.ts'

/** A clock that does not wait, and knows when something real is waited for. */
export interface PretendedClock extends Clock {
  /** Something real: meanwhile nobody is woken. */
  ask<T>(read: () => Promise<T>): Promise<T>
}

interface Sleeper {
  readonly due: Instant
  wake(): void
}

/**
 * Time passes as soon as everybody sleeps: whoever is due first wakes first, at once. So a plan's stages take as long as
 * they usually do, and nobody waits for it.
 */
export function pretendClock(real: Clock): PretendedClock {
  const sleepers = new Set<Sleeper>()
  let now = real.now()
  let asking = 0
  let isTicking = false

  const tick = async () => {
    if (isTicking) return
    isTicking = true
    // A turn of the event loop: until then everybody who is awake has gone to sleep again, or asks for something.
    for (await real.sleep(0); sleepers.size > 0 && asking === 0; await real.sleep(0)) {
      const next = [...sleepers].reduce((one, other) => (other.due < one.due ? other : one))
      sleepers.delete(next)
      now = Math.max(now, next.due)
      next.wake()
    }
    isTicking = false
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const stop = () => {
          sleepers.delete(sleeper)
          reject(signal?.reason)
        }
        const wake = () => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
        const sleeper: Sleeper = { due: now + ms, wake }
        signal?.addEventListener('abort', stop, { once: true })
        sleepers.add(sleeper)
        return void tick()
      }),
    async ask(read) {
      asking += 1
      const began = real.now()
      try {
        return await read()
      } finally {
        asking -= 1
        now += real.now() - began
        void tick()
      }
    },
  }
}
