import { DescribeTargetGroupsCommand, type TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Environment } from '../../deployment/environment.ts'
import type { Clients } from '../clients.ts'
import { reading } from '../errors.ts'
import { attachedToEnvironment } from './attached.ts'
import { weightsIn } from './forward.ts'
import { ambiguous, type Groups, isOf } from './groups.ts'
import { refuseOwned } from './owned.ts'
import type { Rule } from './rules.ts'
import { describeTags, ownerIn, type TagsOf } from './tags.ts'

/**
 * The target groups that Beanstalk made on a shared load balancer, found anew: a deployment may have replaced them.
 * [DG:environments-cfg-alb-shared] (D.3) Those that no rule names yet are looked up for `members`: no load balancer lists
 * them. Throws Failure when the rules, or their load balancer, are Beanstalk's own.
 */
export async function sharedGroups(
  clients: Clients,
  rules: readonly Rule[],
  members: readonly Environment[],
): Promise<Groups> {
  const named = [...new Set(rules.flatMap(({ actions }) => Object.keys(weightsIn(actions))))]
  const inRules = await targetGroups(clients, { TargetGroupArns: named })
  const balancers = [...new Set(inRules.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))]
  const arns = rules.map(({ arn }) => arn)
  const tags = await describeTags(clients, [...arns, ...balancers, ...named])
  refuseOwned(arns, { balancers, tags })
  const unnamed = members.filter((member) => rules.some((rule) => namedAt(rule, tags, member).length === 0))
  const registered = (await Promise.all(unnamed.map(({ id }) => attachedToEnvironment(clients, id)))).flat()
  const more = registered.filter((arn) => !named.includes(arn))
  const [found, moreTags] =
    more.length === 0
      ? [[], new Map()]
      : await Promise.all([targetGroups(clients, { TargetGroupArns: more }), describeTags(clients, more)])
  const free = found.filter(({ LoadBalancerArns = [] }) =>
    LoadBalancerArns.every((arn) => balancers.includes(arn)),
  )
  const all = new Map([...inRules, ...free].map((one) => [one.TargetGroupArn ?? '', one]))
  const everyTag = new Map([...tags, ...moreTags])
  return {
    ownerOf: (group) => ownerIn(everyTag, group),
    of: (environment, rule) => counterpart({ all, tags: everyTag, rule, environment }),
  }
}

/** Its target groups that the rule names, the one with the greatest weight first. */
function namedAt(rule: Rule, tags: TagsOf, environment: Seeking['environment']): readonly string[] {
  const weights = weightsIn(rule.actions)
  return Object.keys(weights)
    .filter((arn) => isOf(ownerIn(tags, arn), environment))
    .sort(byWeight(weights))
}

interface Seeking {
  readonly all: ReadonlyMap<string, TargetGroup>
  readonly tags: TagsOf
  readonly rule: Rule
  readonly environment: { readonly id: string; readonly name: string }
}

/** What the rule names already; else the group with the port and the protocol of the one that has the traffic there. */
function counterpart({ all, tags, rule, environment }: Seeking): string | undefined {
  const [named] = namedAt(rule, tags, environment)
  if (named !== undefined) return named
  const weights = weightsIn(rule.actions)
  const [model = ''] = Object.keys(weights).sort(byWeight(weights))
  const own = [...all.keys()].filter((arn) => isOf(ownerIn(tags, arn), environment))
  const like = own.filter((arn) => isAlike(all.get(arn), all.get(model)))
  const same = like.filter((arn) => processOf(tags, arn) === processOf(tags, model))
  const [found, ...others] = same.length > 0 ? same : like
  if (found !== undefined && others.length > 0) throw ambiguous(rule, environment.name, [found, ...others])
  return found
}

const byWeight =
  (weights: Readonly<Record<string, number>>) =>
  (one: string, other: string): number =>
    (weights[other] ?? 0) - (weights[one] ?? 0)

const isAlike = (one: TargetGroup | undefined, other: TargetGroup | undefined): boolean =>
  one?.Port === other?.Port && one?.Protocol === other?.Protocol

/** A process has the same name in the stacks of both environments. [DG:customize-containers-format-resources-eb] */
const processOf = (tags: TagsOf, arn: string): string | undefined =>
  tags.get(arn)?.['aws:cloudformation:logical-id']

/** As they are now. Throws as `reading`. */
export async function targetGroups(
  clients: Clients,
  which: { readonly TargetGroupArns: string[] },
): Promise<readonly TargetGroup[]> {
  const asked = { to: 'describe the target groups', action: 'elasticloadbalancing:DescribeTargetGroups' }
  const { TargetGroups = [] } = await reading(asked, () =>
    clients.loadBalancing.send(new DescribeTargetGroupsCommand(which)),
  )
  return TargetGroups
}
