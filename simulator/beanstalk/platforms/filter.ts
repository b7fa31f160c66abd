import { invalid } from '../errors.ts'
import { compareVersions } from './platform.ts'

/** One condition of a list, as calls carry it; `by` is its Type or its Attribute. [BC:elasticbeanstalk PlatformFilter, SearchFilter] */
export interface Condition {
  readonly by: string | undefined
  readonly operator: string | undefined
  readonly values: readonly string[]
}

/** What things can be filtered by, each with its values. */
export type Attributes = Readonly<Record<string, readonly string[]>>

/** Whether a thing meets every condition. Upper and lower case are the same (assumed: documentation and EB CLI differ). */
export function meets(attributes: Attributes, conditions: readonly Condition[]): boolean {
  return conditions.every((condition) => meetsOne(attributes, condition))
}

function meetsOne(attributes: Attributes, { by = '', operator = '', values }: Condition): boolean {
  if (!Object.hasOwn(attributes, by)) throw invalid(`Invalid filter type: '${by}'.`)
  const has = (attributes[by] ?? []).map((value) => value.toLowerCase())
  const wanted = values.map((value) => value.toLowerCase())
  const first = wanted[0] ?? ''
  const version = has[0] ?? ''
  switch (operator) {
    case '=':
      return has.includes(first)
    case '!=':
      return !has.includes(first)
    case 'in':
      return wanted.some((one) => has.includes(one))
    case 'not_in':
      return !wanted.some((one) => has.includes(one))
    case 'contains':
      return has.some((one) => one.includes(first))
    case 'begins_with':
      return has.some((one) => one.startsWith(first))
    case 'ends_with':
      return has.some((one) => one.endsWith(first))
    case '<':
      return compareVersions(version, first) < 0
    case '<=':
      return compareVersions(version, first) <= 0
    case '>':
      return compareVersions(version, first) > 0
    case '>=':
      return compareVersions(version, first) >= 0
    default:
      throw invalid(`Invalid filter operator: '${operator}'.`)
  }
}
