import {
  CreateConfigurationTemplateCommand,
  DescribeConfigurationSettingsCommand,
  ElasticBeanstalkClient,
  RequestEnvironmentInfoCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { inProcess } from '../../simulator/in-process.ts'
import type { Scenario } from './scenario.ts'

/** What somebody does beside the action, with the AWS CLI or in the console. */
export function byHand({ aws, clock }: Scenario) {
  const client = new ElasticBeanstalkClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDHUMAN', secretAccessKey: 'not-a-secret-of-anyone' },
    requestHandler: inProcess(aws, { timeoutMs: 30_000 }),
  })
  const minutes = (count: number) => clock.runUntil(clock.now() + count * 60_000)
  return {
    async deploy(id: string, version: string) {
      await clock.run(client.send(new UpdateEnvironmentCommand({ EnvironmentId: id, VersionLabel: version })))
      await minutes(10)
    },
    /** The same while something else goes on: it is sent, and nobody waits for it. */
    beginDeploying(id: string, version: string): void {
      void client
        .send(new UpdateEnvironmentCommand({ EnvironmentId: id, VersionLabel: version }))
        .catch(() => {})
    },
    async setOption(id: string, option: { Namespace: string; OptionName: string; Value: string }) {
      await clock.run(
        client.send(new UpdateEnvironmentCommand({ EnvironmentId: id, OptionSettings: [option] })),
      )
      await minutes(10)
    },
    /** An environment's own properties, as `NAME=VALUE`. */
    async variables(name: string): Promise<readonly string[]> {
      const { ConfigurationSettings = [] } = await client.send(
        new DescribeConfigurationSettingsCommand({ ApplicationName: 'shop', EnvironmentName: name }),
      )
      return (ConfigurationSettings[0]?.OptionSettings ?? [])
        .filter(({ Namespace }) => Namespace === 'aws:elasticbeanstalk:application:environment')
        .map(({ OptionName, Value }) => `${OptionName}=${Value}`)
        .sort()
    },
    /** Every option of an environment, as `namespace/option=value`. */
    async options(name: string): Promise<readonly string[]> {
      const { ConfigurationSettings = [] } = await clock.run(
        client.send(
          new DescribeConfigurationSettingsCommand({ ApplicationName: 'shop', EnvironmentName: name }),
        ),
      )
      const deployed = ConfigurationSettings.find(({ DeploymentStatus }) => DeploymentStatus === 'deployed')
      return (deployed?.OptionSettings ?? []).map(
        ({ Namespace, OptionName, Value }) => `${Namespace}/${OptionName}=${Value}`,
      )
    },
    async saveConfiguration(id: string, name: string) {
      const input = { ApplicationName: 'shop', TemplateName: name, EnvironmentId: id }
      await clock.run(client.send(new CreateConfigurationTemplateCommand(input)))
    },
    async pullLogs(id: string) {
      await clock.run(client.send(new RequestEnvironmentInfoCommand({ EnvironmentId: id, InfoType: 'tail' })))
      await minutes(1)
    },
  }
}
