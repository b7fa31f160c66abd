import type { Call } from '../cloud.ts'
import type { TemplateSpecification } from '../wire/private-members.ts'
import { sampleApplication } from './bundle.ts'
import { cloneOf } from './clone.ts'
import { fullName, isFree } from './cnames.ts'
import { describeEnvironment } from './describe-environments.ts'
import { invalid, notAvailable } from './errors.ts'
import { findApplication, findTemplate } from './find.ts'
import { small } from './ids.ts'
import { launch } from './launch.ts'
import { updateWhenOrdered } from './managed-update.ts'
import { newEnvironment } from './new-environment.ts'
import { begin } from './operation.ts'
import { requireValid } from './options/faults.ts'
import { requireRoom } from './quotas.ts'
import type { Region } from './region.ts'
import { changeSettings, type OptionSetting } from './settings.ts'
import { stackOf } from './stacks.ts'
import { type TagInput, tagsFrom } from './tag-input.ts'
import { requireDeployable } from './versions.ts'

/** `CreateEnvironment`: answers at once with a Launching environment that has no address yet. [BC:elasticbeanstalk] */
export function createEnvironment(region: Region, input: CreateInput, call: Call) {
  const { CNAMEPrefix, VersionLabel, TemplateName } = input
  const application = findApplication(region, input.ApplicationName)
  const name = input.EnvironmentName ?? `${small(region.cloud.random, 8)}-env`
  const clone = cloneOf(region, input)
  const tier = tierOf(input) ?? clone?.tier ?? 'web'
  requireName(name)
  requireNameFree(region, name)
  if (VersionLabel !== undefined) requireDeployable(application, VersionLabel)
  const template = TemplateName === undefined ? clone : findTemplate(region, application, TemplateName)
  const stack = stackOf(region, input) ?? template?.stack
  if (stack === undefined) throw invalid('Unable to determine base for template pack (no solution stack)')
  if (CNAMEPrefix !== undefined) requirePrefix(region, tier, CNAMEPrefix)
  requireValid({
    set: input.OptionSettings,
    whole: changeSettings(template?.settings ?? new Map(), new Map(), { set: input.OptionSettings }),
  })
  requireRoom(region, 'Environments')

  const environment = newEnvironment(region, {
    application: application.name,
    name,
    status: 'Launching',
    tier,
    stack,
    version: VersionLabel ?? sampleApplication,
    cnamePrefix: CNAMEPrefix,
    description: input.Description,
    template: template && { name: TemplateName, settings: template.settings },
    settings: { set: input.OptionSettings, remove: input.OptionsToRemove },
    tags: input.Tags ? tagsFrom(input.Tags) : new Map(template?.environmentTags),
  })
  environment.operationsRole = input.OperationsRole
  begin(region, environment, {
    status: 'Launching',
    call,
    course: () => launch(region, environment, call),
    afterwards: () => updateWhenOrdered(region, environment),
  })
  return describeEnvironment(region, environment)
}

const tierOf = ({ Tier }: CreateInput) => Tier && (Tier.Name === 'Worker' ? 'worker' : 'web')

interface CreateInput {
  readonly ApplicationName: string
  readonly EnvironmentName?: string
  readonly Description?: string
  readonly CNAMEPrefix?: string
  readonly Tier?: { readonly Name?: string }
  readonly Tags?: readonly TagInput[]
  readonly VersionLabel?: string
  readonly TemplateName?: string
  readonly TemplateSpecification?: TemplateSpecification
  readonly SolutionStackName?: string
  readonly PlatformArn?: string
  readonly OptionSettings?: readonly OptionSetting[]
  readonly OptionsToRemove?: readonly OptionSetting[]
  readonly OperationsRole?: string
}

function requireName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{2,38}[A-Za-z0-9]$/.test(name)) {
    throw invalid(
      `Value ${name} at 'EnvironmentName' failed to satisfy constraint: Member must contain only letters, digits, and the dash character and may not start or end with a dash`,
    )
  }
}

/** Refuses a name that an environment of any application has, also one that is Terminating. [issue aws/aws-dotnet-deploy#599] */
export function requireNameFree(region: Region, name: string): void {
  if (region.environments.some((one) => one.status !== 'Terminated' && one.name === name)) {
    throw invalid(`Environment ${name} already exists.`)
  }
}

function requirePrefix(region: Region, tier: 'web' | 'worker', prefix: string): void {
  if (tier === 'worker') throw invalid('Environment does not support a cname')
  const wanted = fullName(region, prefix)
  if (!isFree(region, wanted)) throw notAvailable(wanted)
}
