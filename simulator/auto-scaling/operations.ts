import { AwsError, type Operation } from '../cloud.ts'
import type { Group, Groups, Surroundings } from './group.ts'
import { resize } from './scale.ts'

/** The operations of Auto Scaling that a blue/green deployment needs. [BC:autoscaling] */
export function autoScalingOperations(
  cloud: Surroundings & { readonly account: string },
  groups: Groups,
): Readonly<Record<string, Operation>> {
  return {
    DescribeAutoScalingGroups({
      AutoScalingGroupNames: names = [],
      Filters: filters = [],
      MaxRecords,
      NextToken,
    }) {
      const fitting = [...groups.values()].filter(
        (group) =>
          (names.length === 0 || names.includes(group.name)) &&
          filters.every((filter: Filter) => passes(group, filter)),
      )
      const from = Number(NextToken ?? 0)
      const end = from + (MaxRecords ?? 50)
      return {
        AutoScalingGroups: fitting.slice(from, end).map((group) => describe(cloud, group)),
        ...(end < fitting.length && { NextToken: String(end) }),
      }
    },

    UpdateAutoScalingGroup({ AutoScalingGroupName: name, MinSize, MaxSize, DesiredCapacity }) {
      const group = groups.get(name)
      if (!group) throw new AwsError('ValidationError', `AutoScalingGroup name not found - ${name}`)
      const min = MinSize ?? group.min
      const max = MaxSize ?? group.max
      if (min > max) {
        throw new AwsError(
          'ValidationError',
          `Max bound, ${max}, must be greater than or equal to min bound, ${min}`,
        )
      }
      const desired = DesiredCapacity
      if (desired !== undefined && (desired < min || desired > max)) {
        throw new AwsError(
          'ValidationError',
          `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
        )
      }
      resize(cloud, group, { min, max, desired })
      return undefined
    },
  }
}

interface Filter {
  readonly Name?: string
  readonly Values?: readonly string[]
}

function passes(group: Group, { Name = '', Values = [] }: Filter): boolean {
  const tags = tagsOf(group)
  if (Name === 'tag-key') return tags.some(({ Key }) => Values.includes(Key))
  if (Name === 'tag-value') return tags.some(({ Value }) => Values.includes(Value))
  return tags.some(({ Key, Value }) => Name === `tag:${Key}` && Values.includes(Value))
}

function describe(cloud: Surroundings & { readonly account: string }, group: Group) {
  const configuration = group.name.replace('AutoScalingGroup', 'AutoScalingLaunchConfiguration')
  return {
    AutoScalingGroupName: group.name,
    AutoScalingGroupARN: `arn:aws:autoscaling:${cloud.region}:${cloud.account}:autoScalingGroup:${group.createdAt}:autoScalingGroupName/${group.name}`,
    LaunchConfigurationName: configuration,
    MinSize: group.min,
    MaxSize: group.max,
    DesiredCapacity: group.desired,
    DefaultCooldown: 360,
    AvailabilityZones: [...'abc'].map((letter) => cloud.region + letter),
    TargetGroupARNs: group.targetGroups,
    HealthCheckType: 'EC2',
    HealthCheckGracePeriod: 0,
    CreatedTime: new Date(group.createdAt),
    Instances: group.instances.map(({ id, zone, lifecycle }) => ({
      InstanceId: id,
      AvailabilityZone: zone,
      LifecycleState: lifecycle,
      HealthStatus: 'Healthy',
      LaunchConfigurationName: configuration,
      ProtectedFromScaleIn: false,
    })),
    Tags: tagsOf(group).map((tag) => ({
      ...tag,
      ResourceId: group.name,
      ResourceType: 'auto-scaling-group',
      PropagateAtLaunch: true,
    })),
    TerminationPolicies: ['Default'],
    NewInstancesProtectedFromScaleIn: false,
  }
}

function tagsOf({ environment }: Group) {
  return [
    { Key: 'Name', Value: environment.name },
    { Key: 'elasticbeanstalk:environment-id', Value: environment.id },
    { Key: 'elasticbeanstalk:environment-name', Value: environment.name },
  ]
}
