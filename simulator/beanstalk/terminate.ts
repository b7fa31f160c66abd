import { endInstance } from '../auto-scaling/scale.ts'
import type { Call } from '../cloud.ts'
import { releaseDatabase } from './database.ts'
import { changeStatus, describeEnvironment } from './describe-environments.ts'
import { invalid, mustBeReady } from './errors.ts'
import { type Say, sayer } from './events.ts'
import { type EnvironmentName, findEnvironment } from './find.ts'
import { closeFront } from './front.ts'
import { begin, show } from './operation.ts'
import type { Environment, Region } from './region.ts'
import { stackName } from './resource-names.ts'
import { option } from './settings.ts'
import { groupInUse } from './shared-load-balancer.ts'
import { timeline, type Until } from './timeline.ts'

/** `TerminateEnvironment`: 4.5 to 11 minutes in the background. [DG:eb3-terminate] [log] */
export function terminateEnvironment(region: Region, input: EnvironmentName, call: Call) {
  const environment = findEnvironment(region, input)
  if (environment.status === 'Terminating') throw mustBeReady(environment.name)
  if (environment.busy) {
    throw invalid(
      `Cannot terminate environment named ${environment.name}. It is currently pending deployment.`,
    )
  }
  begin(region, environment, {
    status: 'Terminating',
    call,
    course: () => terminate(region, environment, call),
  })
  return describeEnvironment(region, environment)
}

async function terminate(region: Region, environment: Environment, call: Call): Promise<'stays' | undefined> {
  const { faults, random, clock } = region.cloud
  const at = { environment: environment.name, version: environment.version }
  const line = sayer(region, environment, call)
  const until = timeline(region, environment.single ? 1 : 1 + random() * 1.4)
  line.info('terminateEnvironment is starting.')
  if (faults.strikeEnvironment('stuck-terminating', at)) return 'stays'
  const fails = faults.strikeEnvironment('terminate-fails', at)
  await show(region, environment, {
    status: 'Info',
    causes: ['Environment is terminating.'],
    judged: false,
  })
  if (!(await tearDown(region, environment, { line, until, fails }))) return undefined
  await until(267)
  line.info('terminateEnvironment completed successfully.')
  environment.terminatedAt = clock.now()
  changeStatus(region, environment, 'Terminated')
  environment.health = { status: 'NoData', causes: [] }
  if (environment.cname !== undefined) {
    region.heldNames.set(environment.cname.toLowerCase(), clock.now() + 120_000 + random() * 180_000)
  }
  return 'stays'
}

/** How an environment's resources are deleted; with `fails` its security group cannot be. */
export interface TearDown {
  readonly line: Say
  readonly until: Until
  readonly fails: boolean
}

/** Deletes the resources of an environment, until 255 s of the operation's time; false when not all of them could be. */
export async function tearDown(
  region: Region,
  environment: Environment,
  { line, until, fails }: TearDown,
): Promise<boolean> {
  await until(15)
  for (const alarm of ['AWSEBCloudwatchAlarmHigh', 'AWSEBCloudwatchAlarmLow']) {
    line.info(`Deleted CloudWatch alarm named: ${stackName(region, environment, alarm)}`)
  }
  await until(83)
  line.info('Waiting for EC2 instances to terminate. This may take a few minutes.')
  await endAll(environment)
  await until(210)
  deleteGroup(region, environment, line.info)
  if (environment.database) await releaseDatabase(environment, { line, until: timeline(region) })
  await until(225)
  const referrer = referrerOf(region, environment)
  if (fails || referrer) {
    line.error(
      `Deleting security group named: awseb-${environment.id}-stack-AWSEBSecurityGroup failed Reason: resource has a dependent object${referrer ? ` (used by ${referrer.name})` : ''} (Service: AmazonEC2; Status Code: 400; Error Code: DependencyViolation)`,
    )
    line.error('Stack deletion failed: The following resource(s) failed to delete: [AWSEBSecurityGroup].')
    return false
  }
  line.info(`Deleted security group named: ${stackName(region, environment, 'AWSEBSecurityGroup')}`)
  await until(255)
  const inUse = groupInUse(region, environment)
  if (inUse !== undefined) {
    line.error(
      `Deleting target group named: ${inUse} failed Reason: Target group '${inUse}' is currently in use by a listener or a rule (Service: ElasticLoadBalancingV2; Status Code: 400; Error Code: ResourceInUse)`,
    )
    line.error(
      'Stack deletion failed: The following resource(s) failed to delete: [AWSEBV2LoadBalancerTargetGroup].',
    )
    return false
  }
  if (!environment.single) line.info(`Deleted load balancer named: ${environment.endpoint}`)
  await closeFront(region, environment)
  return true
}

async function endAll({ group }: Environment): Promise<void> {
  if (!group) return
  group.min = 0
  group.desired = 0
  await Promise.all(group.instances.map((instance) => endInstance(group, instance)))
}

function deleteGroup(region: Region, environment: Environment, say: (message: string) => void): void {
  const { group } = environment
  if (!group) return
  region.groups.delete(group.name)
  environment.group = undefined
  say(`Deleted Auto Scaling group named: ${group.name}`)
}

/** An environment whose instances use the security group of this one: it cannot be deleted then. */
function referrerOf(region: Region, { id }: Environment): Environment | undefined {
  return region.environments.find(
    (other) =>
      other.id !== id &&
      other.status !== 'Terminated' &&
      option(other.settings, 'aws:autoscaling:launchconfiguration', 'SecurityGroups').includes(
        `awseb-${id}-stack`,
      ),
  )
}
