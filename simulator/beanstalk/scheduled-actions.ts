import type { ScheduledAction } from '../auto-scaling/group.ts'
import { nextTime, schedule } from '../auto-scaling/scheduled.ts'
import type { Environment, Region } from './region.ts'
import type { Settings } from './settings.ts'

/**
 * Gives the environment's group the scheduled actions of its configuration, and takes away those that it has no more. What others
 * put there stays. [DG:environments-cfg-autoscaling-scheduledactions]
 */
export function applyScheduledActions(region: Region, environment: Environment): void {
  const { group, id } = environment
  if (!group) return
  const prefix = `awseb-${id}-stack-`
  const wanted = scheduledActions(environment.settings, prefix)
  for (const name of group.scheduled.keys())
    if (name.startsWith(prefix) && !wanted.some((action) => action.name === name))
      group.scheduled.delete(name)
  for (const action of wanted) {
    const isThere = JSON.stringify(group.scheduled.get(action.name)) === JSON.stringify(action)
    // One whose time is over is kept as an option, and does nothing.
    if (isThere || nextTime(action, region.cloud.clock.now()) === undefined) continue
    schedule(region.cloud, { groups: region.groups, group }, action)
  }
}

const namespace = 'aws:autoscaling:scheduledaction'

/** The actions that are not suspended. [DG:command-options-general aws:autoscaling:scheduledaction] */
function scheduledActions(settings: Settings, prefix: string): readonly ScheduledAction[] {
  const names = [...settings.keys()].flatMap((key) => {
    const [of, , name] = key.split('|')
    return of === namespace && name !== undefined ? [name] : []
  })
  return [...new Set(names)].flatMap((name) => {
    const text = (of: string) => settings.get(`${namespace}|${of}|${name}`) || undefined
    const number = (of: string) => (text(of) === undefined ? undefined : Number(text(of)))
    const time = (of: string) => (text(of) === undefined ? undefined : Date.parse(text(of) ?? ''))
    if (text('Suspend') === 'true') return []
    return {
      name: prefix + name,
      startAt: time('StartTime'),
      endAt: time('EndTime'),
      recurrence: text('Recurrence'),
      timeZone: undefined,
      min: number('MinSize'),
      max: number('MaxSize'),
      desired: number('DesiredCapacity'),
    }
  })
}
