import type { Bundle } from '../data-plane/data-plane.ts'
import { type Ending, type Job, loadAll } from './deploy/job.ts'
import { register } from './fleet.ts'
import { show } from './operation.ts'
import { variables } from './settings.ts'
import { timeline } from './timeline.ts'

/**
 * A configuration update: about 150 s. Only a change of environment variables restarts the applications here.
 * [log] 80–220 s
 */
export async function configure(
  job: Omit<Job, 'bundle'> & { readonly bundle: Bundle | undefined },
): Promise<Ending> {
  const { region, environment, settings, line, fault, bundle } = job
  const until = timeline(region)
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
    const machines = [...environment.machines.values()]
    const failed = await loadAll({ region, environment, bundle, settings }, machines)
    await register(region, environment, machines)
    if (failed.length > 0) {
      line.error('Failed to deploy configuration.')
      return 'failed'
    }
  }
  await until(148)
  line.info('Successfully deployed new configuration to environment.')
  await until(150)
  return 'succeeded'
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
}
