import { deleteListenerOf, makeListener } from '../load-balancing/listeners.ts'
import { makeLoadBalancer, removeLoadBalancer } from '../load-balancing/load-balancers.ts'
import type { LoadBalancer } from '../load-balancing/model.ts'
import { listenersOf, openListeners, spreadRules } from '../load-balancing/refresh.ts'
import { makeRule } from '../load-balancing/rules.ts'
import { isInternal, type PlannedListener, plannedListeners } from './listeners.ts'
import { loadBalancerType } from './load-balancer.ts'
import {
  groupsOf,
  makeProcessGroups,
  portOf,
  processesOf,
  removeProcessGroups,
  tagAsOwn,
} from './processes.ts'
import type { Environment, Region } from './region.ts'
import { ruleConditions } from './rule-conditions.ts'

/** Does the environment have a load balancer of ELBv2 to itself? */
export function hasOwnLoadBalancer({ single, tier, settings }: Environment): boolean {
  const type = loadBalancerType(settings)
  return !single && tier === 'web' && (type === 'application' || type === 'network')
}

/** The load balancer that an environment has to itself. */
export const ownLoadBalancer = (
  { balancing }: Region,
  { id }: Pick<Environment, 'id'>,
): LoadBalancer | undefined =>
  [...balancing.loadBalancers.values()].find(({ environment }) => environment === id)

/** Makes it, with its target groups, listeners and rules. Throws ListenerRefused. */
export async function makeOwnLoadBalancer(
  region: Region,
  environment: Environment,
  dnsName: string,
): Promise<LoadBalancer> {
  const { id, settings } = environment
  const made = await makeLoadBalancer(region.balancing, {
    name: (dnsName.split('.')[0] ?? '').replace(/^internal-/, '').replace(/-\d+$/, ''),
    type: loadBalancerType(settings) === 'network' ? 'network' : 'application',
    internal: isInternal(settings),
    dnsName,
    front: id,
    environment: id,
    atOnce: true,
  })
  tagAsOwn(region, environment, made.arn, 'AWSEBV2LoadBalancer')
  await planOwnLoadBalancer(region, environment)
  return made
}

/**
 * Lets it listen as the configuration says. What the user changed on it stays until the configuration of listeners
 * changes: CloudFormation touches only what has changed in its template (assumed). Throws ListenerRefused.
 */
export async function planOwnLoadBalancer(region: Region, environment: Environment): Promise<void> {
  const { balancing, cloud } = region
  const loadBalancer = ownLoadBalancer(region, environment)
  if (!loadBalancer) return
  const planned = plannedListeners(environment.settings, cloud.certificates)
  makeProcessGroups(region, environment)
  const ports = processesOf(environment.settings).map((one) => [one, portOf(environment.settings, one)])
  const plan = JSON.stringify([planned, ports])
  if (plan === environment.listeners) return
  environment.listeners = plan
  for (const listener of listenersOf(balancing, loadBalancer)) deleteListenerOf(balancing, listener)
  for (const one of planned) addListener(region, environment, { loadBalancer, planned: one })
  const wanted = processesOf(environment.settings)
  const gone = [...groupsOf(region, environment)].filter(([process]) => !wanted.includes(process))
  removeProcessGroups(
    region,
    gone.map(([, group]) => group),
  )
  spreadRules(balancing, loadBalancer, true)
  await openListeners(balancing, loadBalancer)
}

function addListener(
  region: Region,
  environment: Environment,
  { loadBalancer, planned }: { readonly loadBalancer: LoadBalancer; readonly planned: PlannedListener },
): void {
  const { balancing } = region
  const { port, protocol, certificates, process, rules } = planned
  const isNetwork = loadBalancer.type === 'network'
  const secure = isNetwork ? 'TLS' : 'HTTPS'
  const listener = makeListener(balancing, {
    loadBalancer,
    port,
    protocol: protocol === 'HTTPS' ? secure : isNetwork ? 'TCP' : 'HTTP',
    certificates: certificates.map(({ arn }) => arn),
    actions: [forwardTo(region, environment, process)],
  })
  const resource = `AWSEBV2LoadBalancerListener${port === 80 ? '' : port}`
  tagAsOwn(region, environment, listener.arn, resource)
  rules.forEach((rule, at) => {
    const made = makeRule(balancing, {
      listener,
      priority: at + 1,
      conditions: ruleConditions(rule),
      actions: [forwardTo(region, environment, rule.process)],
    })
    tagAsOwn(region, environment, made.arn, `AWSEBV2LoadBalancerListenerRule${rule.name}`)
  })
}

/** The action that sends requests to a process of an environment; a process that nobody defined is the default one (assumed). */
export function forwardTo(region: Region, environment: Environment, process: string) {
  const groups = groupsOf(region, environment)
  const TargetGroupArn = (groups.get(process) ?? groups.get('default'))?.arn ?? ''
  return {
    Type: 'forward',
    TargetGroupArn,
    ForwardConfig: {
      TargetGroups: [{ TargetGroupArn, Weight: 1 }],
      TargetGroupStickinessConfig: { Enabled: false },
    },
  }
}

/** Takes it away with its listeners, rules and target groups. */
export async function removeOwnLoadBalancer(region: Region, environment: Environment): Promise<void> {
  const known = ownLoadBalancer(region, environment)
  environment.listeners = undefined
  if (known) await removeLoadBalancer(region.balancing, known)
  removeProcessGroups(region, groupsOf(region, environment).values())
}
