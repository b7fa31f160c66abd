import { AwsError } from '../../cloud.ts'
import { invalid } from '../errors.ts'
import { type EnvironmentName, findEnvironment, requireReady } from '../find.ts'
import type { Environment, Region } from '../region.ts'
import { describeAction } from './describe.ts'
import { carryOut } from './run.ts'
import { windowMs } from './window.ts'

/**
 * `ApplyEnvironmentManagedAction`: pending at once, and started some seconds later; only what is Scheduled can be applied.
 * [BC:elasticbeanstalk] How many seconds, and the refusal of an unknown id, are assumed.
 */
export function applyEnvironmentManagedAction(
  region: Region,
  input: EnvironmentName & { readonly ActionId: string },
) {
  const environment = findEnvironment(region, input)
  const { managedAction: action } = environment
  if (action?.id !== input.ActionId) throw unknownAction(environment, input.ActionId)
  if (action.status !== 'Scheduled') {
    throw new AwsError(
      'ManagedActionInvalidStateException',
      'Cannot modify the managed action in its current state.',
    )
  }
  requireReady(environment)
  action.status = 'Pending'
  const { clock, random } = region.cloud
  const start = clock.now() + 5_000 + random() * 10_000
  clock.at(start, () => void carryOut(region, environment, { action, until: start + windowMs }))
  return describeAction(action)
}

function unknownAction({ name }: Environment, id: string): AwsError {
  return invalid(`No Managed Action found for ActionId = '${id}' of environment '${name}'.`)
}
