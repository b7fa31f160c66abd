import type { Ms } from '../deployment/ports.ts'
import type { StatusRange } from '../deployment/settings.ts'
import { isWrong, type Wrong, wrong } from './mistakes.ts'
import type { Parse } from './read.ts'

/** One of `choices`, written exactly so. */
export const oneOf =
  <T extends string>(...choices: readonly T[]): Parse<T> =>
  (text) => {
    const found = choices.find((choice) => choice === text)
    if (found !== undefined) return found
    const meant = choices.find((choice) => choice.toLowerCase() === text.toLowerCase())
    const list = choices.map((choice) => `\`${choice}\``).join(', ')
    return wrong(`It must be one of ${list}.`, meant ? `Write \`${meant}\`.` : 'Choose one of them.')
  }

/** `90s`, `15m`, `1h30m`, in milliseconds. */
export const duration: Parse<Ms> = (text) => {
  const [all, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? []
  if (all === undefined || all === '')
    return wrong(
      'It must be a duration such as `90s`, `15m` or `1h30m`.',
      /^\d+$/.test(text) ? `Add the unit, for example \`${text}s\`.` : 'Write hours, minutes and seconds so.',
    )
  const ms = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000
  const longest = 7 * 24 * 3_600_000
  return ms <= longest ? ms : wrong('It may be seven days at most.', 'Write a shorter duration.')
}

/** A duration that is not zero, in milliseconds. */
export const someTime: Parse<Ms> = (text) =>
  duration(text) === 0 ? wrong('It must be longer than nothing.', 'Write for example `10m`.') : duration(text)

/** A duration from `first` to `last`, both as they are written, in milliseconds. */
export const durationBetween =
  (first: string, last: string): Parse<Ms> =>
  (text) => {
    const [ms, least, most] = [duration(text), duration(first), duration(last)]
    if (isWrong(ms) || (ms >= Number(least) && ms <= Number(most))) return ms
    return wrong(`It must be from ${first} to ${last}.`, `Write for example \`${first}\`.`)
  }

/** `200`, `200-399`, `200,204,300-399`. */
export const statuses: Parse<readonly StatusRange[]> = (text) => {
  const ranges = text.split(',').map((part) => statusRange(part.trim()))
  const good = ranges.filter((range) => range !== undefined)
  if (good.length === ranges.length) return good
  return wrong(
    'It must list HTTP statuses from 100 to 599, or ranges of them from low to high.',
    'Write for example `200-399` or `200,204,301`.',
  )
}

function statusRange(part: string): StatusRange | undefined {
  const [all, from, to] = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/.exec(part) ?? []
  if (all === undefined) return undefined
  const range = { first: Number(from), last: Number(to ?? from) }
  return range.first <= range.last ? range : undefined
}

/** A whole number from `first` to `last`. */
export const wholeNumber =
  (first: number, last: number): Parse<number> =>
  (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (value >= first && value <= last) return value
    return wrong(`It must be a whole number from ${first} to ${last}.`, 'Write it in digits.')
  }

/** `true` or `false`, as YAML may write them. */
export const yesOrNo: Parse<boolean> = (text) => {
  if (/^true$/i.test(text)) return true
  if (/^false$/i.test(text)) return false
  return wrong('It must be `true` or `false`.', 'Write one of them.')
}

/** At most `longest` characters on one line. */
export const line =
  (longest: number): Parse<string> =>
  (text) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    if (/[\u0000-\u001f\u007f]/.test(text))
      return wrong('It must be a single line.', 'Take the line breaks out.')
    return tooLong(text, longest) ?? text
  }

/** A wrong for a text of more than `longest` characters. */
export const tooLong = (text: string, longest: number): Wrong | undefined =>
  text.length > longest
    ? wrong(`It may have ${longest} characters at most, and has ${text.length}.`, 'Shorten it.')
    : undefined

/** Any text. */
export const anyText: Parse<string> = (text) => text
