import {
  CreateEnvironmentCommand,
  type CreateEnvironmentMessage,
  TerminateEnvironmentCommand,
  UpdateEnvironmentCommand,
  type UpdateEnvironmentMessage,
} from '@aws-sdk/client-elastic-beanstalk'
import { AnswerLost, NotTogether } from '../deployment/errors.ts'
import type { Accepted, NewEnvironment, OptionChange } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { type Asked, writingOnce } from './errors.ts'
import { once } from './once.ts'
import { sentenceOf } from './refusal.ts'
import { isCalled } from './trouble.ts'

/** Asks for a new environment. */
export async function createEnvironment(
  { clients, application }: { readonly clients: Clients; readonly application: string },
  order: NewEnvironment,
): Promise<Accepted & { readonly id: string }> {
  const asked = { to: `create environment ${order.name}`, action: 'elasticbeanstalk:CreateEnvironment' }
  const { $metadata, EnvironmentId } = await writingOnce(clients, asked, () =>
    clients.beanstalk.send(once(new CreateEnvironmentCommand(toMessage(application, order)))),
  )
  if (!EnvironmentId) throw new AnswerLost(`AWS accepted to ${asked.to} without saying its id.`)
  return { ...accepted($metadata, asked), id: EnvironmentId }
}

/** Deploys a version; with options in the same call, which Beanstalk may refuse: then it throws NotTogether (A.9). */
export async function deployVersion(
  clients: Clients,
  id: string,
  { version, options }: { readonly version: string; readonly options?: OptionChange | undefined },
): Promise<Accepted> {
  const what = options ? `${version} and options` : version
  const asked = { to: `deploy ${what} to ${id}`, action: 'elasticbeanstalk:UpdateEnvironment' }
  return updateEnvironment(clients, asked, {
    EnvironmentId: id,
    VersionLabel: version,
    ...(options && toOptions(options)),
  })
}

/** Changes an environment's options, or its platform. */
export async function configureEnvironment(
  clients: Clients,
  id: string,
  change: OptionChange | { readonly platform: string },
): Promise<Accepted> {
  const what = 'platform' in change ? 'the platform' : 'options'
  const asked = { to: `change ${what} of ${id}`, action: 'elasticbeanstalk:UpdateEnvironment' }
  const wanted = 'platform' in change ? platformOf(change.platform) : toOptions(change)
  return updateEnvironment(clients, asked, { EnvironmentId: id, ...wanted })
}

async function updateEnvironment(
  clients: Clients,
  asked: Asked,
  message: UpdateEnvironmentMessage,
): Promise<Accepted> {
  const { $metadata } = await writingOnce(clients, asked, () =>
    clients.beanstalk.send(once(new UpdateEnvironmentCommand(message))).catch(notTogether),
  )
  return accepted($metadata, asked)
}

/** [BC:elasticbeanstalk UpdateEnvironment] */
function notTogether(thrown: unknown): never {
  if (isCalled(thrown, 'InvalidParameterCombination', 'InvalidParameterCombinationException'))
    throw new NotTogether(`AWS refused a version together with options: ${sentenceOf(thrown)}`)
  throw thrown
}

/** Ends an environment with all its resources. */
export async function terminateEnvironment(clients: Clients, id: string): Promise<Accepted> {
  const asked = { to: `terminate ${id}`, action: 'elasticbeanstalk:TerminateEnvironment' }
  const { $metadata } = await writingOnce(clients, asked, () =>
    clients.beanstalk.send(once(new TerminateEnvironmentCommand({ EnvironmentId: id }))),
  )
  return accepted($metadata, asked)
}

function toMessage(application: string, order: NewEnvironment): CreateEnvironmentMessage {
  const tags = Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value }))
  return {
    ApplicationName: application,
    EnvironmentName: order.name,
    VersionLabel: order.version,
    Description: order.description,
    ...baseOf(order.base),
    ...toOptions(order),
    // Tags given here replace those of the template. [DG:environment-configuration-savedconfig]
    ...(tags.length > 0 ? { Tags: tags } : {}),
    ...(order.cnamePrefix === undefined ? {} : { CNAMEPrefix: order.cnamePrefix }),
  }
}

function toOptions({ optionSettings, optionsToRemove }: OptionChange) {
  return {
    OptionSettings: optionSettings.map(({ namespace, name, value, resource }) => ({
      ...(resource ? { ResourceName: resource } : {}),
      Namespace: namespace,
      OptionName: name,
      Value: value,
    })),
    OptionsToRemove: optionsToRemove.map(({ namespace, name, resource }) => ({
      ...(resource ? { ResourceName: resource } : {}),
      Namespace: namespace,
      OptionName: name,
    })),
  }
}

const baseOf = (base: NewEnvironment['base']): Partial<CreateEnvironmentMessage> =>
  'template' in base ? { TemplateName: base.template } : platformOf(base.platform)

const platformOf = (platform: string): Pick<CreateEnvironmentMessage, 'PlatformArn' | 'SolutionStackName'> =>
  platform.startsWith('arn:') ? { PlatformArn: platform } : { SolutionStackName: platform }

/** Beanstalk's events of the operation carry this id. */
function accepted({ requestId }: { readonly requestId?: string | undefined }, asked: Asked): Accepted {
  if (!requestId) throw new AnswerLost(`AWS accepted to ${asked.to} without a request id.`)
  return { requestId }
}
