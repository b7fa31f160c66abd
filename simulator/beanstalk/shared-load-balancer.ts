import { makeListener } from '../load-balancing/listeners.ts'
import { makeLoadBalancer } from '../load-balancing/load-balancers.ts'
import type { Listener, LoadBalancer, Rule } from '../load-balancing/model.ts'
import { listenersOf, openListeners, rulesOf as rulesOn, spreadRules } from '../load-balancing/refresh.ts'
import { makeRule, removeRule } from '../load-balancing/rules.ts'
import { setTags } from '../load-balancing/tags.ts'
import { forwardedTo } from '../load-balancing/uses.ts'
import { listOf, type PlannedRule, rulesOf } from './listeners.ts'
import { forwardTo } from './own-load-balancer.ts'
import { groupsOf, makeProcessGroups, removeProcessGroups, tagAsOwn } from './processes.ts'
import type { Environment, Region, SharedLoadBalancer } from './region.ts'
import { ruleConditions } from './rule-conditions.ts'
import { option, type Settings } from './settings.ts'

/** The ARN of the load balancer that a configuration shares; undefined when it has one of its own. [DG:environments-cfg-alb-shared] */
export function sharedArn(settings: Settings): string | undefined {
  const isShared = option(settings, 'aws:elasticbeanstalk:environment', 'LoadBalancerIsShared') === 'true'
  return isShared ? option(settings, 'aws:elbv2:loadbalancer', 'SharedLoadBalancer') : undefined
}

/**
 * Puts an environment behind a shared load balancer: a target group for each process, and rules whose priorities come after
 * those that are there. [DG:environments-cfg-alb-shared]
 */
export async function join(
  region: Region,
  environment: Environment,
  arn: string,
): Promise<SharedLoadBalancer> {
  const { balancing } = region
  const loadBalancer = balancing.loadBalancers.get(arn) ?? (await imagine(region, arn))
  const shared = region.sharedLoadBalancers.get(arn) ?? {
    arn,
    endpoint: loadBalancer.dnsName,
    addresses: loadBalancer.addresses,
    environments: [],
    rules: [],
  }
  region.sharedLoadBalancers.set(arn, shared)
  shared.environments.push(environment)
  makeProcessGroups(region, environment)
  for (const { port, rule } of plannedRules(environment)) {
    const listener = listenerAt(region, loadBalancer, port)
    const made = makeRule(balancing, {
      listener,
      priority: lastPriority(rulesOn(balancing, listener)) + 1,
      conditions: conditionsOf(environment, rule),
      actions: [forwardTo(region, environment, rule.process)],
    })
    tagAsOwn(region, environment, made.arn, `AWSEBV2LoadBalancerListenerRule${rule.name}`)
    shared.rules.push({ arn: made.arn, environment, name: rule.name })
  }
  countEnvironments(region, shared)
  spreadRules(balancing, loadBalancer, true)
  await openListeners(balancing, loadBalancer)
  return shared
}

/** Takes an environment's rules and target groups away; the load balancer belongs to somebody else and stays. [DG:environments-cfg-alb-shared] */
export async function leave(region: Region, environment: Environment): Promise<void> {
  const { balancing } = region
  const shared = sharedOf(region, environment)
  if (!shared) return
  shared.environments.splice(shared.environments.indexOf(environment), 1)
  for (const { rule } of rulesFor(region, shared, environment)) removeRule(balancing, rule)
  removeProcessGroups(region, groupsOf(region, environment).values())
  countEnvironments(region, shared)
  region.dataPlane.setTargets(environment.id, [])
  const loadBalancer = balancing.loadBalancers.get(shared.arn)
  if (loadBalancer) spreadRules(balancing, loadBalancer, true)
}

/** Only processes can be changed later, not rules. [DG:environments-cfg-alb-shared] */
export function updateShared(region: Region, environment: Environment): void {
  makeProcessGroups(region, environment)
}

/** Beanstalk's own rules follow a name after a swap, the user's do not. (A.11) */
export async function followNames(region: Region, environments: readonly Environment[]): Promise<void> {
  const { balancing } = region
  for (const environment of environments) {
    const shared = sharedOf(region, environment)
    if (!shared) continue
    const planned = plannedRules(environment)
    for (const { rule, name } of rulesFor(region, shared, environment)) {
      const found = planned.find((one) => one.rule.name === name)
      if (found) rule.conditions = conditionsOf(environment, found.rule)
    }
  }
  // Each load balancer once, when all of its rules are there: a name must not be without an answer.
  for (const shared of new Set(environments.map((one) => sharedOf(region, one)))) {
    const loadBalancer = shared && balancing.loadBalancers.get(shared.arn)
    if (loadBalancer) spreadRules(balancing, loadBalancer, true)
  }
}

