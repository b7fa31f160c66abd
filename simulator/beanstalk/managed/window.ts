/** "Maintenance windows are two hours long." [DG:environment-platform-update-managed] */
export const windowMs = 2 * 3_600_000

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const weekMs = 7 * 24 * 3_600_000

/** When the weekly window that begins at `Tue:09:00` (UTC) opens next, in ms since 1970; undefined when that is no such time. */
export function nextWindow(preferredStart: string, now: number): number | undefined {
  const [, day = '', hour, minute] = /^([a-z]{3}):(\d\d):(\d\d)$/i.exec(preferredStart) ?? []
  const weekday = days.indexOf(day.toLowerCase())
  if (weekday < 0) return undefined
  const today = new Date(now)
  const sunday = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() - today.getUTCDay())
  const start = sunday + ((weekday * 24 + Number(hour)) * 60 + Number(minute)) * 60_000
  return start > now ? start : start + weekMs
}
