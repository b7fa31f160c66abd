import type { Action, Balancing, LoadBalancer, TargetGroup, WeightedGroup } from './model.ts'

/** The target groups that actions forward to, with their weights. */
export function forwardedTo(actions: readonly Action[]): readonly Required<WeightedGroup>[] {
  return actions.flatMap(({ ForwardConfig, TargetGroupArn }) => {
    const groups = ForwardConfig?.TargetGroups ?? (TargetGroupArn === undefined ? [] : [{ TargetGroupArn }])
    return groups.map(({ TargetGroupArn: arn = '', Weight = 1 }: WeightedGroup) => ({
      TargetGroupArn: arn,
      Weight,
    }))
  })
}

/** The load balancers whose rules name a target group: at most one. [ALB:load-balancer-limits] */
export function loadBalancersOf({ rules }: Balancing, arn: string): readonly LoadBalancer[] {
  const naming = [...rules.values()].filter(({ actions }) =>
    forwardedTo(actions).some(({ TargetGroupArn }) => TargetGroupArn === arn),
  )
  return [...new Set(naming.map(({ listener }) => listener.loadBalancer))]
}

/** Whether targets are checked and may get requests; the switch `weightZero` says whether a weight of 0 is enough. (D.2) */
export function isInUse({ rules, cloud }: Balancing, { arn }: TargetGroup): boolean {
  const least = cloud.switches.weightZero === 'in use' ? 0 : 1
  return [...rules.values()].some(({ actions }) =>
    forwardedTo(actions).some(({ TargetGroupArn, Weight }) => TargetGroupArn === arn && Weight >= least),
  )
}
