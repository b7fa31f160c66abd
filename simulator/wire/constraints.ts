/** What the API model says about one value: lengths of strings and lists, ranges of numbers, patterns, enums. */
export interface Limits {
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
  readonly integer?: boolean
  /** Of each member of a list. */
  readonly each?: Limits
}

export interface StructureConstraints {
  readonly required: readonly string[]
  readonly members: Readonly<Record<string, Limits>>
}

/** By SigV4 scope, then by structure. */
export type ApiConstraints = Readonly<Record<string, Readonly<Record<string, StructureConstraints>>>>

/** The constraints that `value` breaks, in AWS's words ("Member must have length less than or equal to 40"). */
export function broken(value: unknown, limits: Limits): readonly string[] {
  if (Array.isArray(value)) {
    const each = limits.each ? distinct(value.flatMap((item) => broken(item, limits.each as Limits))) : []
    return [
      ...size(value.length, 'length', limits),
      ...(each.length ? [`Member must satisfy constraint: [${each.join(', ')}]`] : []),
    ]
  }
  if (typeof value === 'number') return size(value, 'value', limits)
  if (typeof value !== 'string') return []
  return [
    ...size([...value].length, 'length', limits),
    ...(limits.pattern !== undefined && !new RegExp(`^(?:${limits.pattern})$`, 'u').test(value)
      ? [`Member must satisfy regular expression pattern: ${limits.pattern}`]
      : []),
    ...(limits.enum && !limits.enum.includes(value)
      ? [`Member must satisfy enum value set: [${limits.enum.join(', ')}]`]
      : []),
  ]
}

function size(actual: number, what: 'length' | 'value', { min, max }: Limits): readonly string[] {
  return [
    ...(max !== undefined && actual > max ? [`Member must have ${what} less than or equal to ${max}`] : []),
    ...(min !== undefined && actual < min
      ? [`Member must have ${what} greater than or equal to ${min}`]
      : []),
  ]
}

const distinct = (messages: readonly string[]) => [...new Set(messages)]
