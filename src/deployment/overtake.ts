import type { RouteEffect } from './effects.ts'
import { describe, type Environment, isReady } from './environment.ts'
import { isForced, unfitness } from './fitness.ts'
import { holderAmong } from './holder.ts'
import { refuseUnknown } from './known-target.ts'
import type { Ending } from './outcome.ts'
import type { PairState } from './ports.ts'
import { lookAtHealth } from './remedies.ts'
import type { Run } from './run.ts'

/**
 * Why a rollback leaves the lock to the deployment that bakes: production is where it wants it, or cannot go back now.
 * Taking over all the same would end the bake, and with it the automatic way back, for nothing.
 */
export async function whyNotOvertake(run: Run, { pending }: PairState): Promise<Ending | undefined> {
  const { to } = run.settings
  const move = pending.find((one): one is RouteEffect => one.what === 'route' && one.way === 'undo')
  if (!move) return undefined
  run.record.productionName ??= move.productionName
  const members = await run.ports.beanstalk.read([move.from, move.to])
  if (to !== undefined)
    await refuseUnknown(
      run,
      to,
      members.map(({ version }) => version),
    )
  const live = members.find(({ id }) => id === move.to)
  // While something is under way, perhaps that run's own way back, nothing can be told: settling waits for its end.
  if (!live || !members.every(isReady)) return undefined
  // Somebody moved production by hand in the bake: what is live is only known for sure under the lock.
  if ((await holderAmong(run, members, move.productionName)) !== live) return undefined
  if (to === live.name || to === live.version)
    return {
      is: 'already-live',
      says: `${live.version} is live on ${live.name} already, and its deployment goes on watching it. Nothing was changed.`,
    }
  const unfit = await unfitness(run, { id: move.from, version: move.fromVersion, insteadOf: move.to })
  if (!unfit || isForced(run, unfit)) return undefined
  run.record.remedies.push(lookAtHealth(run.settings))
  if (unfit.is === 'sick')
    run.record.remedies.push({
      why: 'If it is still better than what is live, go there all the same: `force: true`.',
    })
  return { is: 'failed', says: notFit(unfit.why, live) }
}

const notFit = (why: string, live: Environment): string =>
  `The way back is not fit: ${why}. Production stays on ${describe(live)}; the deployment that watches it was not interrupted.`
