import { type EnvironmentName, findEnvironment } from './find.ts'
import { queuesOf } from './queues.ts'
import type { Region } from './region.ts'
import { loadBalancerId } from './resource-names.ts'

/** `DescribeEnvironmentResources`: a load balancer by its ARN, a classic one by its name, no target groups. [CLI:tests/unit/mock_responses.py:1464] */
export function describeEnvironmentResources(region: Region, input: EnvironmentName) {
  const environment = findEnvironment(region, input)
  const { name, group, single, tier, endpoint } = environment
  const balanced = !single && tier === 'web' && endpoint !== undefined
  const stack = group?.name.replace(/AWSEBAutoScalingGroup-.*$/, '') ?? ''
  return {
    EnvironmentResources: {
      EnvironmentName: name,
      AutoScalingGroups: group ? [{ Name: group.name }] : [],
      Instances: [...environment.machines.keys()].map((Id) => ({ Id })),
      LaunchConfigurations: group ? [{ Name: `${stack}AWSEBAutoScalingLaunchConfiguration` }] : [],
      LaunchTemplates: [],
      LoadBalancers: balanced ? [{ Name: loadBalancerId(region, environment) }] : [],
      Triggers: group && !single ? [{ Name: `${stack}AWSEBCloudwatchAlarmLow` }] : [],
      Queues: queuesOf(region, environment),
    },
  }
}

/** `CreateStorageLocation`: makes Beanstalk's bucket or finds it. [DG:AWSHowTo.S3] */
export function createStorageLocation({ cloud, buckets }: Region) {
  const bucket = `elasticbeanstalk-${cloud.region}-${cloud.account}`
  if (!buckets.has(bucket)) buckets.create(bucket)
  return { S3Bucket: bucket }
}
