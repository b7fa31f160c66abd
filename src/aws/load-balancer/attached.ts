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
        why: 'A file like `.ebextensions/target-group.config` in the bundle attaches it, with Beanstalk’s own kept in the list (docs/traffic-in-steps.md):',
        workflow: snippet,
      },
      {
        why: `And ${name} has to say which one is its own, before that version is deployed:`,
        command: `aws elasticbeanstalk update-environment --environment-name ${name} --option-settings Namespace=aws:elasticbeanstalk:customoption,OptionName=TargetGroupArn,Value=${group}`,
      },
    ],
  )
}

/** [DG:customize-containers-format-resources-eb, Fn::GetOptionSetting] */
const snippet = [
  'Resources:',
  '  AWSEBAutoScalingGroup:',
  '    Type: AWS::AutoScaling::AutoScalingGroup',
  '    Properties:',
  '      TargetGroupARNs:',
  '        - Ref: AWSEBV2LoadBalancerTargetGroup',
  '        - Fn::GetOptionSetting:',
  '            Namespace: aws:elasticbeanstalk:customoption',
  '            OptionName: TargetGroupArn',
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
