import { describe, type Environment } from '../environment.ts'
import { Failure } from '../errors.ts'
import { unfitness } from '../fitness.ts'
import type { Ending } from '../outcome.ts'
import type { Promotion } from '../ports.ts'
import type { Run } from '../run.ts'
import { type Plan, planPair } from './plan.ts'

/** Production is there already, or what it takes to get it there. */
export type WayBack =
  | { readonly is: 'there'; readonly ending: Ending }
  | {
      readonly is: 'to go'
      readonly pair: Plan
      readonly target: Environment
      readonly version: string
      /** False: the version has to be deployed there first, which is not instant. */
      readonly isReadyToGo: boolean
    }

/** Where a rollback goes: what was live before the last promotion, by the journal, as far as AWS agrees. */
export async function planWayBack(run: Run): Promise<WayBack> {
  const pair = await planPair(run)
  if (!pair.live) throw new Failure('Neither environment exists: there is nothing to go back from.')
  const last = run.ports.journal.state.promotions[0]
  const there = alreadyThere(run, pair, last)
  if (there) return { is: 'there', ending: there }
  const { environment, version } = wayBackOf(pair, last)
  const target = pair.other.now
  if (target?.id !== environment) throw gone(run, version)
  if (target.version !== version) {
    run.ports.report.line(
      `${target.name} runs ${target.version ?? 'nothing'} by now: ${version} is deployed there first, which takes minutes.`,
    )
    return { is: 'to go', pair, target, version, isReadyToGo: false }
  }
  const unfit = await unfitness(run, { id: target.id, version, insteadOf: pair.live.id })
  if (unfit)
    throw new Failure(`The way back is not fit: ${unfit}. Production stays on ${describe(pair.live)}.`)
  return { is: 'to go', pair, target, version, isReadyToGo: true }
}

function alreadyThere(run: Run, { live }: Plan, last: Promotion | undefined): Ending | undefined {
  if (run.record.wayBackTook !== undefined)
    return {
      is: 'restored',
      says: `${live.version} is live again, on ${live.name}: the deployment under way was taken back.`,
    }
  if (last?.by === 'rollback' && last.environment === live.id && last.version === live.version)
    return {
      is: 'already-live',
      says: `Production went back to ${live.version} on ${live.name} already. Nothing was changed.`,
    }
  if (last?.before && last.before.environment === live.id && last.before.version === live.version)
    return {
      is: 'already-live',
      says: `${live.version} is live on ${live.name} already: somebody moved production back. Nothing was changed.`,
    }
  return undefined
}

function wayBackOf({ live }: Plan, last: Promotion | undefined): { environment: string; version: string } {
  if (last?.before?.version === undefined)
    throw new Failure('Nothing is remembered that production could go back to.', [
      {
        why: 'Deploy the version that you want: `operation: deploy` with `version` and `allow-older: true`.',
      },
    ])
  if (last.environment !== live.id || last.version !== live.version)
    throw new Failure(
      `The last promotion put ${last.version} on ${last.environment}, but ${describe(live)} is live: somebody changed production since, and where to go back to is not clear.`,
      [
        {
          why: 'Deploy the version that you want: `operation: deploy` with `version` and `allow-older: true`.',
        },
      ],
    )
  return { environment: last.before.environment, version: last.before.version }
}

const gone = (run: Run, version: string) =>
  new Failure(
    `The environment that ran ${version} before does not exist any more: there is no instant way back.`,
    [
      {
        why: `Deploy it again: \`operation: deploy\`, \`version: ${version}\`, \`allow-older: true\`, application ${run.settings.application}.`,
      },
    ],
  )
