import { resize } from '../auto-scaling/scale.ts'
import { AwsError, type Call } from '../cloud.ts'
import { bundleOf } from './bundle.ts'
import { configure } from './configure.ts'
import { deploy } from './deploy/deploy.ts'
import type { Ending, Job } from './deploy/job.ts'
import { describeEnvironment } from './describe-environments.ts'
import { sayer } from './events.ts'
import { type EnvironmentName, findApplication, findEnvironment, findTemplate, requireReady } from './find.ts'
import { refreshListeners } from './front.ts'
import { updateWhenOrdered } from './managed-update.ts'
import { fallbacks } from './new-environment.ts'
import { begin } from './operation.ts'
import { requireValid } from './options/faults.ts'
import { requireUnfixed } from './options/shared-faults.ts'
import { refusedGroups, refusedListener, rollBackStack } from './refused-listener.ts'
import type { Environment, Region } from './region.ts'
import { applyScheduledActions } from './scheduled-actions.ts'
import { changeSettings, groupBounds, type OptionSetting, type Settings } from './settings.ts'
import { stackOf } from './stacks.ts'
import { timeline } from './timeline.ts'
import { requireDeployable } from './versions.ts'

/**
 * `UpdateEnvironment`: a version, a configuration, or (as a switch says) both. Its answer names the version that is
 * wanted; DescribeEnvironments names the old one until the new one runs. [BC:elasticbeanstalk] [log]
 */
export function updateEnvironment(region: Region, input: UpdateInput, call: Call) {
  const environment = findEnvironment(region, input)
  requireReady(environment)
  const change = changeOf(region, environment, input)
  const { versionWithOptions, sameVersionAgain } = region.cloud.switches
  if (change.version !== undefined && change.settings && versionWithOptions === 'refused') {
    throw new AwsError(
      'InvalidParameterCombination',
      'Updating the application version and the configuration settings at the same time is not allowed.',
    )
  }
  if (input.Description !== undefined) environment.description = input.Description
  const same = change.version === environment.version && sameVersionAgain === 'ignored'
  if ((change.version === undefined || same) && !change.settings && change.stack === undefined) {
    return describeEnvironment(region, environment)
  }
  environment.deploying = change.version
  begin(region, environment, {
    status: 'Updating',
    call,
    course: () => update(region, environment, { ...change, call }),
    afterwards: () => updateWhenOrdered(region, environment),
  })
  return {
    ...describeEnvironment(region, environment),
    ...(change.version !== undefined && { VersionLabel: change.version }),
  }
}

interface UpdateInput extends EnvironmentName {
  readonly Description?: string
  readonly VersionLabel?: string
  readonly TemplateName?: string
  readonly SolutionStackName?: string
  readonly PlatformArn?: string
  readonly OptionSettings?: readonly OptionSetting[]
  readonly OptionsToRemove?: readonly OptionSetting[]
}

interface Change {
  readonly version: string | undefined
  readonly settings: Settings | undefined
  readonly stack: string | undefined
}

function changeOf(region: Region, environment: Environment, input: UpdateInput): Change {
  const application = findApplication(region, environment.application)
  const { VersionLabel, TemplateName, OptionSettings = [], OptionsToRemove = [] } = input
  if (VersionLabel !== undefined) requireDeployable(application, VersionLabel)
  const template = TemplateName === undefined ? undefined : findTemplate(region, application, TemplateName)
  const changes = template || OptionSettings.length > 0 || OptionsToRemove.length > 0
  const base = new Map([...environment.settings, ...(template?.settings ?? [])])
  const order = { set: OptionSettings, remove: OptionsToRemove }
  const settings = changes ? changeSettings(base, fallbacks(region, environment), order) : undefined
  if (settings) {
    requireValid({ set: OptionSettings, whole: settings })
    requireUnfixed(environment.settings, settings)
  }
  return {
    version: VersionLabel,
    settings,
    stack: stackOf(region, input) ?? template?.stack,
  }
}

async function update(
  region: Region,
  environment: Environment,
  { version, settings, stack, call }: Change & { readonly call: Call },
): Promise<'stays' | undefined> {
  const { faults } = region.cloud
  const at = { environment: environment.name, version: version ?? environment.version }
  const line = sayer(region, environment, call)
  line.info('Environment update is starting.')
  if (faults.strikeEnvironment('stuck-updating', at)) return 'stays'
  const fault = (['deployment-fails', 'deployment-rolls-back'] as const).find((one) =>
    faults.strikeEnvironment(one, at),
  )
  if (settings) environment.draft = { settings, status: 'pending' }
  const bundle = bundleOf(region, environment, at.version)
  if (version !== undefined) environment.deployments += 1
  const aborting = new AbortController()
  environment.abortable = aborting
  const job = {
    region,
    environment,
    settings: settings ?? environment.settings,
    line,
    fault,
    signal: aborting.signal,
    cleanUp: () => {
      environment.abortable = undefined
    },
  }

  const refused =
    (settings && refusedListener(region, environment, settings)) ??
    refusedGroups(region, environment, { bundle, settings: job.settings })
  let ending: Ending
  if (refused) ending = await rollBackStack(job, refused)
  else if (version === undefined) ending = await configure({ ...job, bundle })
  else if (!bundle) ending = await sayMissing(job, version)
  else ending = await deploy({ ...job, bundle })

  job.cleanUp()
  environment.failed = ending === 'failed' || (ending === 'aborted' && isMixed(environment))
  if (ending === 'succeeded') {
    commit(region, environment, { version, settings, stack })
    if (settings) await refreshListeners(region, environment)
    line.info('Environment update completed successfully.')
    return undefined
  }
  if (environment.draft) environment.draft.status = 'failed'
  line.error(
    'Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.',
  )
  return undefined
}

function isMixed({ machines, version }: Environment): boolean {
  return [...machines.values()].some((machine) => machine.version !== version)
}

async function sayMissing(
  { region, environment, line, cleanUp }: Omit<Job, 'bundle'>,
  label: string,
): Promise<Ending> {
  cleanUp()
  const source = region.applications.get(environment.application)?.versions.get(label)?.source
  await timeline(region)(44)
  line.error(
    `Unable to download from S3 location (Bucket: ${source?.bucket}  Key: ${source?.key}). Reason: Not Found`,
  )
  line.error('Failed to deploy application.')
  return 'failed'
}

function commit(region: Region, environment: Environment, { version, settings, stack }: Change): void {
  environment.version = version ?? environment.version
  environment.stack = stack ?? environment.stack
  if (!settings) return
  const before = groupBounds(environment.settings)
  const after = groupBounds(settings)
  environment.settings = settings
  environment.draft = undefined
  if (!environment.group) return
  applyScheduledActions(region, environment)
  // CloudFormation touches the group only for what changed in the configuration: what others did to it stays.
  resize(region.cloud, environment.group, {
    min: before.min === after.min ? undefined : after.min,
    max: before.max === after.max ? undefined : after.max,
  })
}
