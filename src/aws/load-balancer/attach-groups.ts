import type { Environment } from '../../deployment/environment.ts'
import { Conflict } from '../../deployment/errors.ts'
import { refuseUnattached } from './attached.ts'
import { weightsIn, withWeights } from './forward.ts'
import { leadsNowhere } from './leads-nowhere.ts'
import { type Look, look, type Parts } from './look.ts'
import { certainly } from './move-rules.ts'
import { refuseOwned } from './owned.ts'
import { modifyRule, type Rule } from './rules.ts'
import { targetGroups } from './shared-groups.ts'
import { describeTags } from './tags.ts'

/**
 * Puts the candidate's target group into every rule, with weight 0 beside live's, which keeps what it has; so its targets
 * are checked before anything is sent to them. [ALB:target-group-health-checks] (D.2) Throws Conflict when the candidate
 * has traffic already or live has none, Failure when its instances are not registered there, and as `writingOnce`.
 */
export async function attachGroups(
  parts: Parts,
  order: { readonly live: string; readonly candidate: string | undefined },
): Promise<void> {
  const seen = await look(parts)
  const live = memberOf(seen, order.live)
  const candidate = order.candidate === undefined ? undefined : memberOf(seen, order.candidate)
  if (parts.targetGroups) {
    await refuseOwnedBalancer(parts, seen)
    await refuseAnyUnattached(parts, seen, candidate ? [live, candidate] : [live])
  }
  const isFree = (await leadsNowhere(parts, seen)) !== undefined
  for (const { arn } of seen.rules)
    await certainly(() =>
      modifyRule(parts.clients, arn, (rule) => {
        const weights = weightsIn(rule.actions)
        const next = { ...weights, ...wanted({ rule, seen, live, candidate, isFree }) }
        const isSame = Object.keys(next).every((group) => next[group] === weights[group])
        return isSame ? 'as it is' : withWeights(rule.actions, next)
      }),
    )
}

interface Wanting {
  readonly rule: Rule
  readonly seen: Look
  readonly live: Environment
  readonly candidate: Environment | undefined
  readonly isFree: boolean
}

function wanted({ rule, seen, live, candidate, isFree }: Wanting): Record<string, number> {
  const weights = weightsIn(rule.actions)
  const own = groupOf(rule, seen, live)
  const other = candidate && groupOf(rule, seen, candidate)
  if (other !== undefined && (weights[other] ?? 0) > 0)
    throw new Conflict(
      `${candidate?.name} gets requests of ${rule.arn} already: its weight is ${weights[other]}.`,
    )
  const isOthers = (weights[own] ?? 0) === 0
  if (isOthers && !isFree)
    throw new Conflict(`${live.name} gets no requests of ${rule.arn}: somebody else moved them meanwhile.`)
  return {
    ...(isOthers && { ...Object.fromEntries(Object.keys(weights).map((one) => [one, 0])), [own]: 100 }),
    ...(other !== undefined && { [other]: 0 }),
  }
}

function memberOf({ members }: Look, id: string): Environment {
  const member = members.find((one) => one.id === id)
  if (!member) throw new Conflict(`${id} is gone.`)
  return member
}

function groupOf(rule: Rule, { groups }: Look, member: Environment): string {
  const group = groups.of(member, rule)
  if (group === undefined) throw new Conflict(`${member.name} has no target group for ${rule.arn}.`)
  return group
}

async function refuseAnyUnattached(parts: Parts, seen: Look, members: readonly Environment[]): Promise<void> {
  for (const member of members) {
    const groups = new Set(seen.rules.map((rule) => groupOf(rule, seen, member)))
    for (const group of groups) await refuseUnattached(parts.clients, member, group)
  }
}

/** Only their target groups tell where rules are. */
async function refuseOwnedBalancer({ clients }: Parts, { rules }: Look): Promise<void> {
  const TargetGroupArns = [...new Set(rules.flatMap(({ actions }) => Object.keys(weightsIn(actions))))]
  const found = await targetGroups(clients, { TargetGroupArns })
  const balancers = [...new Set(found.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))]
  refuseOwned([], { balancers, tags: await describeTags(clients, balancers) })
}
