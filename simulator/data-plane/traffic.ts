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
  let seen: readonly Seen[] = []
  const recent = () => {
    const oldest = clock.now() - WINDOW_MS
    return seen.filter(({ at }) => at > oldest)
  }
  return {
    count(status, seconds) {
      seen = [...recent(), { at: clock.now(), status, seconds }]
    },
    read() {
      const window = recent()
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
