import { type EnvironmentName, findEnvironment } from '../find.ts'
import { page } from '../page.ts'
import type { Region } from '../region.ts'
import type { ActionFailure, ManagedAction, PastAction } from './action.ts'

/** `DescribeEnvironmentManagedActions`: no list where there is none, since it has one member at least. [BC:elasticbeanstalk] */
export function describeEnvironmentManagedActions(
  region: Region,
  input: EnvironmentName & { readonly Status?: string },
) {
  const { managedAction: action } = findEnvironment(region, input)
  if (!action || (input.Status ?? action.status) !== action.status) return {}
  return { ManagedActions: [{ ...describeAction(action), WindowStartTime: new Date(action.windowStart) }] }
}

/** `DescribeEnvironmentManagedActionHistory`, newest first (assumed). [BC:elasticbeanstalk] */
export function describeEnvironmentManagedActionHistory(
  region: Region,
  input: EnvironmentName & { readonly MaxItems?: number; readonly NextToken?: string },
) {
  const { pastActions } = findEnvironment(region, input)
  const { items, next } = page(pastActions.toReversed(), {
    MaxRecords: input.MaxItems ?? 100,
    NextToken: input.NextToken,
  })
  return { ...(items.length > 0 && { ManagedActionHistoryItems: items.map(describePast) }), ...next }
}

/** What every answer says of an action. */
export function describeAction({ id, type, description, status }: ManagedAction) {
  return { ActionId: id, ActionType: type, ActionDescription: description, Status: status }
}

function describePast({ id, type, description, executedAt, finishedAt, failure }: PastAction) {
  return {
    ActionId: id,
    ActionType: type,
    ActionDescription: description,
    Status: failure ? 'Failed' : 'Completed',
    ...(failure && { FailureType: failure, FailureDescription: reasons[failure] }),
    ExecutedTime: new Date(executedAt),
    FinishedTime: new Date(finishedAt),
  }
}

/** Assumed. */
const reasons: Readonly<Record<ActionFailure, string>> = {
  UpdateCancelled: 'The update was cancelled.',
  RollbackSuccessful: 'The update failed and was rolled back.',
  InternalFailure: 'The update failed.',
  InvalidEnvironmentState: 'The environment was not Ready during the maintenance window.',
}
