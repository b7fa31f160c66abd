import type { Environment } from './environment.ts'
import { messageOf } from './errors.ts'
import { giveBackFor } from './give-back.ts'
import type { Ending } from './outcome.ts'
import { promotedBy } from './promotions.ts'
import { type Run, warn } from './run.ts'
import { type Baking, bake, grace } from './stages/bake.ts'
import type { Plan } from './stages/plan.ts'
import { retireStandby } from './stages/retire-standby.ts'
import { shiftTraffic } from './stages/shift-traffic.ts'

/** Moves production to the proven candidate, watches it there, and retires what was live. */
export async function goLive(run: Run, plan: Plan, candidate: Environment): Promise<Ending> {
  const { journal } = run.ports
  const until = journal.serverTime() + run.settings.bakeTime + grace
  const { router, effect } = await run.stage('Shift traffic', (stage) =>
    shiftTraffic(stage, { plan, to: candidate, version: candidate.version, way: 'undo', until }),
  )
  await run.stage('Bake', (stage) => bake(stage, { plan, live: candidate, router }))
  await journal.write((now) => ({
    ...promotedBy('deploy', effect, journal.serverTime())(now),
    holder: now.holder && { ...now.holder, baking: false },
    // From here on nothing is undone; what was held for the old live stays held while it is the way back.
    pending: now.pending.filter(
      (effect) => effect.what === 'hold-capacity' && effect.environment === candidate.id,
    ),
    kept: [
      ...now.pending.filter(
        (effect) => effect.what === 'hold-capacity' && effect.environment === plan.live.id,
      ),
      ...now.kept,
    ],
  }))
  await afterwards(run, { plan, live: candidate, router })
  return { is: 'promoted', says: `${candidate.version} is live on ${candidate.name}.` }
}

/** After promotion nothing may fail the deployment: trouble is a warning. */
async function afterwards(run: Run, { plan, live, router }: Baking): Promise<void> {
  try {
    await run.stage('Retire standby', async (stage) => {
      await giveBackFor(stage, live.id)
      await retireStandby(stage, plan, router.clientsFollowWithin)
    })
  } catch (thrown) {
    warn(run, `${live.version} is live, but the tidying up after it is not complete: ${messageOf(thrown)}`)
  }
}
