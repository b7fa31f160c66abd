import { bundleOf } from './bundle.ts'
import { frontShape } from './listeners.ts'
import {
  hasOwnLoadBalancer,
  makeOwnLoadBalancer,
  planOwnLoadBalancer,
  removeOwnLoadBalancer,
} from './own-load-balancer.ts'
import { isBehindBalancer } from './processes.ts'
import type { Environment, Machine, Region } from './region.ts'
import { join, leave, sharedArn, updateShared } from './shared-load-balancer.ts'
import { nameTargetGroups } from './target-groups.ts'

/** Tells the environment's front which instances are in service; unless `anew`, only when that has changed. */
export function refreshFront(region: Region, environment: Environment, anew = false): void {
  if (environment.endpoint === undefined) return
  const { split, out } = environment
  const away = out || !isBehindBalancer(region, environment)
  const registered = away ? [] : [...environment.machines.values()].filter((machine) => machine.registered)
  const isNew = ({ id }: Machine) => split?.instances.has(id) === true
  const rest = inService(
    environment,
    registered.filter((machine) => !isNew(machine)),
  )
  const instances = inService(environment, registered.filter(isNew))
  const targets = [...rest, ...instances]
  if (!anew && targets.join() === environment.targets.join()) return
  environment.targets = targets
  region.dataPlane.setTargets(environment.id, rest, split && { percent: split.percent, instances })
}

/** Gives some instances a share of the requests (per cent), or ends the sharing. */
export function splitTraffic(region: Region, environment: Environment, split: Environment['split']): void {
  environment.split = split
  refreshFront(region, environment, true)
}

/** Opens the front and lets the environment's name lead to it. Throws ListenerRefused and GroupRefused. */
export async function openFront(region: Region, environment: Environment, endpoint: string): Promise<void> {
  const arn = sharedArn(environment.settings)
  if (arn !== undefined) {
    const shared = await join(region, environment, arn)
    environment.addresses = shared.addresses
    environment.endpoint = shared.endpoint
  } else if (hasOwnLoadBalancer(environment)) {
    const made = await makeOwnLoadBalancer(region, environment, endpoint)
    environment.addresses = made.addresses
    environment.endpoint = made.dnsName
  } else {
    environment.addresses = await region.dataPlane.openFront(
      environment.id,
      frontShape(region, environment, environment.settings),
    )
    environment.endpoint = environment.single ? environment.addresses[0] : endpoint
  }
  nameGroups(region, environment)
  if (environment.cname !== undefined) region.names.set(environment.cname.toLowerCase(), environment)
  refreshFront(region, environment)
}

/** Lets the front listen as the environment's configuration says now. Throws ListenerRefused. */
export async function refreshListeners(region: Region, environment: Environment): Promise<void> {
  if (environment.endpoint === undefined) return
  if (sharedArn(environment.settings) !== undefined) return updateShared(region, environment)
  if (hasOwnLoadBalancer(environment)) {
    await planOwnLoadBalancer(region, environment)
    return nameGroups(region, environment)
  }
  const { listeners } = frontShape(region, environment, environment.settings)
  if (listeners) await region.dataPlane.setListeners(environment.id, listeners)
}

/** Closes the front; its names lead nowhere from now on. */
export async function closeFront(region: Region, environment: Environment): Promise<void> {
  for (const [name, owner] of region.names) if (owner === environment) region.names.delete(name)
  environment.addresses = []
  environment.targets = []
  environment.stackGroups = undefined
  await leave(region, environment)
  await removeOwnLoadBalancer(region, environment)
  await region.dataPlane.closeFront(environment.id)
}

const nameGroups = (region: Region, environment: Environment) =>
  nameTargetGroups(region, environment, {
    bundle: bundleOf(region, environment, environment.version),
    settings: environment.settings,
  })

/**
 * A target group whose targets are all unhealthy sends requests to all of them [ALB:target-group-health-checks]; a single
 * instance gets them whatever its health.
 */
function inService({ single }: Environment, machines: readonly Machine[]): readonly string[] {
  const healthy = machines.filter((machine) => machine.target === 'healthy')
  return (single || healthy.length === 0 ? machines : healthy).map(({ id }) => id)
}
