import { describe, type Environment, isReady } from '../environment.ts'
import { AnswerLost, Failure } from '../errors.ts'
import { holdCapacity } from '../hold-capacity.ts'
import type { Accepted, NewEnvironment, OptionSetting } from '../ports.ts'
import { intend, type Run, settled } from '../run.ts'
import { waitUntilUnused } from '../unused.ts'
import { waitUntil } from '../wait-until.ts'
import { type Ended, watchOperation } from '../watch-operation.ts'
import type { FirstPlan, Plan } from './plan.ts'

const deployTakes = 80_000
const createTakes = 390_000

/** Brings the version up in the environment without traffic, with at least the capacity that live has now. */
export async function prepareCandidate(run: Run, plan: Plan, version: string): Promise<Environment> {
  const candidate = plan.other.now
    ? await deploy(run, plan, { candidate: plan.other.now, version })
    : await clone(run, plan, version)
  const live = await run.ports.capacity.read(plan.live.id)
  if (live) await holdCapacity(run, { environment: candidate, atLeast: live.inService })
  return candidate
}

/** Creates the very first environment, with the production address. */
export async function createFirst(run: Run, plan: FirstPlan, version: string): Promise<Environment> {
  const { template, platform, blueEnvironment } = run.settings
  const base = template === undefined ? { platform: platform as string } : { template }
  return create(run, { name: blueEnvironment, version, base, cnamePrefix: plan.prefix, optionsToRemove: [] })
}

async function deploy(
  run: Run,
  plan: Plan,
  { candidate, version }: { readonly candidate: Environment; readonly version: string },
): Promise<Environment> {
  const { beanstalk, report, journal } = run.ports
  if (await runsAlready(run, candidate, version)) {
    report.line(`${candidate.name} runs ${version} already.`)
    return candidate
  }
  const wayBack = journal.state.promotions[0]?.before
  if (wayBack?.environment === candidate.id && wayBack.version === candidate.version)
    report.line(`This ends the instant way back to ${candidate.version}: its environment gets ${version}.`)
  await refuseUsed(run, plan, candidate)
  report.line(`Deploying ${version} to ${candidate.name}.`)
  const since = (await beanstalk.newestEventAt(candidate.id)) + 1
  const request = await maybe(() => beanstalk.deploy(candidate.id, version))
  const watched = {
    id: candidate.id,
    sentence: `${candidate.name} runs ${version}`,
    request,
    since,
    expected: deployTakes,
  }
  const ended = await watchOperation(run, watched)
  if (ended.is === 'ended') return proven(ended, version)
  report.line('That request never arrived: it is sent once more.')
  const again = await beanstalk.deploy(candidate.id, version)
  return proven(await watchOperation(run, { ...watched, request: again }), version)
}

/** Users whose DNS answers are a minute old are users still; and some names never follow a swap. */
async function refuseUsed(run: Run, plan: Plan, candidate: Environment): Promise<void> {
  const { journal, routerFor } = run.ports
  const router = routerFor({ ids: [plan.live.id, candidate.id], productionCname: plan.production.cname })
  const movedAt = journal.state.promotions[0]?.at ?? 0
  const use = await waitUntilUnused(run, {
    id: candidate.id,
    name: candidate.name,
    followedAt: movedAt + router.clientsFollowWithin,
    within: run.settings.drainTimeout,
  })
  if (use.is === 'unused') return
  throw new Failure(
    `The witnesses disagree: ${plan.live.name} has the production address, but ${candidate.name} serves ${use.perSecond.toFixed(1)} requests a second. Nothing is deployed to what has traffic.`,
    [
      {
        why: `Find out who sends them: a name or CDN that points straight at ${candidate.endpoint} does not follow a swap.`,
      },
    ],
  )
}

/** The request's id, or undefined when its answer was lost. */
async function maybe<T extends Accepted>(send: () => Promise<T>): Promise<T | undefined> {
  try {
    return await send()
  } catch (thrown) {
    if (thrown instanceof AnswerLost) return undefined
    throw thrown
  }
}

async function runsAlready(run: Run, candidate: Environment, version: string): Promise<boolean> {
  if (!isReady(candidate) || candidate.version !== version) return false
  const labels = Object.values((await run.ports.beanstalk.versionsOnInstances(candidate.id)) ?? {})
  return labels.length > 0 && labels.every((label) => label === version)
}

