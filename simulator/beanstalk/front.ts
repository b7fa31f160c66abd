import type { Environment, Region } from './region.ts'

/**
 * Tells the environment's front which instances are in service. A load balancer whose targets are all unhealthy sends
 * requests to all of them [ALB:target-group-health-checks]; a single instance gets them whatever its health.
 */
export function refreshFront(region: Region, environment: Environment): void {
  if (environment.endpoint === undefined) return
  const registered = environment.out
    ? []
    : [...environment.machines.values()].filter((machine) => machine.registered)
  const healthy = registered.filter((machine) => machine.target === 'healthy')
  const targets = (environment.single || healthy.length === 0 ? registered : healthy).map(({ id }) => id)
  if (targets.join() === environment.targets.join()) return
  environment.targets = targets
  region.dataPlane.setTargets(environment.id, targets)
}

/** Opens the front and lets the environment's name lead to it. */
export async function openFront(region: Region, environment: Environment, endpoint: string): Promise<void> {
  environment.addresses = await region.dataPlane.openFront(environment.id)
  environment.endpoint = environment.single ? environment.addresses[0] : endpoint
  if (environment.cname !== undefined) region.names.set(environment.cname.toLowerCase(), environment)
  refreshFront(region, environment)
}

/** Closes the front; its names lead nowhere from now on. */
export async function closeFront(region: Region, environment: Environment): Promise<void> {
  for (const [name, owner] of region.names) if (owner === environment) region.names.delete(name)
  environment.addresses = []
  environment.targets = []
  await region.dataPlane.closeFront(environment.id)
}
