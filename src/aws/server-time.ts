import type { Clock, Instant } from '../deployment/ports.ts'

/** A server's clock, as far as its answers tell. */
export interface ServerTime {
  /** Takes note of an answer's Date. */
  readonly see: (date: Instant) => void
  /** The last Date and what has passed since; the machine's own time before there was one. */
  readonly now: () => Instant
  /** The last Date itself. */
  readonly last: () => Instant | undefined
}

/** A server's clock of which nothing is known yet. */
export function createServerTime(clock: Clock): ServerTime {
  let seen: { readonly date: Instant; readonly at: Instant } | undefined
  return {
    see: (date) => {
      seen = { date, at: clock.now() }
    },
    now: () => (seen ? seen.date + clock.now() - seen.at : clock.now()),
    last: () => seen?.date,
  }
}
