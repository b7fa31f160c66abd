import type { Cancel, Clock } from './clock.ts'

/** A clock whose plans can all be dropped at once, so that nothing goes on after the simulator was closed. */
export function closableClock(clock: Clock): Clock & { close(): void } {
  const planned = new Set<Cancel>()
  const at = (when: number, job: () => void): Cancel => {
    const cancel = clock.at(when, () => {
      planned.delete(drop)
      job()
    })
    const drop = () => {
      planned.delete(drop)
      cancel()
    }
    planned.add(drop)
    return drop
  }
  return {
    now: clock.now,
    at,
    sleep: (ms) => new Promise((resolve) => at(clock.now() + ms, resolve)),
    close() {
      for (const drop of planned) drop()
    },
  }
}
