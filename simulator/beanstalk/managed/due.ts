import { compareVersions } from '../platforms/platform.ts'
import type { Environment, Region } from '../region.ts'
import { isEnhanced, option } from '../settings.ts'
import { branchOf, partsOf } from '../stacks.ts'
import type { ManagedAction } from './action.ts'
import { nextWindow } from './window.ts'

const namespace = 'aws:elasticbeanstalk:managedactions'

/** A managed action that should be scheduled. */
export type DueAction = Pick<ManagedAction, 'type' | 'description' | 'stack' | 'windowStart'>

/**
 * What an environment's managed actions are to do next: bring the newest platform version of its branch that its level
 * allows, else replace the instances if they are to be; nothing without enhanced health. [DG:environment-platform-update-managed]
 * The descriptions are assumed.
 */
export function dueAction(region: Region, { settings, stack }: Environment): DueAction | undefined {
  if (option(settings, namespace, 'ManagedActionsEnabled') !== 'true' || !isEnhanced(settings))
    return undefined
  const start = option(settings, namespace, 'PreferredStartTime')
  const windowStart = nextWindow(start, region.cloud.clock.now())
  if (windowStart === undefined) return undefined
  const level = option(settings, `${namespace}:platformupdate`, 'UpdateLevel')
  const newest = newestFor(region, { stack, level })
  if (newest !== stack) {
    const description = `Platform update from ${partsOf(stack).version} to ${partsOf(newest).version}`
    return { type: 'PlatformUpdate', description, stack: newest, windowStart }
  }
  if (option(settings, `${namespace}:platformupdate`, 'InstanceRefreshEnabled') !== 'true') return undefined
  return { type: 'InstanceRefresh', description: 'Instance replacement', stack, windowStart }
}

/** `patch` changes the third number only, `minor` the second too; the first never changes. */
function newestFor(region: Region, { stack, level }: { stack: string; level: string }): string {
  const kept = level === 'minor' ? 1 : 2
  const startOf = (one: string) => partsOf(one).version.split('.').slice(0, kept).join('.')
  return region.stacks
    .filter((one) => branchOf(one) === branchOf(stack) && startOf(one) === startOf(stack))
    .reduce(
      (best, one) => (compareVersions(partsOf(one).version, partsOf(best).version) > 0 ? one : best),
      stack,
    )
}
