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

/**
 * Throws Failure when an environment has production by its name in the inputs alone: a target group that another one's
 * instances are registered in, as when a pull request's environment stands in the place of the one that is live.
 */
export async function refuseMistaken(
  clients: Clients,
  { id, name, status }: Environment,
  targetGroups: Readonly<Record<string, string>>,
): Promise<void> {
  const autoScalingGroup = status === 'Ready' ? await groupOf(clients, id) : undefined
  if (autoScalingGroup === undefined) return
  const attached = await attachedTo(clients, autoScalingGroup)
  const group = targetGroups[name]
  if (group === undefined || attached.includes(group)) return
  throw new Failure(
    `The rules send production to ${group}, which the inputs call the target group of ${name}, but its instances are not registered there: nobody can tell which environment is live.`,
    [
      {
        why: `Look for a mix-up of \`blue-target-group\` and \`green-target-group\`. Who is registered there:`,
        command: `aws elbv2 describe-target-health --target-group-arn ${group}`,
      },
      {
        why: 'For `verify` in an environment of its own, as for pull requests, leave `traffic` and the target groups out (docs/traffic-in-steps.md).',
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

/** The target groups that an environment's instances are registered in. Throws as `reading`. */
export async function attachedToEnvironment(clients: Clients, id: string): Promise<readonly string[]> {
  const autoScalingGroup = await groupOf(clients, id)
  return autoScalingGroup === undefined ? [] : attachedTo(clients, autoScalingGroup)
}

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
