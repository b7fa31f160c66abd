import type { Balancing, Target, TargetGroup } from './model.ts'
import { isInUse } from './uses.ts'

/** The targets of a group that the user made as they are now: what Auto Scaling added and took away, and what has drained. */
export function targetsOf(balancing: Balancing, group: TargetGroup): readonly Target[] {
  const inGroups = instancesIn(balancing, group.arn)
  for (const id of inGroups) {
    const known = group.targets.get(id)
    if (!known || known.drainsUntil !== undefined) addTarget(group, { id, port: group.port, byGroup: true })
  }
  for (const target of group.targets.values())
    if (target.byGroup && !inGroups.has(target.id)) drain(balancing, group, target)
  const now = balancing.cloud.clock.now()
  for (const { id, drainsUntil } of group.targets.values())
    if (drainsUntil !== undefined && drainsUntil <= now) group.targets.delete(id)
  return [...group.targets.values()]
}

/** Registers a target; one that is there already stays as it is. */
export function addTarget(
  group: TargetGroup,
  { id, port, byGroup }: Pick<Target, 'id' | 'port' | 'byGroup'>,
): void {
  const known = group.targets.get(id)
  if (known && known.drainsUntil === undefined) return
  group.targets.set(id, { id, port, byGroup, ...unchecked, drainsUntil: undefined })
}

/** What is known of a target that was never checked. */
export const unchecked = { state: 'initial', failed: 0, passed: 0, status: undefined } as const

/** Deregisters a target: no new requests from now on, and gone after the deregistration delay. [ALB:load-balancer-target-groups] */
export function drain(balancing: Balancing, group: TargetGroup, target: Target): void {
  if (target.drainsUntil !== undefined) return
  const seconds = Number(group.attributes.get('deregistration_delay.timeout_seconds'))
  const delay = isInUse(balancing, group) ? seconds * 1_000 : 0
  target.drainsUntil = balancing.cloud.clock.now() + delay
}

/** The instances in service of the Auto Scaling groups that name a target group. */
function instancesIn({ groups }: Balancing, arn: string): ReadonlySet<string> {
  const found = [...groups.values()]
    .filter(({ targetGroups }) => targetGroups.includes(arn))
    .flatMap(({ instances }) => instances)
    .filter(({ lifecycle }) => lifecycle === 'InService')
  return new Set(found.map(({ id }) => id))
}
