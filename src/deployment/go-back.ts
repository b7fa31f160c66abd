import { leaveOut } from './attach.ts'
import type { Environment } from './environment.ts'
import { messageOf } from './errors.ts'
import { giveBackFor } from './give-back.ts'
import { memoryOf } from './memory-of.ts'
import type { Ending } from './outcome.ts'
import { promotedBy } from './promotions.ts'
import { ownAnswer } from './proof.ts'
import { type Run, warn } from './run.ts'
import { seeVersion } from './see-version.ts'
import type { Plan } from './stages/plan.ts'
import { shiftTraffic } from './stages/shift-traffic.ts'

/** Moves production back, with no bake: what it goes back to has stood its own. */
export async function goBack(run: Run, plan: Plan, target: Environment): Promise<Ending> {
  const { clock, journal } = run.ports
  const began = clock.now()
  const again = isRemembered(run, target) ? ' again' : ''
  const { effect, router } = await run.stage('Shift traffic', (stage) =>
    shiftTraffic(stage, {
      plan,
      to: target,
      version: target.version,
      way: 'finish',
      wayBackLasts: 0,
    }),
  )
  run.record.wayBackTook = clock.now() - began
  await journal.write((now) => ({
    ...promotedBy('rollback', effect, journal.serverTime(), 'left by choice')(now),
    // What was created to go back to, or made known to the router, is live now: nobody takes that back.
    pending: now.pending.filter(
      (one) => one !== effect && one.what !== 'create-environment' && one.what !== 'attach',
    ),
  }))
  await giveBackFor(run, target.id).catch((thrown: unknown) =>
    warn(run, `${target.version} is live, but its capacity is still held: ${messageOf(thrown)}`),
  )
  await leaveOut(run, router, plan.live.id).catch((thrown: unknown) =>
    warn(
      run,
      `${plan.live.name} has no traffic, but is known to ${router.authority} still: ${messageOf(thrown)}`,
    ),
  )
  const seen = await seeVersion(run, {
    environment: target.id,
    version: target.version,
    within: router.clientsFollowWithin,
  })
  run.record.proof = seen ?? ownAnswer(router, plan.production.cname, target)
  return { is: 'restored', says: `${target.version} is live${again}, on ${target.name}.` }
}

const isRemembered = ({ ports }: Run, { version = '' }: Environment): boolean =>
  memoryOf(ports.journal.state.promotions, version) === 'was live'
