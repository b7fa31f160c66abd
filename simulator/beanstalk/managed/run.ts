import type { Call } from '../../cloud.ts'
import { bundleOf } from '../bundle.ts'
import { deploy } from '../deploy/deploy.ts'
import type { Ending, Job } from '../deploy/job.ts'
import { sayer } from '../events.ts'
import { requestId } from '../ids.ts'
import { begin } from '../operation.ts'
import type { Environment, Region } from '../region.ts'
import { timeline } from '../timeline.ts'
import type { ActionFailure, ManagedAction } from './action.ts'

/** Which action is carried out, and until when (ms since 1970) it waits for the environment to be Ready. */
export interface ActionOrder {
  readonly action: ManagedAction
  readonly until: number
}

/**
 * Carries a pending action out as soon as the environment is Ready; one that is busy for too long makes it fail. That it
 * is waited for is assumed. [BC:elasticbeanstalk FailureType InvalidEnvironmentState]
 */
export async function carryOut(region: Region, environment: Environment, order: ActionOrder): Promise<void> {
  const { clock, random } = region.cloud
  const { action, until } = order
  while (environment.busy && clock.now() < until) await clock.sleep(60_000)
  if (environment.status === 'Terminated' || environment.managedAction !== action) return
  const executedAt = clock.now()
  const end = (failure?: ActionFailure) => finish(region, environment, { action, executedAt, failure })
  if (environment.busy) return end('InvalidEnvironmentState')
  action.status = 'Running'
  const call: Call = {
    service: 'elasticbeanstalk',
    operation: 'ApplyEnvironmentManagedAction',
    requestId: requestId(random),
  }
  begin(region, environment, {
    status: 'Updating',
    call,
    course: async () => {
      const ending = await replaceInstances(region, environment, call)
      if (ending === 'stuck') return 'stays'
      environment.failed = ending === 'failed'
      if (ending === 'succeeded') environment.stack = action.stack
      end(failureOf(ending))
      return undefined
    },
  })
}

/** "Managed platform updates always perform immutable updates." [DG:environment-platform-update-managed] The lines are assumed. */
async function replaceInstances(
  region: Region,
  environment: Environment,
  call: Call,
): Promise<Ending | 'stuck'> {
  const { faults } = region.cloud
  const { name, version, settings } = environment
  const at = { environment: name, version }
  const line = sayer(region, environment, call)
  line.info('Managed platform update is in progress.')
  if (faults.strikeEnvironment('stuck-updating', at)) return 'stuck'
  const fault = (['deployment-fails', 'deployment-rolls-back'] as const).find((one) =>
    faults.strikeEnvironment(one, at),
  )
  const immutable = new Map([...settings, ['aws:elasticbeanstalk:command|DeploymentPolicy', 'Immutable']])
  const aborting = new AbortController()
  environment.abortable = aborting
  const cleanUp = () => {
    environment.abortable = undefined
  }
  const job = { region, environment, settings: immutable, line, fault, signal: aborting.signal, cleanUp }
  const ending = await deployAnew(job)
  cleanUp()
  if (ending === 'succeeded') line.info('Environment update completed successfully.')
  else line.error('Managed platform update failed.')
  return ending
}

/** Deploys what runs already to new instances. */
async function deployAnew(job: Omit<Job, 'bundle'>): Promise<Ending> {
  const { region, environment } = job
  const bundle = bundleOf(region, environment, environment.version)
  if (bundle) return deploy({ ...job, bundle })
  job.cleanUp()
  await timeline(region)(44)
  return 'failed'
}

function failureOf(ending: Ending): ActionFailure | undefined {
  switch (ending) {
    case 'succeeded':
      return undefined
    case 'reverted':
      return 'RollbackSuccessful'
    case 'aborted':
      return 'UpdateCancelled'
    case 'failed':
      return 'InternalFailure'
  }
}

function finish(
  region: Region,
  environment: Environment,
  past: {
    readonly action: ManagedAction
    readonly executedAt: number
    readonly failure: ActionFailure | undefined
  },
): void {
  const { action, executedAt, failure } = past
  const { id, type, description } = action
  const finishedAt = region.cloud.clock.now()
  environment.managedAction = undefined
  environment.pastActions.push({ id, type, description, executedAt, finishedAt, failure })
}
