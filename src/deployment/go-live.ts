import type { Effect, RouteEffect } from './effects.ts'
import type { Environment } from './environment.ts'
import { Failure, messageOf } from './errors.ts'
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
  const wayBackLasts = run.settings.bakeTime + grace
  const { router, effect } = await run.stage('Shift traffic', (stage) =>
    shiftTraffic(stage, { plan, to: candidate, version: candidate.version, way: 'undo', wayBackLasts }),
  )
  await run.stage('Bake', (stage) => bake(stage, { plan, live: candidate, router }))
  await promote(run, { plan, live: candidate, effect })
  await afterwards(run, { plan, live: candidate, router })
  return { is: 'promoted', says: `${candidate.version} is live on ${candidate.name}.` }
}

/** From here on nothing is undone; what was held for the old live stays held while it is the way back. */
async function promote(
  run: Run,
  { plan, live, effect }: { readonly plan: Plan; readonly live: Environment; readonly effect: RouteEffect },
): Promise<void> {
  const { journal } = run.ports
  const isHeldFor = (id: string) => (one: Effect) => one.what === 'hold-capacity' && one.environment === id
  await journal.write((now) => ({
    ...promotedBy('deploy', effect, journal.serverTime())(now),
    pending: now.pending.filter(isHeldFor(live.id)),
    kept: [...now.pending.filter(isHeldFor(plan.live.id)), ...now.kept],
  }))
}

/** After promotion nothing may fail the deployment: trouble is a warning. */
async function afterwards(run: Run, { plan, live, router }: Baking): Promise<void> {
  try {
    await run.stage('Retire standby', async (stage) => {
      await giveBackFor(stage, live.id)
      await retireStandby(stage, plan, router)
    })
  } catch (thrown) {
    // A rollback took over meanwhile: this is no promotion any more.
    if (run.ports.journal.lost.aborted) throw run.ports.journal.lost.reason
    if (thrown instanceof Failure) run.record.remedies.push(...thrown.remedies)
    warn(run, `${live.version} is live, but the tidying up after it is not complete: ${messageOf(thrown)}`)
  }
}