/** A target group of the environment that rules of others still name: it cannot be deleted then. (D.3) */
export function groupInUse(region: Region, environment: Environment): string | undefined {
  const { balancing } = region
  const shared = sharedOf(region, environment)
  const own = new Set(shared?.rules.map(({ arn }) => arn))
  const others = [...balancing.rules.values()].filter(
    ({ arn, listener }) => !own.has(arn) && listener.loadBalancer.environment !== environment.id,
  )
  const named = new Set(
    others.flatMap(({ actions }) => forwardedTo(actions).map(({ TargetGroupArn }) => TargetGroupArn)),
  )
  return [...groupsOf(region, environment).values()].find(({ arn }) => named.has(arn))?.arn
}

function sharedOf(region: Region, environment: Environment): SharedLoadBalancer | undefined {
  return [...region.sharedLoadBalancers.values()].find(({ environments }) =>
    environments.includes(environment),
  )
}

/** One that nobody made exists as soon as it is named, with a listener on port 80 that answers 404: so that tests need not make it. */
async function imagine(region: Region, arn: string): Promise<LoadBalancer> {
  const [name = 'shared', id = '0'] = arn.split('/').slice(-2)
  const made = await makeLoadBalancer(region.balancing, {
    name,
    arn,
    dnsName: `${name}-${id}.${region.cloud.region}.elb.amazonaws.com`,
    atOnce: true,
  })
  listenerAt(region, made, 80)
  return made
}

/** A listener that is not there is made, with 404 as its default action (assumed: AWS may refuse). */
export function listenerAt(
  { balancing }: Pick<Region, 'balancing'>,
  loadBalancer: LoadBalancer,
  port: number,
): Listener {
  const known = listenersOf(balancing, loadBalancer).find((one) => one.port === port)
  return (
    known ??
    makeListener(balancing, {
      loadBalancer,
      port,
      protocol: 'HTTP',
      certificates: [],
      actions: [
        {
          Type: 'fixed-response',
          FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain', MessageBody: '404 Not Found' },
        },
      ],
    })
  )
}

/** [DG:environments-cfg-alb-shared] */
function countEnvironments({ balancing }: Region, { arn, environments }: SharedLoadBalancer): void {
  const Value = String(environments.length)
  setTags(balancing, arn, [{ Key: 'elasticbeanstalk:shared-elb-environment-count', Value }])
}

const lastPriority = (rules: readonly Rule[]): number =>
  Math.max(0, ...rules.map(({ priority }) => (priority === 'default' ? 0 : priority)))

/** Beanstalk's rules for an environment that are still there, with the names that the configuration has for them. */
const rulesFor = ({ balancing }: Region, shared: SharedLoadBalancer, environment: Environment) =>
  shared.rules.flatMap(({ arn, name, environment: owner }) => {
    const rule = balancing.rules.get(arn)
    return rule && owner === environment ? [{ rule, name }] : []
  })

/**
 * The rules of one environment, in the order of their priorities, the default one last. Without `Rules` for any listener there
 * is only the default one, on port 80. [DG:command-options-general aws:elbv2:listenerrule]
 */
function plannedRules({ settings }: Environment) {
  const named = [...settings].flatMap(([key, value]) => {
    const port = /^aws:elbv2:listener:(\d+)\|Rules$/.exec(key)?.[1]
    return port === undefined
      ? []
      : rulesOf(settings, listOf(value)).map((rule) => ({ port: Number(port), rule }))
  })
  const all = named.length > 0 ? named : rulesOf(settings, ['default']).map((rule) => ({ port: 80, rule }))
  const isLast = ({ rule }: { readonly rule: PlannedRule }) => Number(rule.name === 'default')
  return all.sort((one, other) => isLast(one) - isLast(other))
}

/** The environment's CNAME is the host of rules that name none. [DG:command-options-general aws:elbv2:listenerrule] */
const conditionsOf = ({ cname = '' }: Environment, rule: PlannedRule) =>
  ruleConditions({ ...rule, hosts: rule.hosts.length > 0 ? rule.hosts : [cname] })
