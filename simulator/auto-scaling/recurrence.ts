/** When a recurring action happens: minute, hour, day of the month, month, day of the week. */
export interface Recurrence {
  readonly fields: readonly (ReadonlySet<number> | 'any')[]
  /** Of IANA's names. */
  readonly timeZone: string
}

/** Reads a cron expression of five fields; undefined when it is none. [BC:autoscaling PutScheduledUpdateGroupActionType] */
export function readRecurrence(text: string, timeZone = 'UTC'): Recurrence | undefined {
  const parts = text.trim().split(/\s+/)
  const fields = bounds.map(([min, max], at) => readField(parts[at] ?? '', min, max))
  if (parts.length !== 5 || fields.some((field) => field === undefined) || !isTimeZone(timeZone))
    return undefined
  return { fields: fields as (ReadonlySet<number> | 'any')[], timeZone }
}

/** The next time after `now` (both ms since 1970); undefined when there is none within five years. */
export function nextOf(recurrence: Recurrence, now: number): number | undefined {
  const end = now + 5 * 366 * 24 * 3_600_000
  let at = Math.floor(now / minuteMs) * minuteMs + minuteMs
  while (at < end) {
    const local = new Date(at + offsetMs(recurrence.timeZone, at))
    if (!isDay(recurrence, local)) at = nextStep(at, local, 24 * 60)
    else if (!fits(recurrence.fields[1], local.getUTCHours())) at = nextStep(at, local, 60)
    else if (!fits(recurrence.fields[0], local.getUTCMinutes())) at += minuteMs
    else return at
  }
  return undefined
}

const minuteMs = 60_000

const bounds: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
]

/** Lists of numbers and ranges, each with a step. */
function readField(text: string, min: number, max: number): ReadonlySet<number> | 'any' | undefined {
  if (text === '*') return 'any'
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [, range = '', step = '1'] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? []
    const [from, to] = range === '*' ? [min, max] : range.split('-').map(Number)
    if (range === '' || from === undefined || from < min || (to ?? from) > max || Number(step) < 1)
      return undefined
    for (let one = from; one <= (to ?? from); one += Number(step)) found.add(max === 7 ? one % 7 : one)
  }
  return found
}

/** When both days are limited, either is enough, as crontab(5) has it. */
function isDay({ fields: [, , ofMonth, month, ofWeek] }: Recurrence, local: Date): boolean {
  if (!fits(month, local.getUTCMonth() + 1)) return false
  const days = [fits(ofMonth, local.getUTCDate()), fits(ofWeek, local.getUTCDay())]
  return ofMonth === 'any' || ofWeek === 'any' ? days.every(Boolean) : days.some(Boolean)
}

const fits = (field: ReadonlySet<number> | 'any' | undefined, value: number): boolean =>
  field === 'any' || field?.has(value) === true

/** To the next local hour or day, but never over the change of a clock: an hour at most. */
function nextStep(at: number, local: Date, minutes: number): number {
  const into = minutes === 60 ? local.getUTCMinutes() : local.getUTCHours() * 60 + local.getUTCMinutes()
  return at + Math.min(minutes - into, 60 - local.getUTCMinutes()) * minuteMs
}

function offsetMs(timeZone: string, at: number): number {
  if (timeZone === 'UTC') return 0
  const text = new Date(at).toLocaleString('sv-SE', { timeZone })
  return Date.parse(`${text.replace(' ', 'T')}Z`) - Math.floor(at / 1_000) * 1_000
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}
