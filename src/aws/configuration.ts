import {
  type ConfigurationOptionSetting,
  CreateConfigurationTemplateCommand,
  DeleteConfigurationTemplateCommand,
  DescribeConfigurationSettingsCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { Failure } from '../deployment/errors.ts'
import type { OptionSetting } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { isRefusedAs, reading, writing, writingOnce } from './errors.ts'
import { once } from './once.ts'

/** Where a configuration is. */
interface Place {
  readonly clients: Clients
  readonly application: string
}

/**
 * The option settings that an environment runs with. Beside them there may be a draft, of an update that is under way or
 * has failed. [BC:elasticbeanstalk] (A.9)
 */
export async function deployedOptions(
  { clients, application }: Place,
  name: string,
): Promise<OptionSetting[]> {
  const { ConfigurationSettings = [] } = await reading(
    { to: `read the configuration of ${name}`, action: 'elasticbeanstalk:DescribeConfigurationSettings' },
    () =>
      clients.beanstalk.send(
        new DescribeConfigurationSettingsCommand({ ApplicationName: application, EnvironmentName: name }),
      ),
  )
  const deployed = ConfigurationSettings.find(({ DeploymentStatus }) => DeploymentStatus === 'deployed')
  if (!deployed) throw new Failure(`Environment ${name} has no deployed configuration.`)
  return (deployed.OptionSettings ?? []).map(toOption)
}

/** The option settings of a saved configuration. */
export async function templateOptions(
  { clients, application }: Place,
  name: string,
): Promise<OptionSetting[]> {
  const { ConfigurationSettings = [] } = await reading(
    { to: `read the saved configuration ${name}`, action: 'elasticbeanstalk:DescribeConfigurationSettings' },
    () =>
      clients.beanstalk.send(
        new DescribeConfigurationSettingsCommand({ ApplicationName: application, TemplateName: name }),
      ),
  )
  return ConfigurationSettings.flatMap(({ OptionSettings = [] }) => OptionSettings.map(toOption))
}

const toOption = ({
  Namespace,
  OptionName,
  Value,
  ResourceName,
}: ConfigurationOptionSetting): OptionSetting => ({
  namespace: Namespace ?? '',
  name: OptionName ?? '',
  value: Value ?? '',
  ...(ResourceName ? { resource: ResourceName } : {}),
})

/** Copies an environment's configuration into a saved configuration. (A.8) */
export async function createTemplate(
  { clients, application }: Place,
  name: string,
  fromId: string,
): Promise<void> {
  const input = { ApplicationName: application, TemplateName: name, EnvironmentId: fromId }
  await writingOnce(
    clients,
    {
      to: `save the configuration of ${fromId} as ${name}`,
      action: 'elasticbeanstalk:CreateConfigurationTemplate',
    },
    () => clients.beanstalk.send(once(new CreateConfigurationTemplateCommand(input))),
  )
}

/** Deletes a saved configuration, if it is there. Environments made from it keep their own copy. (A.8) */
export async function deleteTemplate({ clients, application }: Place, name: string): Promise<void> {
  const input = { ApplicationName: application, TemplateName: name }
  try {
    await writing(
      {
        to: `delete the saved configuration ${name}`,
        action: 'elasticbeanstalk:DeleteConfigurationTemplate',
      },
      () => clients.beanstalk.send(new DeleteConfigurationTemplateCommand(input)),
    )
  } catch (thrown) {
    if (!isRefusedAs(thrown, /No Configuration Template named .* found/i)) throw thrown
  }
}
