import type { Environment } from '../../deployment/environment.ts'
import { Failure } from '../../deployment/errors.ts'
import { weightsIn } from './forward.ts'
import { foreignGroup } from './refused.ts'
import type { Rule } from './rules.ts'

/** Whose target group is whose. */
export interface Groups {
  /** Whose it is, as far as that can be told; undefined: nobody's that this pair knows of. */
  ownerOf(group: string): { readonly id?: string; readonly name: string } | undefined
  /** Which of an environment's target groups takes its part at a rule. Throws Failure when several could. */
  of(environment: Pick<Environment, 'id' | 'name'>, rule: Rule): string | undefined
}

/** The team's own target groups: one for each environment, by its name. */
export function ownGroups(arns: Readonly<Record<string, string>>): Groups {
  return {
    ownerOf(group) {
      const name = Object.keys(arns).find((one) => arns[one] === group)
      return name === undefined ? undefined : { name }
    },
    of: ({ name }) => arns[name],
  }
}

/** A group that can only be this environment's, by id where that is known. */
export const isOf = (
  owner: ReturnType<Groups['ownerOf']>,
  { id, name }: Pick<Environment, 'id' | 'name'>,
): boolean => owner !== undefined && (owner.id ? owner.id === id : owner.name === name)

/** Throws Failure when a rule names what belongs to nobody that is known here. */
export function refuseUnowned(rule: Rule, groups: Groups): void {
  const unowned = Object.keys(weightsIn(rule.actions)).find((group) => groups.ownerOf(group) === undefined)
  if (unowned !== undefined) throw foreignGroup(rule.arn, unowned, '')
}

/** Throws Failure when a rule shares production between the pair and an environment outside of it. */
export function refuseStrangers(rule: Rule, groups: Groups, members: readonly Environment[]): void {
  if (members.every((member) => weightOf(rule, groups, member) === 0)) return
  for (const [group, weight] of Object.entries(weightsIn(rule.actions))) {
    const owner = groups.ownerOf(group)
    if (weight > 0 && owner && !members.some((member) => isOf(owner, member)))
      throw foreignGroup(rule.arn, group, `, of the environment ${owner.name}`)
  }
}

function weightOf(rule: Rule, groups: Groups, member: Environment): number {
  const weights = weightsIn(rule.actions)
  return Object.keys(weights)
    .filter((group) => isOf(groups.ownerOf(group), member))
    .reduce((sum, group) => sum + (weights[group] ?? 0), 0)
}

/** Several of an environment's processes could be meant, and nothing tells which. */
export const ambiguous = (rule: Rule, name: string, candidates: readonly string[]): Failure =>
  new Failure(
    `Which target group of ${name} takes its part at ${rule.arn} cannot be told: ${candidates.join(' or ')}.`,
    [
      {
        why: 'Its processes have the same port and protocol. Give processes ports of their own, or use target groups of your own: `blue-target-group` and `green-target-group`.',
      },
    ],
  )
