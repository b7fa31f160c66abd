import { bundleOf } from '../bundle.ts'
import { register } from '../fleet.ts'
import { refreshFront } from '../front.ts'
import { show } from '../operation.ts'
import type { Machine } from '../region.ts'
import { timeline } from '../timeline.ts'
import { type Ending, type Job, loadAll, sayFailed } from './job.ts'

/** AllAtOnce: 79 s, of which every instance is out of service for about eight. [log] */
export async function deployAllAtOnce(job: Job): Promise<Ending> {
  const { region, environment, line, fault, signal } = job
  const until = timeline(region, 1, signal)
  const machines = [...environment.machines.values()]
  await show(region, environment, {
    status: 'Pending',
    causes: [`Application update in progress on ${machines.length} instance(s).`],
    judged: false,
  })
  await until(44)
  line.info('Deploying new version to instance(s).')
  takeOut(job)
  await until(52)
  const failed = await loadAll(job, machines)
  // There is nothing left to stop: every instance has got it.
  job.cleanUp()
  const hit = fault ? machines.map(({ id }) => id) : failed
  await until(54)
  for (const { id } of machines)
    if (!hit.includes(id)) line.info('Instance deployment completed successfully.')
  await takeBack(job, machines)
  await until(75)
  if (hit.length === 0) {
    await until(79)
    line.info('New application version was deployed to running EC2 instances.')
    return 'succeeded'
  }
  sayFailed(line, hit, machines.length)
  line.error('Failed to deploy application.')
  if (fault !== 'deployment-rolls-back') return 'failed'
  await until(95)
  return restore(job, machines)
}

async function restore(job: Job, machines: readonly Machine[]): Promise<Ending> {
  const { region, environment, line } = job
  line.info('Deploying the previous application version to instance(s).')
  takeOut(job)
  await region.cloud.clock.sleep(8_000)
  const bundle = bundleOf(region, environment, environment.version)
  if (bundle) await loadAll({ region, environment, bundle, settings: environment.settings }, machines)
  await takeBack(job, machines)
  return bundle ? 'reverted' : 'failed'
}

function takeOut({ region, environment }: Job): void {
  environment.out = true
  refreshFront(region, environment)
}

async function takeBack({ region, environment }: Job, machines: readonly Machine[]): Promise<void> {
  environment.out = false
  await register(region, environment, machines)
}