/** Ready says nothing about success: the label must be there and no error event of our own request [aws-semantics A.9]. */
function proven(ended: Ended, version: string): Environment {
  if (ended.is === 'never began') throw new Failure('Beanstalk did not begin the deployment.')
  const { environment, errors } = ended
  const said = errors.length > 0 ? ` Beanstalk says: ${errors.join(' ')}` : ''
  if (environment.version !== version)
    throw new Failure(
      `The deployment of ${version} failed: ${describe(environment)} does not run it.${said}`,
      [events(environment)],
    )
  if (errors.length > 0)
    throw new Failure(`The deployment of ${version} to ${environment.name} had errors.${said}`, [
      events(environment),
    ])
  return environment
}

const events = ({ id }: Environment) => ({
  why: 'Read what happened in the environment:',
  command: `aws elasticbeanstalk describe-events --environment-id ${id} --severity WARN --max-records 20`,
})

async function clone(run: Run, plan: Plan, version: string): Promise<Environment> {
  const { beanstalk, journal, report } = run.ports
  const name = plan.other.name
  if (run.settings.template !== undefined)
    return create(run, {
      name,
      version,
      base: { template: run.settings.template },
      cnamePrefix: undefined,
      optionsToRemove: [],
    })
  report.line(`${name} does not exist: it is created with the configuration of ${plan.live.name}.`)
  const template = await intend(run, {
    what: 'create-template',
    way: 'undo',
    name: `blue-green-${journal.nonce}`,
  })
  try {
    await beanstalk.createTemplate(template.name, plan.live.id).catch(ignoreLostAnswer)
    return await create(run, {
      name,
      version,
      base: { template: template.name },
      cnamePrefix: undefined,
      ...withoutOwnIds(plan.liveOptions, plan.live.id),
    })
  } finally {
    if (!run.signal.aborted) {
      await beanstalk.deleteTemplate(template.name)
      await settled(run, template)
    }
  }
}

/** If it did not happen, CreateEnvironment says that there is no such template. */
function ignoreLostAnswer(thrown: unknown): void {
  if (!(thrown instanceof AnswerLost)) throw thrown
}

/** What to take out of a copied configuration: values (or parts of lists) that carry the original's own id. */
export function withoutOwnIds(
  options: readonly OptionSetting[],
  id: string,
): Pick<NewEnvironment, 'optionSettings' | 'optionsToRemove'> {
  const own = options.filter(({ value }) => value.includes(id))
  const cut = own.map((option) => ({
    ...option,
    value: option.value
      .split(',')
      .filter((part) => !part.includes(id))
      .join(','),
  }))
  return {
    optionSettings: cut.filter(({ value }) => value !== ''),
    optionsToRemove: cut
      .filter(({ value }) => value === '')
      .map(({ namespace, name, resource }) => ({ namespace, name, resource })),
  }
}

async function create(
  run: Run,
  order: Pick<NewEnvironment, 'name' | 'version' | 'base' | 'cnamePrefix' | 'optionsToRemove'> & {
    readonly optionSettings?: readonly OptionSetting[]
  },
): Promise<Environment> {
  const { beanstalk, journal } = run.ports
  const { onFailure, optionSettings, tags } = run.settings
  await intend(run, {
    what: 'create-environment',
    way: 'undo',
    name: order.name,
    nonce: journal.nonce,
    onFailure,
  })
  const request = await maybe(() =>
    beanstalk.create({
      ...order,
      optionSettings: [...(order.optionSettings ?? []), ...optionSettings],
      tags,
      description: `Created by Beanstalk Blue/Green, ${journal.run} (${journal.nonce})`,
    }),
  )
  const id = request?.id ?? (await createdId(run, order.name))
  const ended = await watchOperation(run, {
    id,
    sentence: `${order.name} is launched with ${order.version}`,
    request,
    since: 0,
    expected: createTakes,
  })
  return proven(ended, order.version)
}

/** After a lost answer: known again by the nonce in its description. */
function createdId(run: Run, name: string): Promise<string> {
  const { beanstalk, journal } = run.ports
  return waitUntil(run, {
    sentence: `${name} is listed`,
    expected: 3_000,
    within: 60_000,
    look: async () => {
      const found = (await beanstalk.find([name])).find(({ description }) =>
        description.includes(journal.nonce),
      )
      return found ? { is: 'done', value: found.id } : { is: 'waiting', saw: 'Beanstalk does not list it' }
    },
  })
}
