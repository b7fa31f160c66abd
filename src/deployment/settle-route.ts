import { type RouteEffect, withArrival } from './effects.ts'
import { type Environment, isAtLeast, isReady } from './environment.ts'
import { Failure, messageOf, type Remedy } from './errors.ts'
import { fillUp } from './fill-up.ts'
import { isForced, type Unfit, unfitness, warnOfForce } from './fitness.ts'
import { conclusiveRoute, inShares, isSplit, moveTraffic, wholeOf } from './move-traffic.ts'
import type { Route } from './ports.ts'
import { promotedBy, reversed } from './promotions.ts'
import { ownAnswer } from './proof.ts'
import { bringInPlace } from './remedies.ts'
import { type Run, warn } from './run.ts'
import { lookAt } from './sight.ts'
import { toMember } from './tell.ts'

/**
 * Who settles decides about production that has moved:
 * - `undo`: this job was cancelled or killed; it goes back while the way back lasts.
 * - `adopt`: an earlier run died; production that stands whole on a healthy side stays there.
 * - `go back`: this very run failed, or a human pressed rollback; it goes back.
 */
export type Policy = 'undo' | 'adopt' | 'go back'

/** Brings production to where the effect says, or leaves it where it stands well. `came back`: this run moved it back. */
export async function settleRoute(
  run: Run,
  effect: RouteEffect,
  policy: Policy,
): Promise<'came back' | 'done'> {
  const { clock, journal, report, routerFor } = run.ports
  const router = routerFor({ ids: [effect.from, effect.to], productionName: effect.productionName })
  run.record.productionName = effect.productionName
  const now = await conclusiveRoute(run, router, { effect, isDead: policy === 'adopt' })
  run.record.settledRouteAt = journal.serverTime()
  const at = wholeOf(now)
  const isAhead = effect.way === 'finish' || (await isBetterAhead(run, { effect, now, policy }))
  const target = isAhead ? effect.to : effect.from
  const other = isAhead ? effect.from : effect.to
  // Remembered as a rollback, whoever moved it, so that pressing the button now does not go back one more.
  const remember = () => {
    if (isAhead && effect.way === 'undo')
      return journal.write(promotedBy('deploy', effect, journal.serverTime()))
    const move = isAhead ? effect : reversed(effect)
    const isByChoice = effect.way === 'finish' || run.settings.operation === 'rollback'
    return journal.write(
      promotedBy('rollback', move, journal.serverTime(), isByChoice ? 'left by choice' : undefined),
    )
  }
  if (at === target) {
    if (effect.way === 'finish' || run.record.moved || effect.arrived) await remember()
    // A rollback's own move that took effect while nobody could see that it had settled.
    const isOwnRollback = effect.way === 'finish' && policy === 'go back'
    return run.record.moved || isOwnRollback ? 'came back' : 'done'
  }
  // This run's own request was turned away, or never sent: whoever moved production there, it was not this run.
  if (at === other && effect.way === 'undo' && run.record.moved === false) return 'done'
  if (at !== undefined && at !== other)
    throw new Failure(`production is on ${at}, where this deployment never put it: somebody else moved it`)
  if (at === other && effect.way === 'undo' && (await mayStay(run, effect, policy))) {
    const [stays] = await run.ports.beanstalk.read([effect.to])
    // A human may have brought another version there since.
    const as = { ...effect, toVersion: stays?.version }
    await journal.write(promotedBy('deploy', as, journal.serverTime()))
    report.line(`Production stays on ${effect.to}: that deployment counts as promoted.`)
    return 'done'
  }
  const version = isAhead ? effect.toVersion : effect.fromVersion
  const sight = await lookAt(run, [target, other], [target])
  const unfit = await unfitness(run, { id: target, version, insteadOf: other }, sight)
  if (unfit?.is === 'impossible' && effect.way === 'finish' && at === other) {
    run.record.left.push(`production stays on ${other}: it was to go to ${target}, but ${unfit.why}`)
    return 'done'
  }
  if (unfit && !isForced(run, unfit)) throw noWayBack(unfit, { holder: other, target, version })
  if (unfit) warnOfForce(run, unfit)
  // Reading what became of a request may have taken minutes: is the lock still ours?
  await journal.write(withArrival)
  const began = clock.now()
  const [back, left] = [target, other].map((id) => sight.members.find((member) => member.id === id))
  const name = sight.members.flatMap((member) => (member.id === target ? member.name : [])).join()
  if (run.settings.operation === 'rollback' && !run.record.hasBegun)
    run.record.beforeSettling = { live: toMember(left), other: toMember(back) }
  report.line(`Taking production ${isAhead && effect.way === 'undo' ? '' : 'back '}to ${name} (${target}).`)
  await moveTraffic(run, { router, from: now, to: router.plan(now, target), towards: name, version })
  run.record.wayBackTook = clock.now() - began
  run.record.proof = ownAnswer(router, effect.productionName, { id: target, name })
  await remember()
  await fillUp(run, target).catch((thrown: unknown) =>
    warn(run, `${name} has production and fewer instances than it had: ${messageOf(thrown)}`),
  )
  const how = at === undefined ? `, from a split (${inShares(now.share, sight.members)})` : ''
  run.record.undone.push(
    `production (${effect.productionName}) went ${isAhead && effect.way === 'undo' ? '' : 'back '}to ${name} (${target})${how}, running ${version ?? 'no version'}`,
  )
  return isAhead && effect.way === 'undo' ? 'done' : 'came back'
}

/**
 * A split that a dead run left becomes whole again on the side that it came from; where that is not well and the other one
 * is, which had passed its gates, on that one.
 */
async function isBetterAhead(
  run: Run,
  { effect, now, policy }: { readonly effect: RouteEffect; readonly now: Route; readonly policy: Policy },
): Promise<boolean> {
  if (effect.way !== 'undo' || policy !== 'adopt' || !isSplit(now)) return false
  const members = await run.ports.beanstalk.read([effect.from, effect.to])
  const [from, to] = [effect.from, effect.to].map((id) => members.find((member) => member.id === id))
  const isWell = (member: Environment | undefined, version: string | undefined) =>
    member !== undefined &&
    isReady(member) &&
    member.version === version &&
    isAtLeast(member.health, 'Warning')
  return !isWell(from, effect.fromVersion) && isWell(to, effect.toVersion)
}

/** May production stay where a dead or failed run put it? After its way back expired, nobody but a human moves it. */
async function mayStay(run: Run, effect: RouteEffect, policy: Policy): Promise<boolean> {
  if (policy === 'go back') return false
  const [now] = await run.ports.beanstalk.read([effect.to])
  const isHealthy = now !== undefined && isAtLeast(now.health, 'Warning')
  if (policy === 'adopt' && isHealthy) return true
  return run.ports.journal.serverTime() > effect.until
}

interface NoWay {
  /** The ids of what has production and of what it would go to. */
  readonly holder: string
  readonly target: string
  readonly version: string | undefined
}

function noWayBack({ why, is }: Unfit, { holder, target, version }: NoWay): Failure {
  const again: Remedy = {
    why: `When ${target} is fit again, run this action with:`,
    workflow: 'operation: rollback',
  }
  const remedies: Readonly<Record<Unfit['is'], readonly Remedy[]>> = {
    sick: [
      { why: 'Both sides are sick: look first at what both need, a database or another service.' },
      again,
    ],
    empty: [again],
    busy: [again],
    impossible: bringInPlace(holder, version),
  }
  return new Failure(`there is no way back: ${why}`, remedies[is])
}
