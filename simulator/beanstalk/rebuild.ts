import type { Call } from '../cloud.ts'
import { sampleApplication } from './bundle.ts'
import { isTaken } from './cnames.ts'
import { requireNameFree } from './create-environment.ts'
import { notAvailable } from './errors.ts'
import { sayer } from './events.ts'
import { type EnvironmentName, findApplication, findEnvironment, findVersion, requireReady } from './find.ts'
import { watch } from './health/look.ts'
import { build } from './launch.ts'
import { watchForUpdates } from './managed/schedule.ts'
import { begin, show } from './operation.ts'
import type { Environment, Region } from './region.ts'
import { tearDown } from './terminate.ts'
import { timeline } from './timeline.ts'

/** "within six weeks (42 days) of their termination". [DG:environment-management-rebuild] */
const restorableMs = 42 * 24 * 3_600_000

/** `RebuildEnvironment`: new resources for an environment, also for one that is terminated. [DG:environment-management-rebuild] */
export function rebuildEnvironment(region: Region, input: EnvironmentName, call: Call): undefined {
  const terminated = findTerminated(region, input)
  if (terminated) return restore(region, terminated, call)
  const environment = findEnvironment(region, input)
  requireReady(environment)
  begin(region, environment, {
    status: 'Updating',
    call,
    course: () => rebuild(region, environment, call),
  })
}

/** The newest of that name; a living one comes first. */
function findTerminated(region: Region, input: EnvironmentName): Environment | undefined {
  const { EnvironmentId: id, EnvironmentName: name } = input
  const since = region.cloud.clock.now() - restorableMs
  const named = region.environments.filter(
    (one) => (id ?? name) !== undefined && (id ?? one.id) === one.id && (name ?? one.name) === one.name,
  )
  if (named.some(({ status }) => status !== 'Terminated')) return undefined
  return named.findLast(({ terminatedAt }) => terminatedAt !== undefined && terminatedAt > since)
}

/** Its name leads nowhere between the two halves. The lines of the halves are those of a termination and a launch (assumed). */
async function rebuild(region: Region, environment: Environment, call: Call): Promise<undefined> {
  const line = sayer(region, environment, call)
  const until = timeline(region)
  line.info('rebuildEnvironment is starting.')
  const causes = ['Environment is being rebuilt.']
  await show(region, environment, { status: 'Info', causes, judged: false })
  if (!(await tearDown(region, environment, { line, until, fails: false }))) return undefined
  environment.endpoint = undefined
  pend(environment)
  return build(region, environment, call)
}

/**
 * The same name, id and configuration, unless name or CNAME are taken by now or the version is gone. That it is Launching
 * meanwhile, and that a name which is still held can be taken back by its own environment, are assumed.
 */
function restore(region: Region, environment: Environment, call: Call): undefined {
  const { application, name, cname, version } = environment
  const found = findApplication(region, application)
  if (version !== undefined && version !== sampleApplication) findVersion(found, version)
  requireNameFree(region, name)
  if (cname !== undefined && isTaken(region, cname)) throw notAvailable(cname)
  environment.terminatedAt = undefined
  environment.endpoint = undefined
  environment.failed = false
  environment.managedAction = undefined
  environment.life += 1
  watch(region, environment)
  watchForUpdates(region, environment)
  begin(region, environment, {
    status: 'Launching',
    call,
    course: async () => {
      sayer(region, environment, call).info('restoreEnvironment is starting.')
      pend(environment)
      return build(region, environment, call)
    },
  })
}

function pend(environment: Environment): void {
  environment.health = { status: 'Pending', causes: [] }
  environment.shown = { health: environment.health, judged: false }
}
