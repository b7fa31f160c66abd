import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling'
import type { Environment } from '../../deployment/environment.ts'
import { Failure } from '../../deployment/errors.ts'
import { groupOf } from '../capacity.ts'
import type { Clients } from '../clients.ts'
import { reading } from '../errors.ts'

/**
 * Throws Failure when an environment's instances do not register themselves in the team's own target group: only those
 * of its Auto Scaling group do, and new ones too. [BC:autoscaling AttachLoadBalancerTargetGroups]
 */
export async function refuseUnattached(
  clients: Clients,
  { id, name }: Environment,
  group: string,
): Promise<void> {
  const autoScalingGroup = await groupOf(clients, id)
  const attached = autoScalingGroup === undefined ? [] : await attachedTo(clients, autoScalingGroup)
  if (attached.includes(group)) return
  throw new Failure(
    `The target group ${group} is not attached to the Auto Scaling group of ${name} (${autoScalingGroup ?? 'it has none'}): its instances would get no traffic.`,
    [
      {
        why: `Attach it in a file like \`.ebextensions/target-group.config\` of the version that is deployed, so that it lasts (docs/traffic-in-steps.md):`,
        workflow: snippet(group),
      },
      ...(autoScalingGroup === undefined
        ? []
        : [
            {
              why: 'Or at once, until the environment is built anew:',
              command: `aws autoscaling attach-load-balancer-target-groups --auto-scaling-group-name ${autoScalingGroup} --target-group-arns ${group}`,
            },
          ]),
    ],
  )
}

/** Beanstalk's own group stays in the list, or its load balancer would have no targets. */
const snippet = (group: string): string =>
  [
    'Resources:',
    '  AWSEBAutoScalingGroup:',
    '    Type: AWS::AutoScaling::AutoScalingGroup',
    '    Properties:',
    '      TargetGroupARNs:',
    '        - Ref: AWSEBV2LoadBalancerTargetGroup',
    `        - ${group}`,
  ].join('\n')

/** Both ways to say it. [BC:autoscaling AutoScalingGroup] */
async function attachedTo(clients: Clients, name: string): Promise<readonly string[]> {
  const { AutoScalingGroups = [] } = await reading(
    { to: `describe Auto Scaling group ${name}`, action: 'autoscaling:DescribeAutoScalingGroups' },
    () => clients.autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })),
  )
  return AutoScalingGroups.flatMap(({ TargetGroupARNs = [], TrafficSources = [] }) => [
    ...TargetGroupARNs,
    ...TrafficSources.flatMap(({ Identifier }) => Identifier ?? []),
  ])
}
