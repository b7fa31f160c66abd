import {
  CreateEnvironmentCommand,
  type CreateEnvironmentMessage,
  TerminateEnvironmentCommand,
  UpdateEnvironmentCommand,
} from '@aws-sdk/client-elastic-beanstalk'
import { AnswerLost } from '../deployment/errors.ts'
import type { Accepted, NewEnvironment } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { type Asked, writingOnce } from './errors.ts'
import { once } from './once.ts'

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

/** Deploys a version and nothing else: together with options Beanstalk may refuse it (A.9). */
export async function deployVersion(clients: Clients, id: string, version: string): Promise<Accepted> {
  const asked = { to: `deploy ${version} to ${id}`, action: 'elasticbeanstalk:UpdateEnvironment' }
  const { $metadata } = await writingOnce(clients, asked, () =>
    clients.beanstalk.send(once(new UpdateEnvironmentCommand({ EnvironmentId: id, VersionLabel: version }))),
  )
  return accepted($metadata, asked)
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
    OptionSettings: order.optionSettings.map(({ namespace, name, value, resource }) => ({
      ...(resource ? { ResourceName: resource } : {}),
      Namespace: namespace,
      OptionName: name,
      Value: value,
    })),
    OptionsToRemove: order.optionsToRemove.map(({ namespace, name, resource }) => ({
      ...(resource ? { ResourceName: resource } : {}),
      Namespace: namespace,
      OptionName: name,
    })),
    // Tags given here replace those of the template. [DG:environment-configuration-savedconfig]
    ...(tags.length > 0 ? { Tags: tags } : {}),
    ...(order.cnamePrefix === undefined ? {} : { CNAMEPrefix: order.cnamePrefix }),
  }
}

function baseOf(base: NewEnvironment['base']): Partial<CreateEnvironmentMessage> {
  if ('template' in base) return { TemplateName: base.template }
  return base.platform.startsWith('arn:')
    ? { PlatformArn: base.platform }
    : { SolutionStackName: base.platform }
}

/** Beanstalk's events of the operation carry this id. */
function accepted({ requestId }: { readonly requestId?: string | undefined }, asked: Asked): Accepted {
  if (!requestId) throw new AnswerLost(`AWS accepted to ${asked.to} without a request id.`)
  return { requestId }
}
