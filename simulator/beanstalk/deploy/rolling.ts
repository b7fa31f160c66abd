import { register } from '../fleet.ts'
import { refreshFront } from '../front.ts'
import { show } from '../operation.ts'
import type { Environment, Machine } from '../region.ts'
import { option } from '../settings.ts'
import { timeline } from '../timeline.ts'
import { type Ending, type Job, loadAll, sayFailed } from './job.ts'

/**
 * Rolling: batch after batch, 160 s each. What is finished when a batch fails keeps the new version, the rest the old one.
 * [DG:using-features.rolling-version-deploy]
 */
export async function deployRolling(job: Job): Promise<Ending> {
  const { region, environment, line, fault } = job
  const until = timeline(region)
  const machines = [...environment.machines.values()]
  const batches = inBatches(environment, machines)
  await show(region, environment, {
    status: 'Info',
    causes: [`Application update in progress on ${machines.length} instance(s).`],
    judged: true,
  })
  for (const [index, batch] of batches.entries()) {
    const start = index * 160
    await until(start + 10)
    line.info(
      `Batch ${index + 1}: Starting application deployment on instance(s) [${batch.map(({ id }) => id).join(', ')}].`,
    )
    for (const machine of batch) machine.registered = false
    refreshFront(region, environment)
    await until(start + 40)
    const failed = await loadAll(job, batch)
    await register(region, environment, batch)
    const hit = fault ? batch.map(({ id }) => id) : failed
    if (hit.length > 0) {
      sayFailed(line, hit, batch.length)
      line.error('Failed to deploy application.')
      line.error(
        'During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.',
      )
      return 'failed'
    }
    await until(start + 155)
    line.info(`Batch ${index + 1}: Completed application deployment.`)
  }
  line.info('New application version was deployed to running EC2 instances.')
  return 'succeeded'
}

function inBatches({ settings }: Environment, machines: readonly Machine[]): readonly (readonly Machine[])[] {
  const namespace = 'aws:elasticbeanstalk:command'
  const size = Number(option(settings, namespace, 'BatchSize')) || 100
  const fixed = option(settings, namespace, 'BatchSizeType') === 'Fixed'
  const each = Math.max(1, fixed ? size : Math.floor((machines.length * size) / 100))
  const count = Math.ceil(machines.length / each)
  return Array.from({ length: count }, (_, index) => machines.slice(index * each, (index + 1) * each))
}
