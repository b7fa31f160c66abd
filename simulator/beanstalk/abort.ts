import type { Call } from '../cloud.ts'
import { changeStatus } from './describe-environments.ts'
import { invalid } from './errors.ts'
import { sayer } from './events.ts'
import { type EnvironmentName, findEnvironment } from './find.ts'
import type { Region } from './region.ts'

/**
 * `AbortEnvironmentUpdate`: a deployment just stops, a configuration update goes back; neither during the clean-up at the end.
 * [DG:using-features.rollingupdates.cancel] The refusal is that of [issue aws/aws-elastic-beanstalk-cli-setup#144]; its own event
 * line is assumed.
 */
export function abortEnvironmentUpdate(region: Region, input: EnvironmentName, call: Call): undefined {
  const environment = findEnvironment(region, input)
  const { abortable } = environment
  if (!abortable) {
    throw invalid(
      `Environment named ${environment.name} is in an invalid state for this operation. Must be pending deployment.`,
    )
  }
  sayer(region, environment, call).info('abortEnvironmentUpdate is starting.')
  environment.abortable = undefined
  if (region.cloud.switches.statusWhileAborting === 'Aborting') changeStatus(region, environment, 'Aborting')
  abortable.abort()
}
