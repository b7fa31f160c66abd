import type { Clock } from '../clock.ts'
import type { Traffic } from './data-plane.ts'

/** What passed a front over the last ten seconds of simulated time, as enhanced health reports it [API_ApplicationMetrics]. */
export interface TrafficWindow {
  /** Counts one answer that leaves now; `seconds` is how long it took, in simulated time. */
  count(status: number, seconds: number): void
  read(): Traffic
}

/** An empty window of ten seconds. */
export function createTrafficWindow(clock: Clock): TrafficWindow {
  let seen: Seen[] = []
  let forgotten = 0
  const forget = () => {
    const oldest = clock.now() - WINDOW_MS
    while ((seen[forgotten]?.at ?? Number.POSITIVE_INFINITY) <= oldest) forgotten += 1
    if (forgotten < 1_000 && forgotten < seen.length) return
    seen = seen.slice(forgotten)
    forgotten = 0
  }
  return {
    count(status, seconds) {
      seen.push({ at: clock.now(), status, seconds })
      forget()
    },
    read() {
      forget()
      const window = seen.slice(forgotten)
      const inClass = (first: number) =>
        window.filter(({ status }) => Math.floor(status / 100) === first).length
      return {
        requests: window.length,
        status2xx: inClass(2),
        status3xx: inClass(3),
        status4xx: inClass(4),
        status5xx: inClass(5),
        latencies: window.map(({ seconds }) => seconds),
      }
    },
  }
}

const WINDOW_MS = 10_000

interface Seen {
  readonly at: number
  readonly status: number
  readonly seconds: number
}
