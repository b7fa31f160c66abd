import type { Group, Groups, ScheduledAction, Surroundings } from './group.ts'
import { nextOf, readRecurrence } from './recurrence.ts'
import { resize } from './scale.ts'

/** Puts an action in the place of one with its name, and lets it happen at its times. */
export function schedule(
  cloud: Surroundings,
  { groups, group }: { readonly groups: Groups; readonly group: Group },
  action: ScheduledAction,
): void {
  group.scheduled.set(action.name, action)
  const again = () => {
    const at = nextTime(action, cloud.clock.now())
    if (at === undefined) {
      group.scheduled.delete(action.name)
      return
    }
    cloud.clock.at(at, () => {
      const isCurrent = groups.get(group.name) === group && group.scheduled.get(action.name) === action
      if (!isCurrent) return
      // A real timer ends after 24 days at most.
      if (cloud.clock.now() >= at) carryOut(cloud, group, action)
      again()
    })
  }
  again()
}

/** When an action happens next: once at its start, then as it recurs, until its end. */
export function nextTime(action: ScheduledAction, now: number): number | undefined {
  const { startAt, endAt, recurrence, timeZone } = action
  if (startAt !== undefined && startAt > now) return startAt
  const rhythm = recurrence === undefined ? undefined : readRecurrence(recurrence, timeZone)
  const at = rhythm && nextOf(rhythm, now)
  return at === undefined || (endAt !== undefined && at > endAt) ? undefined : at
}

/** Bounds that contradict each other change nothing: that scaling activity fails. */
function carryOut(cloud: Surroundings, group: Group, { min, max, desired }: ScheduledAction): void {
  const bounds = { min: min ?? group.min, max: max ?? group.max }
  if (bounds.min > bounds.max) return
  if (desired !== undefined && (desired < bounds.min || desired > bounds.max)) return
  resize(cloud, group, { ...bounds, desired })
}
