import type { Seen } from './look.ts'

/**
 * What a human should know where Route 53 judges health itself: records with a weight of 0 get traffic as soon as all others
 * are unhealthy, and all count as healthy when none is. [R53:health-checks-how-route-53-chooses-records] (C.2)
 */
export function healthNotes({ name, members, standing }: Seen): readonly string[] {
  return standing.flatMap(({ environment, record }) => {
    const checks = [
      ...(record.HealthCheckId === undefined ? [] : [`health check ${record.HealthCheckId}`]),
      ...(record.AliasTarget?.EvaluateTargetHealth ? ['EvaluateTargetHealth'] : []),
    ]
    const member = members.find(({ id }) => id === environment)
    if (checks.length === 0 || record.Weight === undefined || !member) return []
    return [
      `The record of ${name} to ${member.name} has ${checks.join(' and ')}: when that says it is unhealthy, Route 53 sends its users to the other environment, whatever is deployed there, even at a weight of 0.`,
    ]
  })
}
