import { AwsError } from '../../cloud.ts'
import { missing } from '../errors.ts'
import { findApplication, findEnvironment, findTemplate } from '../find.ts'
import type { Region } from '../region.ts'
import type { OptionSetting, Settings } from '../settings.ts'
import { faultsOf } from './faults.ts'

/** `ValidateConfigurationSettings`: no messages when all is well. [BC:elasticbeanstalk] */
export function validateConfigurationSettings(region: Region, input: ValidateInput) {
  const now = settingsNow(region, input)
  const { OptionSettings: set = [] } = input
  const asked = set.map(
    ({ Namespace, OptionName, Value = '' }) => [`${Namespace}|${OptionName}`, Value] as const,
  )
  const faults = faultsOf({ set, whole: new Map([...now, ...asked]) })
  return {
    Messages: faults.map(({ namespace, name, message }) => ({
      Message: message,
      Severity: 'error',
      Namespace: namespace,
      OptionName: name,
    })),
  }
}

interface ValidateInput {
  readonly ApplicationName: string
  readonly TemplateName?: string
  readonly EnvironmentName?: string
  readonly OptionSettings?: readonly OptionSetting[]
}

/** "You cannot specify both". [BC:elasticbeanstalk ValidateConfigurationSettingsMessage] */
function settingsNow(
  region: Region,
  { ApplicationName, TemplateName, EnvironmentName }: ValidateInput,
): Settings {
  const application = findApplication(region, ApplicationName)
  if (TemplateName !== undefined && EnvironmentName !== undefined) {
    throw new AwsError(
      'InvalidParameterCombination',
      'You cannot specify both a configuration template name and an environment name.',
    )
  }
  if (TemplateName !== undefined) return findTemplate(region, application, TemplateName).settings
  if (EnvironmentName === undefined) throw missing('EnvironmentName')
  return findEnvironment(region, { EnvironmentName }).settings
}
