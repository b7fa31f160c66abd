import { usually } from '../durations.ts'
import { describe, type Environment } from '../environment.ts'
import { Failure } from '../errors.ts'
import { isForced, type Unfit, unfitness, warnOfForce } from '../fitness.ts'
import { warnOfManagedUpdates } from '../managed-updates.ts'
import { memoryOf } from '../memory-of.ts'
import { scalar } from '../next-step.ts'
import type { Ending } from '../outcome.ts'
import { lookAtHealth } from '../remedies.ts'
import { type Run, warn } from '../run.ts'
import { refuseVerificationOnly } from '../verification-only.ts'
import { inWords } from '../wait-until.ts'
import { type Plan, planPair } from './plan.ts'
import { whereBack } from './where-back.ts'

/** Production is there already, or what it takes to get it there. */
export type WayBack =
  | { readonly is: 'there'; readonly ending: Ending }
  | { readonly is: 'ready'; readonly pair: Plan; readonly target: Environment }
  /** It runs the version, and no instance is in service. */
  | { readonly is: 'empty'; readonly pair: Plan; readonly target: Environment }
  /** The version has to be deployed there, or proven there, first: not instant. */
  | { readonly is: 'to bring up'; readonly pair: Plan; readonly version: string }

/** Where a rollback goes, and what has to be done first, as far as AWS agrees. */
export async function planWayBack(run: Run): Promise<WayBack> {
  const pair = await planPair(run)
  if (!pair.live) throw new Failure('Neither environment exists: there is nothing to go back from.')
  const where = await whereBack(run, pair)
  if (where.is === 'there') return where
  refuseVerificationOnly(pair)
  warnOfManagedUpdates(run, pair)
  const { version, environment, wasLive } = where
  const { to } = run.settings
  if (to !== undefined) refuseTakenBack(run, pair, { to, version })
  const target = pair.other.now
  if (environment !== undefined && target?.id !== environment) throw gone(pair, version)
  if (!target || target.version !== version) {
    sayDeployedFirst(run, pair, version)
    return { is: 'to bring up', pair, version }
  }
  if (!wasLive && !run.settings.force) {
    run.ports.report.line(
      `${version} never had production on ${target.name}, as far as is remembered: it is proven there first.`,
    )
    return { is: 'to bring up', pair, version }
  }
  if (!wasLive)
    warn(
      run,
      `${version} never had production on ${target.name}, as far as is remembered, and is not proven there first (\`force: true\`).`,
    )
  const unfit = await unfitness(run, { id: target.id, version, insteadOf: pair.live.id })
  if (unfit?.is === 'empty') return { is: 'empty', pair, target }
  if (unfit) putUpWith(run, pair.live, unfit)
  return { is: 'ready', pair, target }
}

/** It failed under real traffic, which no proof without traffic can make good, and a rollback bakes nothing. */
function refuseTakenBack(
  run: Run,
  { live }: Plan,
  { to, version }: { readonly to: string; readonly version: string },
): void {
  const { ports, settings } = run
  if (memoryOf(ports.journal.state.promotions, version) !== 'taken back') return
  if (settings.force) {
    warn(run, `${version} was taken back from its bake, and goes live without one (\`force: true\`).`)
    return
  }
  throw new Failure(
    `${version} was taken back from its bake: it has not stood real traffic. Production stays on ${describe(live)}.`,
    [
      {
        why: 'Deploy it once more, with a bake:',
        workflow: `operation: deploy\nversion: ${scalar(version)}\nallow-older: true`,
      },
      {
        why: 'If it is still better than what is live, go there all the same, without a bake:',
        workflow: `operation: rollback\nto: ${scalar(to)}\nforce: true`,
      },
    ],
  )
}

/** Throws unless a human wants it all the same. */
export function putUpWith(run: Run, live: Environment, unfit: Unfit): void {
  if (isForced(run, unfit)) {
    warnOfForce(run, unfit)
    return
  }
  throw new Failure(`The way back is not fit: ${unfit.why}. Production stays on ${describe(live)}.`, [
    lookAtHealth(run.settings),
    ...(unfit.is === 'sick'
      ? [{ why: 'If it is still better than what is live, go there all the same: `force: true`.' }]
      : []),
  ])
}

function sayDeployedFirst(run: Run, { live, other }: Plan, version: string): void {
  const { healthStableFor, testCommand } = run.settings
  const what = other.now
    ? `${other.name} runs ${other.now.version ?? 'nothing'} by now: ${version} is deployed there first`
    : `${other.name} does not exist: it is created with ${version} first`
  const takes = usually(run, other.now ? 'deployment' : 'creation') + healthStableFor
  run.ports.report.line(
    `${what}. That takes about ${inWords(takes)}${testCommand === undefined ? '' : ' and what the tests take'}; until then ${live.version} stays live on ${live.name}.`,
  )
}

const gone = ({ live }: Plan, version: string) =>
  new Failure(
    `The environment that ran ${version} before does not exist any more: there is no instant way back. Production stays on ${describe(live)}.`,
    [
      {
        why: 'Roll back to the version: an environment is created for it and proven, which takes some minutes.',
        workflow: `operation: rollback\nto: ${scalar(version)}`,
      },
      {
        why: 'Or deploy it again, with a bake:',
        workflow: `operation: deploy\nversion: ${scalar(version)}\nallow-older: true`,
      },
    ],
  )
