import type { Bundle } from '../data-plane/data-plane.ts'
import { bundleOf } from './bundle.ts'
import { createDatabase, releaseDatabase, wantsDatabase } from './database.ts'
import { type Ending, type Job, loadAll } from './deploy/job.ts'
import { register } from './fleet.ts'
import { show } from './operation.ts'
import { type Settings, variables } from './settings.ts'
import { Aborted, timeline } from './timeline.ts'

/** A configuration update; without a bundle no application can be restarted. */
export type ConfigurationJob = Omit<Job, 'bundle'> & { readonly bundle: Bundle | undefined }

/**
 * A configuration update: about 150 s. Only a change of environment variables restarts the applications here. An abort takes it
 * back, and nothing stops that. [log] 80–220 s [DG:using-features.rollingupdates.cancel]
 */
export async function configure(job: ConfigurationJob): Promise<Ending> {
  try {
    return await change(job)
  } catch (error) {
    if (!(error instanceof Aborted)) throw error
    return goBack(job)
  }
}

async function change(job: ConfigurationJob): Promise<Ending> {
  const { region, environment, settings, line, fault, bundle } = job
  const until = timeline(region, 1, job.signal)
  await show(region, environment, {
    status: 'Info',
    causes: ['Configuration update in progress (running for 3 seconds).'],
    judged: true,
  })
  await until(12)
  line.info(`Updating environment ${environment.name}'s configuration settings.`)
  await until(90)
  if (fault) {
    line.error('Failed to deploy configuration.')
    if (fault === 'deployment-fails') return 'failed'
    line.info('The environment was reverted to the previous configuration setting.')
    return 'reverted'
  }
  if (bundle && !isSame(variables(environment.settings), variables(settings))) {
    if (!(await restart(job, bundle, settings))) {
      line.error('Failed to deploy configuration.')
      return 'failed'
    }
  }
  await changeDatabase(job)
  await until(120)
  job.cleanUp()
  await until(148)
  line.info('Successfully deployed new configuration to environment.')
  await until(150)
  return 'succeeded'
}

/** Toggling HasCoupledDatabase makes a new database, or decouples it by the policy before. [DG:using-features.managing.db] */
async function changeDatabase({
  region,
  environment,
  settings,
  line,
  cleanUp,
}: ConfigurationJob): Promise<void> {
  const wants = wantsDatabase(settings)
  if (wants === (environment.database !== undefined)) return
  cleanUp()
  const how = { line, until: timeline(region) }
  if (wants) await createDatabase(region, environment, how)
  else await releaseDatabase(environment, how)
}

/** In the way of the update: applications that were restarted are restarted again. How long it takes is assumed. */
async function goBack(job: ConfigurationJob): Promise<Ending> {
  const { region, environment, settings, line } = job
  const { version } = environment
  await region.cloud.clock.sleep(60_000)
  const bundle = bundleOf(region, environment, version)
  if (bundle && !isSame(variables(environment.settings), variables(settings))) {
    await restart(job, bundle, environment.settings)
  }
  line.info('The environment was reverted to the previous configuration setting.')
  return 'aborted'
}

async function restart(job: ConfigurationJob, bundle: Bundle, settings: Settings): Promise<boolean> {
  const { region, environment } = job
  const machines = [...environment.machines.values()]
  const failed = await loadAll({ region, environment, bundle, settings }, machines)
  await register(region, environment, machines)
  return failed.length === 0
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
}
