import type { Environment } from '../../deployment/environment.ts'
import { Failure } from '../../deployment/errors.ts'
import type { Beanstalk, Clock, RoutedPair } from '../../deployment/ports.ts'
import type { Clients } from '../clients.ts'
import { type Groups, ownGroups, refuseStrangers, refuseUnowned } from './groups.ts'
import { refuseOwned } from './owned.ts'
import { otherWays, refuseRule } from './refused.ts'
import { describeRules, type Rule } from './rules.ts'
import { sharedGroups } from './shared-groups.ts'
import type { GroupAt } from './sharing.ts'
import { describeTags } from './tags.ts'

/** What the load balancer's router is made of. */
export interface Parts {
  readonly clients: Clients
  readonly beanstalk: Beanstalk
  readonly pair: RoutedPair
  readonly clock: Pick<Clock, 'now'>
  /** ARNs of rules, or of listeners for their default actions. */
  readonly rules: readonly string[]
  /** The team's own target groups by environment name; undefined: those that Beanstalk made on a shared load balancer. */
  readonly targetGroups: Readonly<Record<string, string>> | undefined
}

/** The rules at one moment, and whose target groups they name. */
export interface Look {
  readonly rules: readonly Rule[]
  /** The environments in question, as far as they exist. */
  readonly members: readonly Environment[]
  readonly groups: Groups
  readonly groupAt: GroupAt
}

/**
 * Reads the rules for the pair; nothing of it is remembered. Throws Failure when a rule must not be edited, when it names
 * what is neither environment's, or when an environment cannot be there; and as `reading`.
 */
export async function look(parts: Parts): Promise<Look> {
  const [rules, members] = await Promise.all([
    describeRules(parts.clients, parts.rules),
    parts.beanstalk.read(parts.pair.ids),
  ])
  const seen = await lookWith(parts, { rules, members, known: members })
  if (members.length < 2) return seen
  for (const rule of rules) refuseStrangers(rule, seen.groups, members)
  for (const member of members) refuseElsewhere(member, rules, seen.groups)
  return seen
}

/** The same for any environments, which need not be there. */
export const lookAmong = (
  parts: Parts,
  rules: readonly Rule[],
  members: readonly Environment[],
): Promise<Look> => lookWith(parts, { rules, members, known: [] })

async function lookWith(
  parts: Parts,
  {
    rules,
    members,
    known,
  }: Pick<Look, 'rules' | 'members'> & {
    /** Whose target groups are looked for beyond those that the rules name. */
    readonly known: readonly Environment[]
  },
): Promise<Look> {
  const cnames = members.flatMap(({ cname }) => cname ?? [])
  for (const rule of rules) refuseRule(rule, cnames)
  const groups = await groupsOf(parts, rules, known)
  for (const rule of rules) refuseUnowned(rule, groups)
  const groupAt: GroupAt = (rule, id) => {
    const member = members.find((one) => one.id === id)
    return member && groups.of(member, rule)
  }
  return { rules, members, groups, groupAt }
}

async function groupsOf(
  { clients, targetGroups }: Parts,
  rules: readonly Rule[],
  members: readonly Environment[],
): Promise<Groups> {
  if (!targetGroups) return sharedGroups(clients, rules, members)
  const arns = rules.map(({ arn }) => arn)
  refuseOwned(arns, { balancers: [], tags: await describeTags(clients, arns) })
  return ownGroups(targetGroups)
}

/** What is being made has its target groups later, what ends loses them. */
function refuseElsewhere(member: Environment, rules: readonly Rule[], groups: Groups): void {
  if (member.status !== 'Ready') return
  const rule = rules.find((one) => groups.of(member, one) === undefined)
  if (!rule) return
  throw new Failure(
    `${member.name} has no target group on the load balancer of ${rule.arn}: it stands behind a load balancer of its own, or behind none, and a target group can be on one load balancer only.`,
    otherWays,
  )
}
