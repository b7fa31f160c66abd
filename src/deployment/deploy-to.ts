import { type Environment, isReady } from './environment.ts'
import { Failure } from './errors.ts'
import { wholeOf } from './move-traffic.ts'
import { movedMeanwhile } from './moved-meanwhile.ts'
import { lastMoveAt } from './promotions.ts'
import { proven } from './proven.ts'
import type { Run } from './run.ts'
import { maybe } from './sent-once.ts'
import type { Plan } from './stages/plan.ts'
import { waitUntilUnused } from './unused.ts'
import { watchOperation } from './watch-operation.ts'
import { wayBackIn } from './way-back.ts'

/** A version, and the environment that it goes to. */
export interface Deployment {
  readonly plan: Plan
  readonly candidate: Environment
  readonly version: string
}

/** Deploys to an environment that exists and that nobody is on, and follows Beanstalk until it is proven. */
export async function deployTo(run: Run, deployment: Deployment): Promise<Environment> {
  const { beanstalk, report } = run.ports
  const { candidate, version } = deployment
  await refuseUsed(run, deployment)
  if (await runsAlready(run, deployment)) {
    report.line(`${candidate.name} runs ${version} already.`)
    return candidate
  }
  sayWayBackEnds(run, deployment)
  report.line(`Deploying ${version} to ${candidate.name}.`)
  const since = (await beanstalk.newestEventAt(candidate.id)) + 1
  await refuseMoved(run, deployment)
  run.signal.throwIfAborted()
  run.record.underWay = `Beanstalk goes on deploying ${version} to ${candidate.name}`
  const request = await maybe(() => beanstalk.deploy(candidate.id, version))
  const sentence = `${candidate.name} runs ${version}`
  const watched = { id: candidate.id, sentence, request, since, takes: 'deployment' as const }
  const ended = await watchOperation(run, watched)
  run.record.underWay = undefined
  if (ended.is === 'ended') return proven(ended, version)
  report.line('That request never arrived: it is sent once more.')
  run.signal.throwIfAborted()
  const again = await beanstalk.deploy(candidate.id, version)
  return proven(await watchOperation(run, { ...watched, request: again }), version)
}

async function runsAlready(run: Run, { candidate, version }: Deployment): Promise<boolean> {
  if (!isReady(candidate) || candidate.version !== version) return false
  const labels = Object.values((await run.ports.beanstalk.versionsOnInstances(candidate.id)) ?? {})
  return labels.length > 0 && labels.every((label) => label === version)
}

/** Users whose DNS answers are a minute old are users still; and some names never follow a swap. */
async function refuseUsed(run: Run, { plan, candidate }: Deployment): Promise<void> {
  const { routerFor } = run.ports
  const router = routerFor({ ids: [plan.live.id, candidate.id], productionCname: plan.production.cname })
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
        why: `Find out who sends them: a name or CDN that points straight at ${candidate.endpoint} does not follow a swap.`,
      },
    ],
  )
}

/** The last look before the request: the plan is as old as the waiting was long. */
async function refuseMoved(run: Run, { plan, candidate }: Deployment): Promise<void> {
  const ids = [plan.live.id, candidate.id]
  const route = await run.ports.routerFor({ ids, productionCname: plan.production.cname }).read()
  if (wholeOf(route) === plan.live.id) return
  throw movedMeanwhile(plan)
}

function sayWayBackEnds(run: Run, { candidate, version }: Deployment): void {
  if (wayBackIn(run, candidate) === undefined) return
  run.ports.report.line(
    `This ends the instant way back to ${candidate.version}: its environment gets ${version}.`,
  )
  run.record.wayBackEnded = `${candidate.name} was the instant way back to ${candidate.version} and is not any more: ${version} went there`
}
