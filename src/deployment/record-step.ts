import type { RequestCount } from './count-requests.ts'
import type { Instant } from './ports.ts'
import type { Run } from './run.ts'

/** A step that was watched to its end, or until a gate failed. */
export interface Watched {
  readonly percent: number
  readonly count: RequestCount
  /** By the port's clock. */
  readonly began: Instant
  /** What failed, if anything did. */
  readonly failed: string | undefined
}

/** Keeps for the summary what users saw while production had so much of it on the new version. */
export function recordStep(
  { record, ports, began: start }: Run,
  { percent, count, began, failed }: Watched,
): void {
  record.steps.push({
    asked: percent,
    seen: count.seen(),
    versions: count.versions(),
    users: record.watch?.since(began),
    beganAt: began - start,
    took: ports.clock.now() - began,
    ended: failed === undefined ? 'well' : 'badly',
  })
}
