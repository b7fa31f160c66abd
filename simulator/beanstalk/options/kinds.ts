/** What an option's values may be, and its value when nobody sets it. [DG:command-options-general] */
export interface OptionKind {
  readonly type: 'Scalar' | 'List' | 'Boolean'
  readonly fallback: string | undefined
  readonly values?: readonly string[]
  readonly min?: number
  readonly max?: number
  /** For people, who see it as the label of the pattern. */
  readonly pattern?: RegExp
}

/** Any text. */
export const text = (fallback?: string): OptionKind => ({ type: 'Scalar', fallback })

/** Any texts, with commas between. */
export const list = (fallback?: string): OptionKind => ({ type: 'List', fallback })

/** `true` or `false`. */
export const flag = (fallback?: string): OptionKind => ({ type: 'Boolean', fallback })

/** One of some values. */
export const choice = (values: readonly string[], fallback?: string): OptionKind => ({
  type: 'Scalar',
  fallback,
  values,
})

/** A whole number from `min` to `max`. */
export const range = (min: number, max: number, fallback?: string): OptionKind => ({
  type: 'Scalar',
  fallback,
  min,
  max,
})

/** A day of the week and a time in UTC: `Tue:09:00`. */
export const weekly = (): OptionKind => ({
  type: 'Scalar',
  fallback: undefined,
  pattern: /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01][0-9]|2[0-3]):[0-5][0-9]$/i,
})

/** Why a value is not one of the kind; undefined when it is, or is empty. The words are assumed. */
export function complaint(
  { type, values, min, max, pattern }: OptionKind,
  value: string,
): string | undefined {
  if (value === '') return undefined
  if (type === 'Boolean' && !/^(true|false)$/i.test(value)) return 'Value must be true or false'
  if (values && !values.includes(value)) return `Value is not one of: ${values.join(', ')}`
  if (pattern && !pattern.test(value)) return `Value does not match the regular expression ${pattern.source}`
  if (min === undefined || max === undefined) return undefined
  const number = Number(value)
  if (!Number.isInteger(number)) return 'Value is not a whole number'
  if (number < min) return `Value is less than minimum allowed value: ${min}`
  return number > max ? `Value is greater than maximum allowed value: ${max}` : undefined
}
