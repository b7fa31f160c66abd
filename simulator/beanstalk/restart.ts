import type { Call } from '../cloud.ts'
import { bundleOf } from './bundle.ts'
import { sayer } from './events.ts'
import { type EnvironmentName, findEnvironment, requireReady } from './find.ts'
import { load, register } from './fleet.ts'
import { refreshFront } from './front.ts'
import { begin, show } from './operation.ts'
import type { Environment, Machine, Region } from './region.ts'
import { timeline } from './timeline.ts'

/**
 * `RestartAppServer`: what runs on each instance is ended and started again, whichever version it is. [BC:elasticbeanstalk]
 * [log] Its lines, and the "7 seconds" it took. That nothing answers meanwhile, and the whole time of 13 s, are assumed.
 */
export function restartAppServer(region: Region, input: EnvironmentName, call: Call): undefined {
  const environment = findEnvironment(region, input)
  requireReady(environment)
  begin(region, environment, {
    status: 'Updating',
    call,
    course: () => restart(region, environment, call),
  })
}

async function restart(region: Region, environment: Environment, call: Call): Promise<undefined> {
  const line = sayer(region, environment, call)
  const until = timeline(region)
  const machines = [...environment.machines.values()]
  line.info('restartAppServer is starting.')
  await until(5)
  const causes = [`Application restart in progress on ${machines.length} instance(s).`]
  await show(region, environment, { status: 'Info', causes, judged: true })
  takeOut(region, environment, true)
  await until(8)
  const failed = await startAgain(region, environment, machines)
  takeOut(region, environment, false)
  await register(region, environment, machines)
  await until(12)
  for (const { id } of machines) {
    if (!failed.includes(id)) line.info('Instance deployment completed successfully.')
  }
  await until(13)
  if (failed.length === 0) line.info('Restarted application server on all ec2 instances.')
  else line.error(`Failed to restart the application server on instance id(s) '${failed.join(',')}'.`)
  return undefined
}

function takeOut(region: Region, environment: Environment, out: boolean): void {
  environment.out = out
  refreshFront(region, environment)
}

/** The ids of those that did not come up. What is already on an instance needs no bundle in S3, so it goes on running. */
async function startAgain(
  region: Region,
  environment: Environment,
  machines: readonly Machine[],
): Promise<readonly string[]> {
  const { settings } = environment
  const failed = await Promise.all(
    machines.map(async (machine) => {
      const bundle = bundleOf(region, environment, machine.version)
      if (!bundle || !environment.machines.has(machine.id)) return []
      return (await load(region, machine, { of: environment, bundle, settings })) ? [] : [machine.id]
    }),
  )
  return failed.flat()
}
