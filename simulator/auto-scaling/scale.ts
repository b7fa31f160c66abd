import type { Group, Instance, Surroundings } from './group.ts'
import { instanceId } from './instance-id.ts'

/** The new bounds of a group; what is left out stays. */
export interface Bounds {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly desired?: number | undefined
}

/**
 * Sets bounds and launches or ends instances until as many stand as are desired. Without `desired` it follows the
 * bounds: up to a larger minimum, down to a smaller maximum. [BC:autoscaling UpdateAutoScalingGroupType]
 */
export function resize(cloud: Surroundings, group: Group, bounds: Bounds): void {
  group.min = bounds.min ?? group.min
  group.max = bounds.max ?? group.max
  const before = group.desired
  group.desired = bounds.desired ?? Math.min(Math.max(group.desired, group.min), group.max)
  if (group.desired !== before) group.scaledAt = cloud.clock.now()
  reconcile(cloud, group)
}

/** Adds an instance that is Pending; whoever calls sees to it that it comes into service. */
export function addInstance(cloud: Surroundings, group: Group): Instance {
  const zone = `${cloud.region}${'abc'[group.instances.length % 3]}`
  const instance: Instance = {
    id: instanceId(cloud.random),
    zone,
    launchedAt: cloud.clock.now(),
    lifecycle: 'Pending',
  }
  group.instances.push(instance)
  return instance
}

/** Ends one instance: it counts no more at once, and is gone from the group when the promise resolves. */
export async function endInstance(group: Group, instance: Instance): Promise<void> {
  instance.lifecycle = 'Terminating'
  await group.crew.leaving(instance)
  group.instances = group.instances.filter((one) => one !== instance)
}

/** The instances that count towards the desired capacity. */
export function standing(group: Group): readonly Instance[] {
  return group.instances.filter((instance) => instance.lifecycle !== 'Terminating')
}

function reconcile(cloud: Surroundings, group: Group): void {
  const now = standing(group)
  for (let missing = group.desired - now.length; missing > 0; missing--) void launch(cloud, group)
  // The default termination policy ends the oldest; what is not yet in service goes first here.
  const order = [...now].sort(
    (a, b) => Number(a.lifecycle === 'InService') - Number(b.lifecycle === 'InService'),
  )
  for (const instance of order.slice(0, Math.max(0, now.length - group.desired))) {
    void endInstance(group, instance)
  }
}

async function launch(cloud: Surroundings, group: Group): Promise<void> {
  const instance = addInstance(cloud, group)
  await cloud.clock.sleep(120_000 + cloud.random() * 60_000)
  if (instance.lifecycle !== 'Pending') return
  instance.lifecycle = 'InService'
  await group.crew.arrived(instance)
}
