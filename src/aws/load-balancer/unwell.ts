import type { Reading } from '../../deployment/ports.ts'
import type { Look, Parts } from './look.ts'
import { targetsOf } from './target-health.ts'

/**
 * Which environments the load balancer finds no, or unhealthy, targets of: live's users meet that, and the other one
 * cannot be given any. What it does not check while nothing is sent there is well. [ALB:target-group-health-checks] (D.2)
 */
export async function unwellTargets(
  { clients }: Parts,
  { rules, members, groupAt }: Look,
): Promise<NonNullable<Reading['obstacles']>> {
  const asked = members.flatMap(({ id, name, status }) => {
    const groups = new Set(rules.flatMap((rule) => groupAt(rule, id) ?? []))
    return status === 'Ready' ? [...groups].map((group) => ({ name, group })) : []
  })
  const found = await Promise.all(
    asked.map(async (one) => ({ ...one, fitness: await targetsOf(clients, one.group) })),
  )
  return found.flatMap(({ name, group, fitness }) =>
    fitness.is !== 'not yet'
      ? []
      : [
          {
            what: `The load balancer finds ${name} not well: ${fitness.why}.`,
            mend: {
              why: `Its instances have to be attached to the target group and to answer its health checks (path, port, security groups). What it sees:`,
              command: `aws elbv2 describe-target-health --target-group-arn ${group}`,
            },
          },
        ],
  )
}
