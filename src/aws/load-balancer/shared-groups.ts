import { DescribeTargetGroupsCommand, type TargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Clients } from '../clients.ts'
import { reading } from '../errors.ts'
import { weightsIn } from './forward.ts'
import { ambiguous, type Groups, isOf } from './groups.ts'
import { refuseOwned } from './owned.ts'
import type { Rule } from './rules.ts'
import { describeTags, ownerIn, type TagsOf } from './tags.ts'

/**
 * The target groups that Beanstalk made on a shared load balancer, found anew: a deployment may have replaced them.
 * [DG:environments-cfg-alb-shared] (D.3) Throws Failure when the rules, or their load balancer, are Beanstalk's own.
 */
export async function sharedGroups(clients: Clients, rules: readonly Rule[]): Promise<Groups> {
  const named = [...new Set(rules.flatMap(({ actions }) => Object.keys(weightsIn(actions))))]
  const inRules = await targetGroups(clients, { TargetGroupArns: named })
  const balancers = [...new Set(inRules.flatMap(({ LoadBalancerArns = [] }) => LoadBalancerArns))]
  const perBalancer = await Promise.all(
    balancers.map((LoadBalancerArn) => targetGroups(clients, { LoadBalancerArn })),
  )
  const all = new Map([...inRules, ...perBalancer.flat()].map((one) => [one.TargetGroupArn ?? '', one]))
  const tags = await describeTags(clients, [...rules.map(({ arn }) => arn), ...balancers, ...all.keys()])
  refuseOwned(
    rules.map(({ arn }) => arn),
    { balancers, tags },
  )
  return {
    ownerOf: (group) => ownerIn(tags, group),
    of: (environment, rule) => counterpart({ all, tags, rule, environment }),
  }
}

interface Seeking {
  readonly all: ReadonlyMap<string, TargetGroup>
  readonly tags: TagsOf
  readonly rule: Rule
  readonly environment: { readonly id: string; readonly name: string }
}

/** What the rule names already; else the group with the port and the protocol of the one that has the traffic there. */
function counterpart({ all, tags, rule, environment }: Seeking): string | undefined {
  const own = [...all.keys()].filter((arn) => isOf(ownerIn(tags, arn), environment))
  const weights = weightsIn(rule.actions)
  const named = own.filter((arn) => weights[arn] !== undefined).sort(byWeight(weights))[0]
  if (named !== undefined) return named
  const [model] = Object.keys(weights).sort(byWeight(weights))
  const like = own.filter((arn) => isAlike(all.get(arn), all.get(model ?? '')))
  const same = like.filter((arn) => processOf(tags, arn) === processOf(tags, model ?? ''))
  const [found, ...more] = same.length > 0 ? same : like
  if (more.length > 0) throw ambiguous(rule, environment.name, [found ?? '', ...more])
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

/** As they are now, all pages of them. Throws as `reading`. */
export async function targetGroups(
  clients: Clients,
  which: { readonly TargetGroupArns: string[] } | { readonly LoadBalancerArn: string },
): Promise<readonly TargetGroup[]> {
  const asked = { to: 'describe the target groups', action: 'elasticloadbalancing:DescribeTargetGroups' }
  return reading(asked, async () => {
    const found: TargetGroup[] = []
    let Marker: string | undefined
    do {
      const order = new DescribeTargetGroupsCommand({ ...which, ...(Marker && { Marker }) })
      const { TargetGroups = [], NextMarker } = await clients.loadBalancing.send(order)
      found.push(...TargetGroups)
      Marker = NextMarker
    } while (Marker)
    return found
  })
}
