import type { Group, Instance } from '../../auto-scaling/group.ts'
import { endInstance } from '../../auto-scaling/scale.ts'
import { say } from '../events.ts'
import { addMachine, register } from '../fleet.ts'
import { launchPending, makeGroup } from '../group.ts'
import { capital } from '../ids.ts'
import { show } from '../operation.ts'
import { option } from '../settings.ts'
import { timeline, type Until } from '../timeline.ts'
import { type Ending, type Job, loadAll, sayFailed } from './job.ts'

/**
 * Immutable: a temporary group of new instances beside the old ones, which go only when the new ones are healthy; 18 min
 * for three instances, 10 min for one. What fails leaves the old instances as they were. [log]
 */
export async function deployImmutable(job: Job): Promise<Ending> {
  const { region, environment, line, fault } = job
  const permanent = environment.group
  if (!permanent) return 'failed'
  const old = [...permanent.instances]
  const count = Math.max(1, old.length)
  const until = timeline(region, Math.min(1, (600 + (count - 1) * 245) / 1_090))
  await show(region, environment, {
    status: 'Info',
    causes: [`Application update in progress (running for 3 seconds).`],
    judged: true,
  })
  await until(11)
  line.info(
    'Immutable deployment policy enabled. Launching one instance with the new settings to verify health.',
  )
  await until(27)
  const suffix = capital(region.cloud.random, 12)
  const name = `awseb-${environment.id}-immutable-stack-AWSEBAutoScalingGroup-${suffix}`
  const temporary = makeGroup(region, environment, { name, desired: 1 })
  line.info(`Created temporary auto scaling group ${name}.`)

  await until(95)
  const test = [...temporary.instances]
  if (!(await bringUp(job, test, until, 104)) || fault) return abandon(job, temporary)
  line.info('Test instance passed health checks. Launching remaining new instances.')
  await until(244)
  const rest = launchPending(region, temporary, count - 1)
  temporary.desired = count
  if (rest.length > 0) {
    await until(335)
    if (!(await bringUp(job, rest, until, 366))) return abandon(job, temporary)
  }
  await until(481)
  await replace(job, { permanent, temporary, old, until })
  return 'succeeded'
}

/** Starts new instances and waits for their health; false when it does not come within the command timeout. */
async function bringUp(job: Job, instances: readonly Instance[], until: Until, at: number): Promise<boolean> {
  const { region, environment, line } = job
  const { clock } = region.cloud
  const ids = instances.map(({ id }) => id).join(', ')
  const machines = instances.map((instance) => {
    instance.lifecycle = 'InService'
    return addMachine(environment, instance)
  })
  const failed = await loadAll(job, machines)
  if (failed.length > 0) {
    sayFailed(line, failed, machines.length)
    return false
  }
  line.info('Instance deployment completed successfully.')
  line.info(`Adding new instance(s) (${ids}) to the load balancer.`)
  await until(at)
  line.info(`Waiting for instance(s) (${ids}) to pass health checks.`)
  await register(region, environment, machines)
  say(region, environment, {
    message: `Added instance${machines.length > 1 ? 's' : ''} [${ids}] to your environment.`,
  })
  const timeout = Number(option(job.settings, 'aws:elasticbeanstalk:command', 'Timeout')) || 600
  const end = clock.now() + timeout * 1_000
  while (machines.some((machine) => machine.target !== 'healthy') && clock.now() < end)
    await clock.sleep(10_000)
  if (machines.every((machine) => machine.target === 'healthy')) return true
  line.error(`Instances (${ids}) failed to pass health checks within the command timeout.`)
  return false
}

async function abandon({ region, line }: Job, temporary: Group): Promise<Ending> {
  line.error('Failed to deploy application.')
  line.info('Terminating the temporary Auto Scaling group. The instances that were running are untouched.')
  await Promise.all(temporary.instances.map((instance) => endInstance(temporary, instance)))
  region.groups.delete(temporary.name)
  return 'reverted'
}

interface Groups {
  readonly permanent: Group
  readonly temporary: Group
  readonly old: readonly Instance[]
  readonly until: Until
}

async function replace({ region, line }: Job, { permanent, temporary, old, until }: Groups): Promise<void> {
  line.info(`Detached new instance(s) from temporary auto scaling group ${temporary.name}.`)
  await until(484)
  permanent.instances.push(...temporary.instances)
  temporary.instances = []
  line.info(`Attached new instance(s) to the permanent auto scaling group ${permanent.name}.`)
  await until(511)
  line.info('Starting post-deployment configuration on new instances.')
  await until(619)
  line.info('Deployment succeeded. Terminating old instances and temporary Auto Scaling group.')
  await until(670)
  await Promise.all(old.map((instance) => endInstance(permanent, instance)))
  region.groups.delete(temporary.name)
  await until(1_090)
}
