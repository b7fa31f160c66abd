import { AwsError, type Call } from '../cloud.ts'
import { invalid } from './errors.ts'
import { sayOfApplication } from './events.ts'
import { findApplication } from './find.ts'
import type { Application, Environment, Region } from './region.ts'
import { terminateEnvironment } from './terminate.ts'

/**
 * `DeleteApplication`, with its versions and templates; bundles stay in S3. With `TerminateEnvByForce` it is there until
 * its environments are terminated. [BC:elasticbeanstalk] [CLI:ebcli/resources/strings.py app.deletesuccess]
 */
export function deleteApplication(region: Region, input: DeleteInput, call: Call): undefined {
  const application = findApplication(region, input.ApplicationName)
  const running = runningIn(region, application)
  if (running.length > 0 && !input.TerminateEnvByForce) {
    throw invalid(`Unable to delete application ${application.name} because it has running environments.`)
  }
  if (running.some(({ busy, status }) => busy && status !== 'Terminating')) {
    throw new AwsError(
      'OperationInProgressFailure',
      `Unable to delete application ${application.name}. An operation is already in progress, please retry again shortly.`,
    )
  }
  for (const { id, status } of running) {
    if (status === 'Ready') terminateEnvironment(region, { EnvironmentId: id }, call)
  }
  if (running.length === 0) remove(region, application, call)
  else void removeAfter(region, { application, running, call })
}

interface DeleteInput {
  readonly ApplicationName: string
  readonly TerminateEnvByForce?: boolean
}

function runningIn({ environments }: Region, application: Application): readonly Environment[] {
  return environments.filter(
    ({ application: of, status }) => of === application.name && status !== 'Terminated',
  )
}

/** An environment that cannot be terminated keeps the application (assumed). */
async function removeAfter(
  region: Region,
  order: { readonly application: Application; readonly running: readonly Environment[]; readonly call: Call },
): Promise<void> {
  const { application, running, call } = order
  while (running.some(({ status }) => status === 'Terminating')) await region.cloud.clock.sleep(5_000)
  if (runningIn(region, application).length === 0) return remove(region, application, call)
  sayOfApplication(
    region,
    { application: application.name, call, severity: 'ERROR' },
    'Failed to delete application.',
  )
}

function remove(region: Region, application: Application, call: Call): void {
  region.applications.delete(application.name)
  const about = { application: application.name, call, severity: 'INFO' } as const
  sayOfApplication(region, about, 'The application has been deleted successfully.')
}
