import type { Balancing, LoadBalancer } from './model.ts'
import { healthOfAll } from './target-health.ts'
import { loadBalancersOf } from './uses.ts'

/**
 * Whether Route 53 leads to a load balancer: every target group behind it needs a healthy target, and one without targets has
 * none. Groups that are not in use do not count (assumed). [BC:route53 AliasTarget.EvaluateTargetHealth]
 */
export function isHealthy(balancing: Balancing, loadBalancer: LoadBalancer): boolean {
  const behind = [...balancing.targetGroups.values()].filter(({ arn }) =>
    loadBalancersOf(balancing, arn).includes(loadBalancer),
  )
  return behind.every((group) => {
    const states = healthOfAll(balancing, group).map(({ health }) => health.State)
    const isUnused = states.length > 0 && states.every((state) => state === 'unused')
    return isUnused || states.includes('healthy')
  })
}
