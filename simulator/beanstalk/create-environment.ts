import type { Call } from '../cloud.ts'
import type { TemplateSpecification } from '../wire/private-members.ts'
import { fullName, isFree } from './cnames.ts'
import { describeEnvironment } from './describe-environments.ts'
import { invalid, notAvailable } from './errors.ts'
import { findApplication, findEnvironment, findTemplate } from './find.ts'
import { sampleApplication } from './fleet.ts'
import { small } from './ids.ts'
import { launch } from './launch.ts'
import { newEnvironment } from './new-environment.ts'
import { begin } from './operation.ts'
import { requireValid } from './options/faults.ts'
import { requireRoom } from './quotas.ts'
import type { Region } from './region.ts'
import { changeSettings, type OptionSetting } from './settings.ts'
import { stackOf } from './stacks.ts'
import { type TagInput, tagsFrom } from './tag-input.ts'
import { type Base, baseOfEnvironment } from './templates.ts'
import { requireDeployable } from './versions.ts'

/** `CreateEnvironment`: answers at once with a Launching environment that has no address yet. [BC:elasticbeanstalk] */
export function createEnvironment(region: Region, input: CreateInput, call: Call) {
  const { CNAMEPrefix, VersionLabel, TemplateName } = input
  const application = findApplication(region, input.ApplicationName)
  const name = input.EnvironmentName ?? `${small(region.cloud.random, 8)}-env`
  const tier = input.Tier?.Name === 'Worker' ? 'worker' : 'web'
  requireName(name)
  requireNameFree(region, name)
  if (VersionLabel !== undefined) requireDeployable(application, VersionLabel)
  const template =
    TemplateName === undefined ? cloned(region, input) : findTemplate(application, TemplateName)
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
  })
  return describeEnvironment(region, environment)
}

/**
 * `eb clone` names the environment by a parameter that the public API does not have. [CLI:ebcli/lib/elasticbeanstalk.py]
 * The security group that was generated for the one does not come along to the other: cloning, swapping and terminating
 * the original is the documented way. [DG:using-features.CNAMESwap]
 */
function cloned(region: Region, { TemplateSpecification }: CreateInput): Base | undefined {
  const EnvironmentName = TemplateSpecification?.TemplateSource?.EnvironmentName
  if (EnvironmentName === undefined) return undefined
  const base = baseOfEnvironment(region, { EnvironmentName })
  const { id } = findEnvironment(region, { EnvironmentName })
  const settings = new Map(
    [...base.settings].map(([key, value]) => [
      key,
      key.endsWith('|SecurityGroups') ? without(value, `awseb-${id}-`) : value,
    ]),
  )
  return { ...base, settings }
}

const without = (groups: string, generated: string) =>
  groups
    .split(',')
    .filter((group) => !group.startsWith(generated))
    .join(',')

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
