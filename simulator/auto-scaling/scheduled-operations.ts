import { AwsError, type Operation } from '../cloud.ts'
import type { Group, Groups, ScheduledAction, Surroundings } from './group.ts'
import { readRecurrence } from './recurrence.ts'
import { nextTime, schedule } from './scheduled.ts'

/** The operations on scheduled actions. [BC:autoscaling] The words of the refusals are assumed. */
export function scheduledOperations(
  cloud: Surroundings & { readonly account: string },
  groups: Groups,
): Readonly<Record<string, Operation>> {
  return {
    DescribeScheduledActions({
      AutoScalingGroupName: name,
      ScheduledActionNames: names = [],
      StartTime,
      EndTime,
      MaxRecords = 50,
      NextToken,
    }) {
      const all = [...groups.values()]
        .filter((group) => name === undefined || group.name === name)
        .flatMap((group) => [...group.scheduled.values()].map((action) => ({ group, action })))
      const now = cloud.clock.now()
      const fitting = all.filter(({ action }) => {
        if (names.length > 0) return names.includes(action.name)
        const at = nextTime(action, now) ?? now
        return at >= (StartTime?.getTime() ?? now) && at <= (EndTime?.getTime() ?? Number.POSITIVE_INFINITY)
      })
      const from = Number(NextToken ?? 0)
      const end = from + MaxRecords
      return {
        ScheduledUpdateGroupActions: fitting
          .slice(from, end)
          .map(({ group, action }) => describe(cloud, group, action)),
        ...(end < fitting.length && { NextToken: String(end) }),
      }
    },

    PutScheduledUpdateGroupAction(input) {
      const group = findGroup(groups, input.AutoScalingGroupName)
      const action: ScheduledAction = {
        name: input.ScheduledActionName,
        startAt: (input.StartTime ?? input.Time)?.getTime(),
        endAt: input.EndTime?.getTime(),
        recurrence: input.Recurrence,
        timeZone: input.TimeZone,
        min: input.MinSize,
        max: input.MaxSize,
        desired: input.DesiredCapacity,
      }
      requireSound(action, cloud.clock.now())
      schedule(cloud, { groups, group }, action)
      return undefined
    },

    DeleteScheduledAction({ AutoScalingGroupName: name, ScheduledActionName: action }) {
      const group = findGroup(groups, name)
      if (!group.scheduled.delete(action)) throw refusal('Scheduled action name not found')
      return undefined
    },
  }
}

const refusal = (message: string) => new AwsError('ValidationError', message)

function findGroup(groups: Groups, name: string): Group {
  const group = groups.get(name)
  if (!group) throw refusal(`AutoScalingGroup name not found - ${name}`)
  return group
}

/** "You must specify at least one of MaxSize, MinSize, or DesiredCapacity"; nothing in the past. [BC:autoscaling] */
function requireSound(
  { min, max, desired, startAt, endAt, recurrence, timeZone }: ScheduledAction,
  now: number,
) {
  if (min === undefined && max === undefined && desired === undefined)
    throw refusal('At least one of MinSize, MaxSize or DesiredCapacity must be specified')
  if (startAt === undefined && recurrence === undefined)
    throw refusal('Either StartTime or Recurrence must be specified')
  if (startAt !== undefined && startAt <= now) throw refusal('Given start time is in the past')
  if (endAt !== undefined && endAt <= Math.max(now, startAt ?? now))
    throw refusal('Given end time must be in the future and after the start time')
  if (recurrence !== undefined && !readRecurrence(recurrence, timeZone))
    throw refusal(`Given recurrence string: ${recurrence} is invalid`)
}

function describe(cloud: Surroundings & { readonly account: string }, group: Group, action: ScheduledAction) {
  const { name, startAt, endAt, recurrence, timeZone, min, max, desired } = action
  const next = startAt ?? nextTime(action, cloud.clock.now())
  return {
    AutoScalingGroupName: group.name,
    ScheduledActionName: name,
    ScheduledActionARN: `arn:aws:autoscaling:${cloud.region}:${cloud.account}:scheduledUpdateGroupAction:${group.createdAt}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`,
    ...(next !== undefined && { Time: new Date(next), StartTime: new Date(next) }),
    ...(endAt !== undefined && { EndTime: new Date(endAt) }),
    ...(recurrence !== undefined && { Recurrence: recurrence }),
    ...(timeZone !== undefined && { TimeZone: timeZone }),
    ...(min !== undefined && { MinSize: min }),
    ...(max !== undefined && { MaxSize: max }),
    ...(desired !== undefined && { DesiredCapacity: desired }),
  }
}
