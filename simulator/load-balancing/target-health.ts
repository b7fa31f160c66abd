import { AwsError } from '../cloud.ts'
import { find } from './find.ts'
import type { Balancing, OwnTarget, Target, TargetGroup } from './model.ts'
import { targetsOf } from './targets.ts'
import { isInUse } from './uses.ts'

/** `DescribeTargetHealth`. States, reasons and their words: [BC:elbv2 TargetHealth] [ALB:target-group-health-checks] */
export function describeTargetHealth(
  balancing: Balancing,
  input: { readonly TargetGroupArn: string; readonly Targets?: readonly { readonly Id: string }[] },
) {
  const group = find(balancing, 'target group', input.TargetGroupArn)
  const all = healthOfAll(balancing, group)
  const asked = input.Targets?.map(({ Id }) => all.find(({ id }) => id === Id) ?? stranger(Id))
  return {
    TargetHealthDescriptions: (asked ?? all).map(({ id, port = group.port, health }) => ({
      Target: { Id: id, Port: port },
      HealthCheckPort: group.check.port === 'traffic-port' ? String(port) : group.check.port,
      TargetHealth: health,
    })),
  }
}

/** The health of every target of a group, whoever keeps it. */
export function healthOfAll(balancing: Balancing, group: TargetGroup): readonly HealthOf[] {
  const used = isInUse(balancing, group)
  const judge = (target: OwnTarget | Target): TargetHealth => {
    if (target.state === 'draining' || ('drainsUntil' in target && target.drainsUntil !== undefined))
      return bad('draining', 'Target.DeregistrationInProgress', 'Target deregistration is in progress')
    if (!used)
      return bad(
        'unused',
        'Target.NotInUse',
        'Target group is not configured to receive traffic from the load balancer',
      )
    if (!group.check.enabled)
      return bad(
        'unavailable',
        'Target.HealthCheckDisabled',
        'Health checks are disabled for this target group',
      )
    return checked(target)
  }
  if (group.own) return group.own.targets().map((target) => ({ id: target.id, health: judge(target) }))
  return targetsOf(balancing, group).map((target) => ({
    id: target.id,
    port: target.port,
    health: judge(target),
  }))
}

interface HealthOf {
  readonly id: string
  readonly port?: number
  readonly health: TargetHealth
}

interface TargetHealth {
  readonly State: string
  readonly Reason?: string
  readonly Description?: string
}

function checked(target: OwnTarget | Target): TargetHealth {
  const status = 'status' in target ? target.status : 'nothing'
  switch (target.state) {
    case 'healthy':
      return { State: 'healthy' }
    case 'initial':
      return status === undefined
        ? bad('initial', 'Elb.RegistrationInProgress', 'Target registration is in progress')
        : bad('initial', 'Elb.InitialHealthChecking', 'Initial health checks in progress')
    default:
      return typeof status === 'number'
        ? bad(
            'unhealthy',
            'Target.ResponseCodeMismatch',
            `Health checks failed with these codes: [${status}]`,
          )
        : bad('unhealthy', 'Target.FailedHealthChecks', 'Health checks failed')
  }
}

const bad = (State: string, Reason: string, Description: string): TargetHealth => ({
  State,
  Reason,
  Description,
})

/** Of what was registered and has drained, and of other instances; of nothing that exists: InvalidTarget. (D.2) */
function stranger(id: string): HealthOf {
  if (!/^i-[0-9a-f]+$/.test(id))
    throw new AwsError('InvalidTarget', `The following targets are not valid instances: '${id}'`)
  return {
    id,
    health: bad('unused', 'Target.NotRegistered', 'Target is not registered to the target group'),
  }
}
