import type { Route } from '../../deployment/ports.ts'
import { weightsIn } from './forward.ts'
import type { Rule } from './rules.ts'

/** One environment's target group at one rule, and its weight there; null while the rule does not name it. */
export interface Weighed {
  readonly group: string
  readonly weight: number | null
}

/** The whole state of this router, as JSON: by rule's ARN and environment's id. */
export type Sharing = Readonly<Record<string, Readonly<Record<string, Weighed>>>>

/** Which target group is an environment's at a rule; undefined where it has none there. */
export type GroupAt = (rule: Rule, id: string) => string | undefined

/** What the rules say of these environments; the same in whichever order rules and environments are given. */
export function sharingOf(rules: readonly Rule[], ids: readonly string[], groupAt: GroupAt): Sharing {
  return Object.fromEntries(
    [...rules]
      .sort((one, other) => (one.arn < other.arn ? -1 : 1))
      .map((rule) => [rule.arn, sidesOf(rule, ids, groupAt)]),
  )
}

function sidesOf(rule: Rule, ids: readonly string[], groupAt: GroupAt): Sharing[string] {
  const weights = weightsIn(rule.actions)
  return Object.fromEntries(
    [...ids].sort().flatMap((id) => {
      const group = groupAt(rule, id)
      return group === undefined ? [] : [[id, { group, weight: weights[group] ?? null }]]
    }),
  )
}

/**
 * What of production each of these environments gets, in per cent; of rules that disagree, the mean. Empty when several
 * were asked for and none gets any.
 */
export function shareOf(rules: readonly Rule[], ids: readonly string[], groupAt: GroupAt): Route['share'] {
  const shares = ids.map((id) => {
    const each = rules.map((rule) => percentAt(rule, groupAt(rule, id)))
    const mean = each.reduce((sum, one) => sum + one, 0) / each.length
    return [id, each.every((one) => one === each[0]) ? (each[0] ?? 0) : mean] as const
  })
  const nobody = ids.length > 1 && shares.every(([, percent]) => percent === 0)
  return nobody ? {} : Object.fromEntries(shares)
}

/** Multiplied first: per cent that were asked for come back as they were. */
export function percentAt(rule: Rule, group: string | undefined): number {
  const weights = weightsIn(rule.actions)
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  const weight = (group !== undefined && weights[group]) || 0
  return total === 0 ? 0 : (weight * 100) / total
}

/** So many per cent to one, the rest to the others that the rules name. */
export function planned(from: Sharing, to: string, percent: number): Sharing {
  return Object.fromEntries(
    Object.entries(from).map(([rule, sides]) => [
      rule,
      Object.fromEntries(
        Object.entries(sides).map(([id, side]) => {
          const weight = id === to ? percent : 100 - percent
          const isNamed = side.weight !== null || weight > 0
          return [id, { ...side, weight: isNamed ? weight : null }]
        }),
      ),
    ]),
  )
}

/** What somebody changed at a rule between two looks, in words; empty: nothing. */
export function differences(before: Sharing[string], now: Sharing[string]): readonly string[] {
  const ids = [...new Set([...Object.keys(before ?? {}), ...Object.keys(now ?? {})])].sort()
  return ids.flatMap((id) => {
    const [was, is] = [before?.[id], now?.[id]]
    if (was?.weight === is?.weight && was?.group === is?.group) return []
    return [`${id} has ${inWords(is)}, had ${inWords(was)}`]
  })
}

const inWords = (side: Weighed | undefined): string =>
  side === undefined ? 'no target group' : side.weight === null ? 'no place there' : `weight ${side.weight}`
