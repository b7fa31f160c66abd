import type { Call } from '../cloud.ts'
import type { TemplateSpecification } from '../wire/private-members.ts'
import { invalid, mustBeReady } from './errors.ts'
import { sayOfTemplate } from './events.ts'
import { type EnvironmentName, findApplication, findEnvironment, findTemplate } from './find.ts'
import { requireValid } from './options/faults.ts'
import { requireRoom } from './quotas.ts'
import type { Application, Environment, Region, Tags, Template } from './region.ts'
import { removeSaved, writeSaved } from './saved-configuration.ts'
import { changeSettings, type OptionSetting, optionSettings, type Settings } from './settings.ts'
import { platformArn, stackOf } from './stacks.ts'
import { type TagInput, tagsFrom } from './tag-input.ts'

/**
 * `CreateConfigurationTemplate`: from an environment with everything that its configuration says, the environment's own
 * ids included; else from another template or a platform. [BC:elasticbeanstalk] [DG:environment-configuration-savedconfig]
 */
export function createConfigurationTemplate(region: Region, input: CreateInput, call: Call) {
  const application = findApplication(region, input.ApplicationName)
  const {
    TemplateName: name,
    EnvironmentId,
    SourceConfiguration,
    OptionSettings,
    Description,
    Tags = [],
  } = input
  // The EB CLI's way to name it; the public API has only the id.
  const EnvironmentName = input.TemplateSpecification?.TemplateSource?.EnvironmentName
  if (application.templates.has(name)) throw invalid(`Configuration Template ${name} already exists.`)
  const from =
    EnvironmentId !== undefined || EnvironmentName !== undefined
      ? baseOfEnvironment(region, { EnvironmentId, EnvironmentName })
      : SourceConfiguration
        ? findTemplate(
            region,
            findApplication(region, SourceConfiguration.ApplicationName ?? application.name),
            SourceConfiguration.TemplateName ?? '',
          )
        : undefined
  const stack = stackOf(region, input) ?? from?.stack
  if (stack === undefined) throw invalid('Unable to determine base for template pack (no solution stack)')
  const settings = changeSettings(from?.settings ?? new Map(), new Map(), { set: OptionSettings })
  requireValid({ set: OptionSettings, whole: settings })
  requireRoom(region, 'Configuration Templates')
  const template: Template = {
    name,
    description: Description,
    createdAt: region.cloud.clock.now(),
    updatedAt: region.cloud.clock.now(),
    stack,
    settings,
    tags: tagsFrom(Tags),
    environmentTags: from?.environmentTags ?? new Map(),
    file: undefined,
  }
  application.templates.set(name, template)
  writeSaved(region, application, template)
  const about = { application: application.name, template: name, call }
  sayOfTemplate(region, about, `Created configuration template named: ${name}`)
  return describeTemplate(region, application, template)
}

/** `DeleteConfigurationTemplate`: environments made from it keep their own copy. [BC:elasticbeanstalk] */
export function deleteConfigurationTemplate(
  region: Region,
  { ApplicationName, TemplateName }: { ApplicationName: string; TemplateName: string },
): undefined {
  const application = findApplication(region, ApplicationName)
  findTemplate(region, application, TemplateName)
  application.templates.delete(TemplateName)
  removeSaved(region, application, TemplateName)
}

/** `UpdateConfigurationTemplate`: environments made from it keep what they have. [BC:elasticbeanstalk] */
export function updateConfigurationTemplate(region: Region, input: UpdateInput) {
  const application = findApplication(region, input.ApplicationName)
  const template = findTemplate(region, application, input.TemplateName)
  const order = { set: input.OptionSettings, remove: input.OptionsToRemove }
  const settings = changeSettings(template.settings, new Map(), order)
  requireValid({ set: input.OptionSettings, whole: settings })
  template.settings = settings
  if (input.Description !== undefined) template.description = input.Description || undefined
  template.updatedAt = region.cloud.clock.now()
  writeSaved(region, application, template)
  return describeTemplate(region, application, template)
}

/** A template as ConfigurationSettingsDescription. [BC:elasticbeanstalk] */
export function describeTemplate({ cloud }: Region, application: Application, template: Template) {
  return {
    ApplicationName: application.name,
    TemplateName: template.name,
    SolutionStackName: template.stack,
    PlatformArn: platformArn(cloud.region, template.stack),
    ...(template.description !== undefined && { Description: template.description }),
    DateCreated: new Date(template.createdAt),
    DateUpdated: new Date(template.updatedAt),
    OptionSettings: optionSettings(template.settings),
  }
}

interface CreateInput {
  readonly ApplicationName: string
  readonly TemplateName: string
  readonly EnvironmentId?: string
  readonly SolutionStackName?: string
  readonly PlatformArn?: string
  readonly TemplateSpecification?: TemplateSpecification
  readonly SourceConfiguration?: { readonly ApplicationName?: string; readonly TemplateName?: string }
  readonly Description?: string
  readonly OptionSettings?: readonly OptionSetting[]
  readonly Tags?: readonly TagInput[]
}

interface UpdateInput {
  readonly ApplicationName: string
  readonly TemplateName: string
  readonly Description?: string
  readonly OptionSettings?: readonly OptionSetting[]
  readonly OptionsToRemove?: readonly OptionSetting[]
}

/** What a template or a clone takes over from an environment. */
export interface Base {
  readonly stack: string
  readonly settings: Settings
  readonly environmentTags: Tags
}

/** An environment's configuration as the base of something new. Throws for one that is not there, and for a busy one by `templateFromBusy`. */
export function baseOfEnvironment(region: Region, name: EnvironmentName): Base {
  const environment = findEnvironment(region, name)
  if (environment.busy && region.cloud.switches.templateFromBusy === 'refused')
    throw mustBeReady(environment.name)
  return { stack: environment.stack, settings: environment.settings, environmentTags: ownTags(environment) }
}

function ownTags({ tags }: Environment): Tags {
  return new Map([...tags].filter(([key]) => key !== 'Name' && !key.startsWith('elasticbeanstalk:')))
}
