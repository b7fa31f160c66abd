import { type Destination, type Listener, type ListenerRule, plainHttp } from '../data-plane/listeners.ts'
import { behind, listOf } from './listeners.ts'
import type { Environment, Region, SharedLoadBalancer } from './region.ts'
import { option, type Settings } from './settings.ts'

/** The ARN of the load balancer that a configuration shares; undefined when it has one of its own. [DG:environments-cfg-alb-shared] */
export function sharedArn(settings: Settings): string | undefined {
  const isShared = option(settings, 'aws:elasticbeanstalk:environment', 'LoadBalancerIsShared') === 'true'
  return isShared ? option(settings, 'aws:elbv2:loadbalancer', 'SharedLoadBalancer') : undefined
}

/** Puts an environment behind a shared load balancer; what was there before comes first. */
export async function join(
  region: Region,
  environment: Environment,
  arn: string,
): Promise<SharedLoadBalancer> {
  const shared = await findOrMake(region, arn)
  shared.environments.push(environment)
  await refreshRules(region, shared)
  return shared
}

/** Takes an environment's rules away; the load balancer belongs to somebody else and stays. [DG:environments-cfg-alb-shared] */
export async function leave(region: Region, environment: Environment): Promise<void> {
  const shared = sharedOf(region, environment)
  if (!shared) return
  shared.environments.splice(shared.environments.indexOf(environment), 1)
  region.dataPlane.setTargets(environment.id, [])
  await refreshRules(region, shared)
}

/** Beanstalk's own rules follow a name after a swap, the user's do not. (A.11) */
export async function followNames(region: Region, environments: readonly Environment[]): Promise<void> {
  const balancers = new Set(environments.map((environment) => sharedOf(region, environment)))
  for (const shared of balancers) if (shared) await refreshRules(region, shared)
}

function sharedOf(region: Region, environment: Environment): SharedLoadBalancer | undefined {
  return [...region.sharedLoadBalancers.values()].find(({ environments }) =>
    environments.includes(environment),
  )
}

/** There is no API here that makes load balancers: one exists as soon as it is named (assumed). */
async function findOrMake(region: Region, arn: string): Promise<SharedLoadBalancer> {
  const known = region.sharedLoadBalancers.get(arn)
  if (known) return known
  const [name = 'shared', id = '0'] = arn.split('/').slice(-2)
  const listeners = [{ ...plainHttp, otherwise: 'not found' as const }]
  const made: SharedLoadBalancer = {
    arn,
    endpoint: `${name}-${id}.${region.cloud.region}.elb.amazonaws.com`,
    addresses: await region.dataPlane.openFront(arn, { listeners }),
    environments: [],
  }
  region.sharedLoadBalancers.set(arn, made)
  return made
}

async function refreshRules(region: Region, { arn, environments }: SharedLoadBalancer): Promise<void> {
  const all = environments.flatMap(rulesOf)
  const ports = new Set([plainHttp.port, ...all.map(({ port }) => port)])
  // Custom rules come before the default ones. [DG:environments-cfg-alb-shared]
  const rules = [...all.filter(({ isDefault }) => !isDefault), ...all.filter(({ isDefault }) => isDefault)]
  const listeners = [...ports].map(
    (port): Listener => ({
      ...plainHttp,
      port,
      rules: rules.filter((rule) => rule.port === port),
      otherwise: 'not found',
    }),
  )
  await region.dataPlane.setListeners(arn, listeners)
}

interface SharedRule extends ListenerRule<Destination> {
  readonly port: number
  readonly isDefault: boolean
}

/**
 * The rules of one environment, in the order of their priorities. Without `Rules` for any listener there is the default one on port
 * 80: the environment's CNAME, which is also the host of rules that name none. [DG:command-options-general aws:elbv2:listenerrule]
 */
function rulesOf(environment: Environment): readonly SharedRule[] {
  const { settings } = environment
  const named = [...settings].flatMap(([key, value]) => {
    const port = /^aws:elbv2:listener:(\d+)\|Rules$/.exec(key)?.[1]
    return port === undefined ? [] : listOf(value).map((name) => ({ port: Number(port), name }))
  })
  const all = named.length > 0 ? named : [{ port: plainHttp.port, name: 'default' }]
  return all
    .map((one) => ({ ...one, priority: Number(ruleOption(settings, one.name, 'Priority') || '1') }))
    .sort((one, other) => one.priority - other.priority)
    .map(({ port, name }) => ruleOf(environment, { port, name }))
}

function ruleOf(environment: Environment, { port, name }: { port: number; name: string }): SharedRule {
  const { settings, cname = '', id } = environment
  const hosts = listOf(ruleOption(settings, name, 'HostHeaders'))
  return {
    port,
    isDefault: name === 'default',
    hosts: hosts.length > 0 ? hosts : [cname],
    paths: listOf(ruleOption(settings, name, 'PathPatterns')),
    to:
      behind(settings, ruleOption(settings, name, 'Process')) === 'nothing' ? 'nothing' : { environment: id },
  }
}

const ruleOption = (settings: Settings, rule: string, name: string): string =>
  option(settings, `aws:elbv2:listenerrule:${rule}`, name)
