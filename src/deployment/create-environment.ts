import { keyOf } from './configuration/same-option.ts'
import { type Created, createOnce } from './create-once.ts'
import { deleteTemplate } from './delete-template.ts'
import type { Environment } from './environment.ts'
import { Refused } from './errors.ts'
import { signatureOf } from './made-here.ts'
import { ownInCopy } from './own-target-group.ts'
import type { NewEnvironment, OptionChange, OptionSetting } from './ports.ts'
import { proven } from './proven.ts'
import { intend, type Run, settled } from './run.ts'
import { maybe } from './sent-once.ts'
import { markOf, withoutVariables } from './verification-only.ts'
import { watchOperation } from './watch-operation.ts'

/** What to create; the run's own option settings and tags are added. */
export type Order = Pick<NewEnvironment, 'name' | 'version' | 'base'> &
  Partial<Pick<NewEnvironment, 'cnamePrefix' | 'optionSettings' | 'optionsToRemove'>> & {
    /** Ends its description. */
    readonly mark?: string
  }

/** Creates an environment with the version in it, and waits until it is launched without an error. */
export async function createEnvironment(run: Run, order: Order): Promise<Environment> {
  return launched(run, order, await request(run, order))
}

/** Creates from a saved configuration, without what it has of the live environment's own, which it may be made from. */
export async function createFrom(
  run: Run,
  {
    template,
    live,
    ...order
  }: { readonly template: string; readonly live: Environment } & Pick<Order, 'name' | 'version'>,
): Promise<Environment> {
  const options = await run.ports.beanstalk.templateOptions(template)
  const change = forAnother(run, options, { live, name: order.name })
  return createEnvironment(run, { ...order, base: { template }, ...change })
}

/** What to create like the live environment. */
export interface Like {
  readonly live: Environment
  readonly liveOptions: readonly OptionSetting[]
  readonly name: string
  readonly version: string
}

/**
 * The same with the live environment's configuration. The public way to clone: save its configuration for a moment,
 * create from that, delete it; the environment keeps its own copy [aws-semantics A.8].
 */
export async function createLike(run: Run, { live, liveOptions, name, version }: Like): Promise<Environment> {
  const { beanstalk, journal } = run.ports
  const template = await intend(run, {
    what: 'create-template',
    way: 'undo',
    name: `blue-green-${journal.nonce}`,
  })
  // Had it not happened, CreateEnvironment would say that there is no such template.
  await maybe(() => beanstalk.createTemplate(template.name, live.id))
  const order: Order = {
    name,
    version,
    base: { template: template.name },
    mark: markOf(run.settings),
    ...differenceFrom(run, liveOptions, { live, name }),
  }
  const accepted = await request(run, order)
  run.signal.throwIfAborted()
  await deleteTemplate(run, template.name)
  await settled(run, template)
  return launched(run, order, accepted)
}

/** What a clone must not have of the original: its own ids and, unless they are wanted, its environment properties. */
function differenceFrom(
  run: Run,
  options: readonly OptionSetting[],
  copy: Pick<Like, 'live' | 'name'>,
): OptionChange {
  if (run.settings.copyVariables) return forAnother(run, options, copy)
  const { rest, difference } = withoutVariables(options)
  const ids = forAnother(run, rest, copy)
  return {
    optionSettings: [...ids.optionSettings, ...difference.optionSettings],
    optionsToRemove: [...ids.optionsToRemove, ...difference.optionsToRemove],
  }
}

/** Its own ids are taken out; its own target group becomes that of the other one. */
function forAnother(
  { settings, ports }: Run,
  options: readonly OptionSetting[],
  { live, name }: Pick<Like, 'live' | 'name'>,
): OptionChange {
  const ids = withoutOwnIds(options, live.id)
  const groups = ownInCopy(settings, options, { from: live.name, to: name })
  const set = new Set(settings.optionSettings.map(keyOf))
  if (groups.optionsToRemove.some((option) => !set.has(keyOf(option))))
    ports.report.line(
      `${name} gets no target group: ${live.name} has its own, and which one ${name} should be in, only \`option-settings\` can say (docs/traffic-in-steps.md).`,
    )
  return {
    optionSettings: [...ids.optionSettings, ...groups.optionSettings],
    optionsToRemove: [...ids.optionsToRemove, ...groups.optionsToRemove],
  }
}

/** What to take out of a copied configuration: values (or parts of lists) that carry the original's own id. */
export function withoutOwnIds(options: readonly OptionSetting[], id: string): OptionChange {
  const cut = options
    .filter(({ value }) => value.includes(id))
    .map((option) => ({ ...option, value: partsWithout(option.value, id) }))
  return {
    optionSettings: cut.filter(({ value }) => value !== ''),
    optionsToRemove: cut
      .filter(({ value }) => value === '')
      .map(({ namespace, name, resource }) => ({ namespace, name, resource })),
  }
}

const partsWithout = (list: string, id: string): string =>
  list
    .split(',')
    .filter((part) => !part.includes(id))
    .join(',')

async function request(run: Run, { mark = '', ...order }: Order): Promise<Created> {
  const { journal } = run.ports
  const { onFailure, optionSettings, tags } = run.settings
  const { name } = order
  const effect = await intend(run, {
    what: 'create-environment',
    way: 'undo',
    name,
    nonce: journal.nonce,
    onFailure,
  })
  run.record.underWay = `Beanstalk goes on creating ${name}`
  const asked = createOnce(run, {
    cnamePrefix: undefined,
    ...order,
    ...wanted(order, optionSettings),
    tags,
    description: `${signatureOf({ run: journal.run.slice(0, longestRun), nonce: journal.nonce })}${mark}`,
  })
  return asked.catch(async (thrown: unknown) => {
    // Nothing was created: nobody has to look for it.
    if (thrown instanceof Refused) await settled(run, effect)
    throw thrown
  })
}

/** A description may have 200 characters [BC:elasticbeanstalk Description]. */
const longestRun = 100

/** The inputs' own settings come last; what they set is not taken out. */
function wanted(order: Order, own: readonly OptionSetting[]): OptionChange {
  const isOwn = (option: Omit<OptionSetting, 'value'>) =>
    own.some(
      ({ namespace, name, resource }) =>
        namespace === option.namespace && name === option.name && resource === option.resource,
    )
  return {
    optionSettings: [...(order.optionSettings ?? []).filter((option) => !isOwn(option)), ...own],
    optionsToRemove: (order.optionsToRemove ?? []).filter((option) => !isOwn(option)),
  }
}

async function launched(run: Run, { name, version }: Order, { id, request }: Created): Promise<Environment> {
  const ended = await watchOperation(run, {
    id,
    sentence: `${name} is launched with ${version}`,
    request,
    since: 0,
    takes: 'creation',
  })
  run.record.underWay = undefined
  return proven(ended, version)
}
