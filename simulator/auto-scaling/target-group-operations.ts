import { AwsError, type Operation } from '../cloud.ts'
import type { Group, Groups } from './group.ts'

/** What Auto Scaling asks of Elastic Load Balancing. */
export interface TargetGroupLook {
  exists(arn: string): boolean
  /** Whether one target at least is healthy. */
  hasHealthyTarget(arn: string): boolean
}

/** The operations by which a group's instances get into target groups. [BC:autoscaling] */
export function targetGroupOperations(
  groups: Groups,
  look: TargetGroupLook,
): Readonly<Record<string, Operation>> {
  return {
    AttachLoadBalancerTargetGroups({ AutoScalingGroupName: name, TargetGroupARNs: arns }: Input) {
      const group = groupCalled(groups, name)
      requireFew(arns)
      // [issue hashicorp/terraform-provider-aws, aws_autoscaling_attachment]
      if (!arns.every(look.exists))
        throw refused('Provided Target Groups may not be valid. Please ensure they exist and try again.')
      const all = [...new Set([...group.targetGroups, ...arns])]
      // [issue zalando-incubator/kube-ingress-aws-controller#444]
      if (all.length > 50) throw refused('Too many Target Groups specified for this group. The limit is 50')
      group.targetGroups = all
      return {}
    },

    DetachLoadBalancerTargetGroups({ AutoScalingGroupName: name, TargetGroupARNs: arns }: Input) {
      const group = groupCalled(groups, name)
      requireFew(arns)
      if (!arns.every((arn) => group.targetGroups.includes(arn)))
        throw refused('Trying to remove Target Groups that are not part of the group')
      group.targetGroups = group.targetGroups.filter((arn) => !arns.includes(arn))
      return {}
    },

    DescribeLoadBalancerTargetGroups({ AutoScalingGroupName: name, MaxRecords = 100, NextToken }) {
      const { targetGroups } = groupCalled(groups, name)
      const from = Number(NextToken ?? 0)
      const end = from + MaxRecords
      return {
        LoadBalancerTargetGroups: targetGroups.slice(from, end).map((arn) => ({
          LoadBalancerTargetGroupARN: arn,
          State: look.hasHealthyTarget(arn) ? 'InService' : 'Added',
        })),
        ...(end < targetGroups.length && { NextToken: String(end) }),
      }
    },
  }
}

interface Input {
  readonly AutoScalingGroupName: string
  readonly TargetGroupARNs: readonly string[]
}

function groupCalled(groups: Groups, name: string): Group {
  const group = groups.get(name)
  if (!group) throw refused(`AutoScalingGroup name not found - ${name}`)
  return group
}

/** "You can specify up to 10 target groups." [BC:autoscaling] The sentence is assumed. */
function requireFew(arns: readonly string[]): void {
  if (arns.length > 10) throw refused('You can specify up to 10 target groups in a call')
}

const refused = (message: string) => new AwsError('ValidationError', message)
