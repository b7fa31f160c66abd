import { changeOptions, changePlatform, inWordsOf } from './configuration/apply.ts'
import { changeFor, optionsIn } from './configuration/change.ts'
import { type Environment, isReady } from './environment.ts'
import { Failure, NotTogether } from './errors.ts'
import type { OptionChange } from './ports.ts'
import { lastMoveAt } from './promotions.ts'
import { proven } from './proven.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { staysThere } from './straight.ts'
import { waitUntilUnused } from './unused.ts'
import { update } from './update.ts'
import { wayBackIn } from './way-back.ts'

/** A version, and the environment that it goes to. */
export interface Deployment {
  readonly plan: Plan
  readonly candidate: Environment
  readonly version: string
}

/**
 * Deploys to an environment that exists and that nobody is on, with what its configuration has to be changed in, and
 * follows Beanstalk until it is proven.
 */
export async function deployTo(run: Run, deployment: Deployment): Promise<Environment> {
  const { plan, candidate } = deployment
  const change = changeFor(run.settings, plan)
  await refuseUsed(run, deployment)
  const runs = await runsAlready(run, deployment)
  if (!runs) sayWayBackEnds(run, deployment)
  const updated =
    change.platform === undefined ? candidate : await changePlatform(run, deployment, change.platform)
  const deployed = runs
    ? await optionsAlone(run, { ...deployment, candidate: updated }, change)
    : await deployWith(run, deployment, change)
  if (run.record.drift?.treatment === 'sync') run.record.drift = { ...run.record.drift, treatment: 'set' }
  return deployed
}

async function optionsAlone(run: Run, deployment: Deployment, change: OptionChange): Promise<Environment> {
  const { candidate, version } = deployment
  run.ports.report.line(`${candidate.name} runs ${version} already.`)
  return optionsIn(change) === 0 ? candidate : changeOptions(run, deployment, change)
}

/** Version and options in one update, or, where Beanstalk does not take that, one after the other (A.9). */
async function deployWith(run: Run, deployment: Deployment, change: OptionChange): Promise<Environment> {
  if (optionsIn(change) === 0) return deployVersion(run, deployment)
  try {
    return await deployVersion(run, deployment, change)
  } catch (thrown) {
    if (!(thrown instanceof NotTogether)) throw thrown
    run.ports.report.line(
      'Beanstalk takes options and a version only one after the other: the options come first.',
    )
    await changeOptions(run, deployment, change)
    return deployVersion(run, deployment)
  }
}

async function deployVersion(
  run: Run,
  { plan, candidate, version }: Deployment,
  change?: OptionChange,
): Promise<Environment> {
  const what = change ? `${version} with ${inWordsOf(change)}` : version
  run.ports.report.line(`Deploying ${what} to ${candidate.name}.`)
  const ended = await update(run, {
    plan,
    candidate,
    doing: `deploying ${what} to ${candidate.name}`,
    sentence: `${candidate.name} runs ${version}`,
    takes: change ? 'configuration' : 'deployment',
    send: () => run.ports.beanstalk.deploy(candidate.id, version, change),
  })
  return proven(ended, version, what)
}

async function runsAlready(run: Run, { candidate, version }: Deployment): Promise<boolean> {
  if (!isReady(candidate) || candidate.version !== version) return false
  const labels = Object.values((await run.ports.beanstalk.versionsOnInstances(candidate.id)) ?? {})
  return labels.length > 0 && labels.every((label) => label === version)
}

/** Users whose DNS answers are a minute old are users still; and some names never follow a swap. */
async function refuseUsed(run: Run, { plan, candidate }: Deployment): Promise<void> {
  const { routerFor } = run.ports
  const router = routerFor({ ids: [plan.live.id, candidate.id], productionName: plan.production.cname })
  const use = await waitUntilUnused(run, {
    id: candidate.id,
    name: candidate.name,
    followedAt: lastMoveAt(run) + router.clientsFollowWithin,
    within: run.settings.drainTimeout,
  })
  if (use.is === 'unused') return
  throw new Failure(
    `The witnesses disagree: ${plan.live.name} has the production address, but ${candidate.name} serves ${use.perSecond.toFixed(1)} requests a second. Nothing is deployed to what has traffic.`,
    [
      {
        why: `Find out who sends them: a name or CDN that points straight at ${candidate.endpoint} ${staysThere(router)}. What arrives there now:`,
        command: `aws elasticbeanstalk describe-environment-health --environment-id ${candidate.id} --attribute-names ApplicationMetrics`,
      },
    ],
  )
}

function sayWayBackEnds(run: Run, { candidate, version }: Deployment): void {
  if (wayBackIn(run, candidate) === undefined) return
  run.ports.report.line(
    `This ends the instant way back to ${candidate.version}: its environment gets ${version}.`,
  )
  run.record.wayBackEnded = `${candidate.name} was the instant way back to ${candidate.version} and is not any more: ${version} went there`
}
