import { describeTier } from './describe-environments.ts'
import { missing } from './errors.ts'
import { findApplication, findEnvironment, findTemplate } from './find.ts'
import type { Region } from './region.ts'
import { optionSettings } from './settings.ts'
import { platformArn } from './stacks.ts'
import { describeTemplate } from './templates.ts'

/**
 * `DescribeConfigurationSettings`: of a template, or of an environment, whose draft comes as a second set while an update
 * is under way or after it failed. Values are in clear. [BC:elasticbeanstalk]
 */
export function describeConfigurationSettings(region: Region, input: ConfigurationName) {
  const application = findApplication(region, input.ApplicationName)
  const { TemplateName, EnvironmentName } = input
  if (TemplateName !== undefined) {
    const template = findTemplate(region, application, TemplateName)
    return { ConfigurationSettings: [describeTemplate(region, application, template)] }
  }
  if (EnvironmentName === undefined) throw missing('EnvironmentName')
  const environment = findEnvironment(region, { EnvironmentName })
  const { draft, settings, tier, stack, name, description, createdAt, updatedAt } = environment
  const sets = [
    ...(draft ? [{ DeploymentStatus: draft.status, settings: draft.settings }] : []),
    { DeploymentStatus: 'deployed', settings },
  ]
  return {
    ConfigurationSettings: sets.map((set) => ({
      SolutionStackName: stack,
      PlatformArn: platformArn(region.cloud.region, stack),
      ApplicationName: application.name,
      EnvironmentName: name,
      ...(description !== undefined && { Description: description }),
      Tier: describeTier(tier),
      DeploymentStatus: set.DeploymentStatus,
      DateCreated: new Date(createdAt),
      DateUpdated: new Date(updatedAt),
      OptionSettings: optionSettings(set.settings),
    })),
  }
}

/** `DeleteEnvironmentConfiguration`: forgets the draft that a failed update left. [BC:elasticbeanstalk] */
export function deleteEnvironmentConfiguration(
  region: Region,
  { EnvironmentName }: { EnvironmentName: string },
): undefined {
  const environment = findEnvironment(region, { EnvironmentName })
  if (environment.draft?.status === 'failed') environment.draft = undefined
}

interface ConfigurationName {
  readonly ApplicationName: string
  readonly TemplateName?: string
  readonly EnvironmentName?: string
}
