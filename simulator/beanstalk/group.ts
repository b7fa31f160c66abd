import type { Group, Instance } from '../auto-scaling/group.ts'
import { addInstance } from '../auto-scaling/scale.ts'
import { crewOf } from './fleet.ts'
import type { Environment, Region } from './region.ts'
import { groupBounds } from './settings.ts'

/** Makes the environment's Auto Scaling group with `desired` instances that are Pending. */
export function makeGroup(
  region: Region,
  environment: Environment,
  { name, desired }: { readonly name: string; readonly desired?: number },
): Group {
  const { min, max } = groupBounds(environment.settings)
  const group: Group = {
    name,
    environment: { id: environment.id, name: environment.name },
    createdAt: region.cloud.clock.now(),
    crew: crewOf(region, environment),
    min,
    max,
    desired: desired ?? min,
    instances: [],
    targetGroups: environment.group?.targetGroups ?? [],
    scheduled: new Map(),
    scaledAt: region.cloud.clock.now(),
  }
  region.groups.set(name, group)
  launchPending(region, group, group.desired)
  return group
}

/** Adds instances that are Pending. */
export function launchPending(region: Region, group: Group, count: number): readonly Instance[] {
  return Array.from({ length: count }, () => addInstance(region.cloud, group))
}
