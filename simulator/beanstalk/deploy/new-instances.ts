import type { Group, Instance } from '../../auto-scaling/group.ts'
import { endInstance } from '../../auto-scaling/scale.ts'
import { say } from '../events.ts'
import { addMachine, register } from '../fleet.ts'
import { makeGroup } from '../group.ts'
import { capital } from '../ids.ts'
import type { Until } from '../timeline.ts'
import { type Ending, type Job, loadAll, sayFailed } from './job.ts'
import { ignoresHealth, passHealth } from './pass-health.ts'

/** Makes the temporary group of an immutable or a traffic-splitting deployment, its instances Pending. [log] */
export function makeTemporaryGroup({ region, environment, line }: Job, desired: number): Group {
  const suffix = capital(region.cloud.random, 12)
  const name = `awseb-${environment.id}-immutable-stack-AWSEBAutoScalingGroup-${suffix}`
  const group = makeGroup(region, environment, { name, desired })
  line.info(`Created temporary auto scaling group ${name}.`)
  return group
}

/** Starts new instances, registers them when `registration` resolves, and waits for their health; false when something fails. */
export async function bringUp(
  job: Job,
  instances: readonly Instance[],
  registration: () => Promise<void>,
): Promise<boolean> {
  const { region, environment, line } = job
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
  await registration()
  line.info(`Waiting for instance(s) (${ids}) to pass health checks.`)
  await register(region, environment, machines)
  say(region, environment, {
    message: `Added instance${machines.length > 1 ? 's' : ''} [${ids}] to your environment.`,
  })
  if (await passHealth({ ...job, machines })) return true
  const why = `Instances (${ids}) failed to pass health checks within the command timeout.`
  if (ignoresHealth(job)) {
    line.warn(`${why} Continuing because IgnoreHealthCheck is set.`)
    return true
  }
  line.error(why)
  return false
}

/** Ends the new instances; the old ones are as they were. */
export async function abandon({ region, line }: Job, temporary: Group): Promise<Ending> {
  line.error('Failed to deploy application.')
  line.info('Terminating the temporary Auto Scaling group. The instances that were running are untouched.')
  await Promise.all(temporary.instances.map((instance) => endInstance(temporary, instance)))
  region.groups.delete(temporary.name)
  return 'reverted'
}

/** The two groups, and the instances that are to go. */
export interface Groups {
  readonly permanent: Group
  readonly temporary: Group
  readonly old: readonly Instance[]
  readonly until: Until
}

/** Puts the new instances in the place of the old ones, from second 481 of the log on. It cannot be aborted any more. */
export async function replace(job: Job, { permanent, temporary, old, until }: Groups): Promise<void> {
  const { region, line } = job
  job.cleanUp()
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
