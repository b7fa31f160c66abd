import { AwsError } from '../cloud.ts'
import { keepChecking } from './check-targets.ts'
import { find } from './find.ts'
import type { Balancing } from './model.ts'
import { addTarget, drain } from './targets.ts'

interface TargetsInput {
  readonly TargetGroupArn: string
  readonly Targets: readonly { readonly Id: string; readonly Port?: number }[]
}

/** `RegisterTargets`: instances that run. [BC:elbv2] */
export function registerTargets(
  balancing: Balancing,
  { TargetGroupArn, Targets }: TargetsInput,
): Record<string, never> {
  const group = find(balancing, 'target group', TargetGroupArn)
  const running = new Set(
    [...balancing.groups.values()].flatMap(({ instances }) => instances.map(({ id }) => id)),
  )
  const missing = Targets.map(({ Id }) => Id).filter(
    (id) => group.targetType === 'instance' && !running.has(id),
  )
  if (missing.length > 0)
    throw new AwsError(
      'InvalidTarget',
      `The following targets are not valid instances: '${missing.join(', ')}'`,
    )
  for (const { Id: id, Port: port = group.port } of Targets) addTarget(group, { id, port, byGroup: false })
  keepChecking(balancing, group)
  return {}
}

/** `DeregisterTargets`: what is not registered is no mistake. [BC:elbv2] */
export function deregisterTargets(
  balancing: Balancing,
  { TargetGroupArn, Targets }: TargetsInput,
): Record<string, never> {
  const group = find(balancing, 'target group', TargetGroupArn)
  for (const { Id } of Targets) {
    const target = group.targets.get(Id)
    if (target) drain(balancing, group, target)
  }
  return {}
}
