import { type Kind, notFound } from './errors.ts'
import type { Balancing, Listener, LoadBalancer, Rule, TargetGroup } from './model.ts'

interface Found {
  readonly 'load balancer': LoadBalancer
  readonly 'target group': TargetGroup
  readonly listener: Listener
  readonly rule: Rule
}

/** What an ARN names. Throws LoadBalancerNotFound and the like. */
export function find<K extends Kind>(balancing: Balancing, kind: K, arn: string): Found[K] {
  const found = mapOf(balancing, kind).get(arn)
  if (!found) throw notFound(kind, [arn])
  return found
}

/** What several ARNs name, in their order; everything when there are none. */
export function findAll<K extends Kind>(
  balancing: Balancing,
  kind: K,
  arns: readonly string[] | undefined,
): readonly Found[K][] {
  const map = mapOf(balancing, kind)
  if (!arns || arns.length === 0) return [...map.values()]
  const missing = arns.filter((arn) => !map.has(arn))
  if (missing.length > 0) throw notFound(kind, missing)
  return arns.flatMap((arn) => map.get(arn) ?? [])
}

function mapOf<K extends Kind>(balancing: Balancing, kind: K): ReadonlyMap<string, Found[K]> {
  const maps: { readonly [One in Kind]: ReadonlyMap<string, Found[One]> } = {
    'load balancer': balancing.loadBalancers,
    'target group': balancing.targetGroups,
    listener: balancing.listeners,
    rule: balancing.rules,
  }
  return maps[kind]
}
