import type { Call } from '../cloud.ts'
import { bundleOf } from './bundle.ts'
import { createDatabase, wantsDatabase } from './database.ts'
import { type Say, say, sayer } from './events.ts'
import { addMachine, load, register } from './fleet.ts'
import { closeFront, openFront } from './front.ts'
import { makeGroup } from './group.ts'
import { colourOf } from './health/colour.ts'
import { failingAfter } from './health/judge.ts'
import { look } from './health/look.ts'
import { queuesOf } from './queues.ts'
import { type Refused, refusedListener, sayRefused } from './refused-listener.ts'
import type { Environment, Machine, Region } from './region.ts'
import { loadBalancerName, stackName } from './resource-names.ts'
import { applyScheduledActions } from './scheduled-actions.ts'
import { isEnhanced } from './settings.ts'
import { GroupRefused } from './target-groups.ts'
import { timeline, timelineFrom } from './timeline.ts'

/**
 * The course of CreateEnvironment: 6 min 31 s with a load balancer, about 3 min without.
 * [CLI:tests/unit/mock_responses.py:1624] [DG:eb3-clone]
 */
export function launch(region: Region, environment: Environment, call: Call): Promise<undefined> {
  sayer(region, environment, call).info('createEnvironment is starting.')
  return build(region, environment, call)
}

/** Makes an environment's resources and starts its application, as a launch and a rebuild do. */
export async function build(region: Region, environment: Environment, call: Call): Promise<undefined> {
  const line = sayer(region, environment, call)
  const pace = environment.single ? 180 / 391 : 1
  let until = timeline(region, pace)
  const breaks = strikes(region, environment)
  const { cloud } = region

  await until(1)
  line.info(
    `Using elasticbeanstalk-${cloud.region}-${cloud.account} as Amazon S3 storage bucket for environment data.`,
  )
  await until(11)
  if (isEnhanced(environment.settings)) {
    const why = 'Initialization in progress (running for 3 seconds). There are no instances.'
    say(region, environment, { message: `Environment health has transitioned to Pending. ${why}` })
  }
  await until(23)
  if (environment.tier === 'worker')
    for (const { URL } of queuesOf(region, environment)) line.info(`Created SQS queue named: ${URL}`)
  line.info(`Created security group named: ${stackName(region, environment, 'AWSEBSecurityGroup')}`)
  line.info(
    `Created Auto Scaling launch configuration named: ${stackName(region, environment, 'AWSEBAutoScalingLaunchConfiguration')}`,
  )
  if (wantsDatabase(environment.settings)) {
    await createDatabase(region, environment, { line, until: timeline(region) })
    until = timelineFrom(region, 23, pace)
  }
  await until(100)
  const group = makeGroup(region, environment, {
    name: stackName(region, environment, 'AWSEBAutoScalingGroup'),
  })
  environment.group = group
  applyScheduledActions(region, environment)
  line.info(`Created Auto Scaling group named: ${group.name}`)
  line.info('Waiting for EC2 instances to launch. This may take a few minutes.')
  await until(116)
  sayTriggers(region, environment, line)
  await until(131)
  const machines: Machine[] = []
  for (const instance of group.instances) {
    if (instance.lifecycle !== 'Pending') continue
    instance.lifecycle = 'InService'
    machines.push(addMachine(environment, instance))
    say(region, environment, { message: `Added instance [${instance.id}] to your environment.` })
  }
  await until(150)
  const refused =
    environment.tier === 'web' ? refusedListener(region, environment, environment.settings) : undefined
  if (refused) return breakOff(region, environment, { line, refused })
  if (environment.tier === 'web') {
    const without = await openOrRefuse(region, environment)
    if (without) return breakOff(region, environment, { line, refused: without })
    if (!environment.single) line.info(`Created load balancer named: ${environment.endpoint}`)
  }
  await until(344)
  const came = await startAll(region, environment, machines, line)
  await until(370)
  await register(region, environment, machines)
  const passes = machines.every((machine) => machine.failed === 0)
  // A launch waits for health, so that there is no minute of doubt left at its end.
  if (!passes) for (const machine of machines) if (machine.failed > 0) machine.failed += failingAfter
  environment.failed = breaks
  environment.shown = undefined
  await look(region, environment, 'Initialization completed 26 seconds ago and took 5 minutes.')
  await until(391)
  if (came && passes && colourOf(environment.health.status) !== 'Red') {
    line.info(`Successfully launched environment: ${environment.name}`)
    return
  }
  sayTroubled(environment, line)
}

async function openOrRefuse(region: Region, environment: Environment): Promise<GroupRefused | undefined> {
  try {
    await openFront(region, environment, loadBalancerName(region, environment))
    return undefined
  } catch (error) {
    if (!(error instanceof GroupRefused)) throw error
    await closeFront(region, environment)
    environment.endpoint = undefined
    return error
  }
}

/** A stack that is not made leaves what was made before: an environment that can only be terminated (assumed). */
async function breakOff(
  region: Region,
  environment: Environment,
  { line, refused }: { readonly line: Say; readonly refused: Refused },
): Promise<undefined> {
  sayRefused(line, environment, { refused, during: 'CREATE' })
  line.error('Failed to launch environment.')
  environment.failed = true
  environment.shown = undefined
  await look(region, environment)
  sayTroubled(environment, line)
}

function sayTroubled({ name }: Environment, line: Say): undefined {
  line.error(
    'Create environment operation is complete, but with errors. For more information, see troubleshooting documentation.',
  )
  line.info(
    `Launched environment: ${name}. However, there were issues during launch. See event log for details.`,
  )
}

function strikes({ cloud }: Region, { name, version }: Environment): boolean {
  const at = { environment: name, version }
  return (
    cloud.faults.strikeEnvironment('launch-with-errors', at) ||
    cloud.faults.strikeEnvironment('deployment-fails', at) ||
    cloud.faults.strikeEnvironment('deployment-rolls-back', at)
  )
}

function sayTriggers(region: Region, environment: Environment, line: Say): void {
  if (environment.single) return
  for (const policy of ['AWSEBAutoScalingScaleUpPolicy', 'AWSEBAutoScalingScaleDownPolicy']) {
    line.info(`Created Auto Scaling group policy named: ${stackName(region, environment, policy)}`)
  }
  for (const alarm of ['AWSEBCloudwatchAlarmHigh', 'AWSEBCloudwatchAlarmLow']) {
    line.info(`Created CloudWatch alarm named: ${stackName(region, environment, alarm)}`)
  }
}

async function startAll(
  region: Region,
  environment: Environment,
  machines: readonly Machine[],
  line: Say,
): Promise<boolean> {
  const bundle = bundleOf(region, environment, environment.version)
  if (!bundle) {
    line.error('Failed to deploy application: the source bundle does not exist in Amazon S3.')
    return false
  }
  const { settings } = environment
  const results = await Promise.all(
    machines.map((machine) => load(region, machine, { of: environment, bundle, settings })),
  )
  if (results.every(Boolean)) return true
  line.error("Instance deployment failed. For details, see 'eb-engine.log'.")
  line.error('Failed to launch environment.')
  return false
}
