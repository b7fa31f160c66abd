import { register } from '../fleet.ts'
import { refreshFront } from '../front.ts'
import { show } from '../operation.ts'
import type { Machine } from '../region.ts'
import { timeline } from '../timeline.ts'
import { batchSize, inBatches } from './batches.ts'
import { type Ending, type Job, loadAll, sayFailed, sayMixed } from './job.ts'
import { ignoresHealth, passHealth } from './pass-health.ts'

/**
 * Rolling: batch after batch out of the load balancer, 160 s each. What is finished when a batch fails keeps the new version,
 * the rest the old one. [DG:using-features.rolling-version-deploy] [log]
 */
export async function deployRolling(job: Job): Promise<Ending> {
  const { region, environment, line } = job
  const machines = [...environment.machines.values()]
  await show(region, environment, {
    status: 'Info',
    causes: [`Application update in progress on ${machines.length} instance(s).`],
    judged: true,
  })
  await timeline(region, 1, job.signal)(6)
  line.info('Deploying new version to instance(s).')
  return rollThrough(job, machines)
}

/** Deploys to the machines in batches of the configured size, until one of them fails. */
export async function rollThrough(job: Job, machines: readonly Machine[]): Promise<Ending> {
  const { line } = job
  const batches = inBatches(machines, batchSize(job.settings, machines.length))
  let done = 0
  for (const [index, batch] of batches.entries()) {
    done += batch.length
    const went = await deployBatch(job, {
      machines: batch,
      name: `Batch ${index + 1}`,
      count: `${done} of ${machines.length}`,
    })
    if (!went) {
      sayMixed(line)
      return 'failed'
    }
  }
  line.info('New application version was deployed to running EC2 instances.')
  return 'succeeded'
}

interface Batch {
  readonly machines: readonly Machine[]
  readonly name: string
  /** How many instances have got their commands after it. */
  readonly count: string
}

async function deployBatch(job: Job, { machines, name, count }: Batch): Promise<boolean> {
  const { region, environment, line, fault } = job
  const until = timeline(region, 1, job.signal)
  const ids = machines.map(({ id }) => id).join(', ')
  line.info(`${name}: Starting application deployment on instance(s) [${ids}].`)
  await until(1)
  line.info(
    `${name}: De-registering instance(s) from the load balancer and waiting for them to go out of service.`,
  )
  for (const machine of machines) machine.registered = false
  refreshFront(region, environment)
  await until(14)
  line.info(`${name}: Starting application deployment command execution.`)
  await until(19)
  const failed = await loadAll(job, machines)
  const hit = fault ? machines.map(({ id }) => id) : failed
  if (hit.length > 0) {
    await register(region, environment, machines)
    sayFailed(line, hit, machines.length)
    return false
  }
  line.info('Instance deployment completed successfully.')
  await until(23)
  line.info(`${name}: Completed application deployment command execution.`)
  line.info(`Command execution completed on ${count} instances in environment.`)
  line.info(`${name}: Registering instance(s) with the load balancer and waiting for them to be healthy.`)
  await register(region, environment, machines)
  const passed = await passHealth({ ...job, machines })
  if (!passed) {
    const why = `${name}: Instance(s) [${ids}] failed to pass health checks within the command timeout.`
    if (!ignoresHealth(job)) {
      line.error(why)
      return false
    }
    line.warn(`${why} Continuing because IgnoreHealthCheck is set.`)
  }
  await until(160)
  line.info(`${name}: Completed application deployment.`)
  return true
}
