/** Says what is wrong with a value; `at` is where it stands, as GitHub names it. */
export type Check = (value: unknown, at: string) => readonly string[]

interface Field {
  readonly check: Check
  readonly isRequired: boolean
}

/** A field that has to be there. */
export const required = (check: Check): Field => ({ check, isRequired: true })
/** A field that may be left out. */
export const optional = (check: Check): Field => ({ check, isRequired: false })

/** An object of exactly these fields. */
export const object =
  (fields: Readonly<Record<string, Field>>): Check =>
  (value, at) => {
    if (!isObject(value)) return [`${forWhat(at)}${shown(value)} is not an object.`]
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(fields, name))
    return [
      ...unknown.map((name) => `${forWhat(at)}"${name}" is not a permitted key.`),
      ...Object.entries(fields).flatMap(([name, { check, isRequired }]) => {
        const given = value[name]
        if (given !== undefined) return check(given, `${at}properties/${name}/`)
        return isRequired ? [`${forWhat(at)}"${name}" wasn't supplied.`] : []
      }),
    ]
  }

/** A text of `min` to `max` characters. */
export const text =
  ({ min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {}): Check =>
  (value, at) => {
    if (typeof value !== 'string') return [`${forWhat(at)}${shown(value)} is not a string.`]
    if (value.length < min) return [`${forWhat(at)}at least ${min} characters are needed.`]
    return value.length > max
      ? [`${forWhat(at)}Only ${max} characters are allowed; ${value.length} were supplied.`]
      : []
  }

/** A text in UTF-8 of at most `max` bytes. */
export const bytes =
  (max: number): Check =>
  (value, at) => {
    if (typeof value !== 'string') return [`${forWhat(at)}${shown(value)} is not a string.`]
    const size = Buffer.byteLength(value)
    return size > max ? [`${forWhat(at)}Only ${max} bytes are allowed; ${size} were supplied.`] : []
  }

export const oneOf =
  (...choices: readonly string[]): Check =>
  (value, at) =>
    typeof value === 'string' && choices.includes(value)
      ? []
      : [`${forWhat(at)}${shown(value)} is not a member of ${JSON.stringify(choices)}.`]

export const yesOrNo: Check = (value, at) =>
  typeof value === 'boolean' ? [] : [`${forWhat(at)}${shown(value)} is not a boolean.`]

/** A whole number from 1 on, as lines and columns are. */
export const position: Check = (value, at) =>
  Number.isSafeInteger(value) && (value as number) >= 1
    ? []
    : [`${forWhat(at)}${shown(value)} is not an integer of at least 1.`]

export const moment: Check = (value, at) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
    ? []
    : [`${forWhat(at)}${shown(value)} is not a valid date-time.`]

/** An address; GitHub takes http and https only. */
export const address: Check = (value, at) => {
  const isAddress = typeof value === 'string' && (value === '' || /^https?:\/\/[^\s/]+/i.test(value))
  return isAddress ? [] : [`${forWhat(at)}${shown(value)} must use http(s) scheme.`]
}

export const list =
  (each: Check, max = Number.POSITIVE_INFINITY): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return [`${forWhat(at)}${shown(value)} is not an array.`]
    if (value.length > max)
      return [`${forWhat(at)}No more than ${max} items are allowed; ${value.length} were supplied.`]
    return value.flatMap((one, index) => each(one, `${at}${index}/`))
  }

/** An object or a text, whatever is in it. */
export const anything: Check = (value, at) =>
  typeof value === 'string' || isObject(value) ? [] : [`${forWhat(at)}${shown(value)} is not an object.`]

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const forWhat = (at: string) => (at === '' ? '' : `For '${at.replace(/\/$/, '')}', `)
const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 80) ?? 'nothing'
