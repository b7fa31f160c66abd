import type { Instant, Ms } from './ports.ts'

/** A stretch of time. */
export interface Stretch {
  readonly from: Instant
  readonly until: Instant
}

const minute: Ms = 60_000
const week: Ms = 7 * 24 * 60 * minute

/** Maintenance windows are two hours long. [DG:environment-platform-update-managed] */
const lasts: Ms = 120 * minute

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** 1970 began on a Thursday. */
const firstSunday: Instant = 3 * 24 * 60 * minute

/**
 * The first weekly window for managed updates that is not over at `now`. `start` is Beanstalk's `PreferredStartTime`,
 * `day:hour:minute` in UTC; undefined when it cannot be understood.
 */
export function windowAfter(start: string, now: Instant): Stretch | undefined {
  const [, dayName = '', hour, minutes] = /^(\w{3}):(\d{2}):(\d{2})$/.exec(start.trim()) ?? []
  const day = days.indexOf(dayName)
  if (day < 0) return undefined
  const first = firstSunday + ((day * 24 + Number(hour)) * 60 + Number(minutes)) * minute
  const from = first + Math.floor((now - first) / week) * week
  return from + lasts > now
    ? { from, until: from + lasts }
    : { from: from + week, until: from + week + lasts }
}

/**
 * When something that takes this long could begin without any of the windows in between; undefined when there is no such
 * moment within a week.
 */
export function freeFrom(starts: readonly string[], now: Instant, takes: Ms): Instant | undefined {
  const next = (at: Instant): Instant | undefined =>
    starts
      .map((start) => windowAfter(start, at))
      .find((window) => window !== undefined && window.from < at + takes)?.until
  let at = now
  for (let end = next(at); end !== undefined; end = next(at)) {
    at = end
    if (at > now + week) return undefined
  }
  return at
}
