import { askAgainToEnd } from './ask-to-end.ts'
import { deleteTemplate } from './delete-template.ts'
import {
  type CreateEnvironmentEffect,
  type Effect,
  type HoldCapacityEffect,
  type RouteEffect,
  sentence,
} from './effects.ts'
import { endCreated, findCreated } from './end-created.ts'
import { isAtLeast } from './environment.ts'
import { Cancelled, Failure, LostLock, messageOf, type Remedy } from './errors.ts'
import { fillUp } from './fill-up.ts'
import { isForced, type Unfit, unfitness, warnOfForce } from './fitness.ts'
import { stands } from './hold-capacity.ts'
import { hearLastWords } from './last-words.ts'
import { conclusiveRoute, moveTraffic, wholeOf } from './move-traffic.ts'
import type { PairState } from './ports.ts'
import { knownProductionName } from './production-name.ts'
import { promotedBy, reversed } from './promotions.ts'
import { ownAnswer } from './proof.ts'
import { bringInPlace } from './remedies.ts'
import { resize } from './resize.ts'
import { type Run, settled, warn } from './run.ts'
import { lookAt } from './sight.ts'
import { isSpared } from './spare.ts'
import { toMember } from './tell.ts'

/**
 * Who settles decides about production that has moved:
 * - `undo`: this job was cancelled or killed; it goes back while the way back lasts.
 * - `adopt`: an earlier run died; production that stands whole on a healthy side stays there.
 * - `go back`: this very run failed, or a human pressed rollback; it goes back.
 */
export type Policy = 'undo' | 'adopt' | 'go back'

/** How settling ended. */
export type Fate =
  | { readonly is: 'settled'; readonly cameBack: boolean }
  | { readonly is: 'stuck'; readonly why: string }

/**
 * Settles what is pending, newest first, and stops at the first failure: carrying on could end an environment that
 * still has the traffic. Throws only LostLock and Cancelled, after which nothing may be sent.
 */
export async function settle(run: Run, policy: Policy): Promise<Fate> {
  const { journal } = run.ports
  let cameBack = false
  for (let effect = journal.state.pending[0]; effect; effect = journal.state.pending[0]) {
    try {
      if ((await settleOne(run, effect, policy)) === 'came back') cameBack = true
    } catch (thrown) {
      if (thrown instanceof LostLock || thrown instanceof Cancelled || run.signal.aborted) throw thrown
      if (thrown instanceof Failure) run.record.remedies.push(...thrown.remedies)
      nameUntried(run, journal.state.pending.slice(1))
      const what = effect.what === 'route' ? '' : `${sentence(effect)}: `
      return { is: 'stuck', why: `${what}${messageOf(thrown)}` }
    }
    await settled(run, effect)
  }
  return { is: 'settled', cameBack }
}

function nameUntried(run: Run, rest: readonly Effect[]): void {
  run.record.left.push(...rest.map((effect) => `not touched after that, still open: ${sentence(effect)}`))
}

async function settleOne(run: Run, effect: Effect, policy: Policy): Promise<'came back' | 'done'> {
  switch (effect.what) {
    case 'route':
      return settleRoute(run, effect, policy)
    case 'hold-capacity':
      await giveCapacityBack(run, effect)
      return 'done'
    case 'create-template':
      run.signal.throwIfAborted()
      await deleteTemplate(run, effect.name)
      return 'done'
    case 'create-environment':
      if (policy === 'adopt') await adoptCreated(run, effect)
      else {
        await hearLastWords(run)
        await endCreated(run, effect)
      }
      return 'done'
    case 'terminate':
      if (!(await isSpared(run, effect))) await askAgainToEnd(run, effect)
      return 'done'
  }
}

async function settleRoute(run: Run, effect: RouteEffect, policy: Policy): Promise<'came back' | 'done'> {
  const { clock, journal, report, routerFor } = run.ports
  const router = routerFor({ ids: [effect.from, effect.to], productionName: effect.productionName })
  run.record.productionName = effect.productionName
  const now = await conclusiveRoute(run, router, effect)
  run.record.settledRouteAt = journal.serverTime()
  const target = effect.way === 'undo' ? effect.from : effect.to
  const other = effect.way === 'undo' ? effect.to : effect.from
  const at = wholeOf(now)
  // Remembered as a rollback, whoever moved it, so that pressing the button now does not go back one more.
  const remember = () => {
    const move = effect.way === 'undo' ? reversed(effect) : effect
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
  const version = effect.way === 'undo' ? effect.fromVersion : effect.toVersion
  const sight = await lookAt(run, [target, other], [target])
  const unfit = await unfitness(run, { id: target, version, insteadOf: other }, sight)
  if (unfit?.is === 'impossible' && effect.way === 'finish' && at === other) {
    run.record.left.push(`production stays on ${other}: it was to go to ${target}, but ${unfit.why}`)
    return 'done'
  }
  if (unfit && !isForced(run, unfit)) throw noWayBack(unfit, { holder: other, target, version })
  if (unfit) warnOfForce(run, unfit)
  // Reading what became of a request may have taken minutes: is the lock still ours?
  await journal.write((state) => state)
  const began = clock.now()
  const [back, left] = [target, other].map((id) => sight.members.find((member) => member.id === id))
  const name = sight.members.flatMap((member) => (member.id === target ? member.name : [])).join()
  if (run.settings.operation === 'rollback' && !run.record.hasBegun)
    run.record.beforeSettling = { live: toMember(left), other: toMember(back) }
  report.line(`Taking production back to ${name} (${target}).`)
  await moveTraffic(run, { router, from: now, to: router.plan(now, target), towards: name, version })
  run.record.wayBackTook = clock.now() - began
  run.record.proof = ownAnswer(effect.productionName, { id: target, name })
  await remember()
  await fillUp(run, target).catch((thrown: unknown) =>
    warn(run, `${name} has production and fewer instances than it had: ${messageOf(thrown)}`),
  )
  run.record.undone.push(
    `production (${effect.productionName}) went back to ${name} (${target}), running ${version ?? 'no version'}`,
  )
  return 'came back'
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

/**
 * Gives a held group its own bounds back, unless somebody changed them meanwhile. What has production and more instances
 * than its own maximum allows keeps them until it is retired or deployed to: giving back would end some at once.
 */
export async function giveCapacityBack(run: Run, effect: HoldCapacityEffect): Promise<'done' | 'kept'> {
  const { capacity, report } = run.ports
  const group = await capacity.readGroup(effect.group)
  if (!group) return 'done'
  if (!stands(effect, group)) {
    report.line(
      `Auto Scaling group ${effect.group} was changed by somebody else meanwhile and stays as it is.`,
    )
    return 'done'
  }
  if (effect.before.max < group.desired && (await hasProduction(run, effect.environment))) {
    report.line(
      `Auto Scaling group ${effect.group} keeps its ${group.desired} instances while it has production; its own maximum is ${effect.before.max}.`,
    )
    await run.ports.journal.write(keepHoldsOf(effect.group))
    return 'kept'
  }
  run.signal.throwIfAborted()
  await resize(run, effect.group, effect.before)
  run.record.undone.push(
    `Auto Scaling group ${effect.group} has its own minimum again (${effect.before.min})`,
  )
  return 'done'
}

/** The newest hold on a group stays, and so do those below it: they say what the group's own bounds are. */
const keepHoldsOf =
  (group: string) =>
  (now: PairState): PairState => {
    const isOne = (one: Effect) => one.what === 'hold-capacity' && one.group === group
    return {
      ...now,
      pending: now.pending.filter((one) => !isOne(one)),
      kept: [...now.kept.filter((one) => !isOne(one)), ...[...now.pending, ...now.kept].filter(isOne)],
    }
  }

/** When nobody knows the production name, anything may have production. */
async function hasProduction(run: Run, id: string): Promise<boolean> {
  const cname = await knownProductionName(run)
  const [environment] = await run.ports.beanstalk.read([id])
  return cname === undefined || environment?.cname === cname
}

async function adoptCreated(run: Run, effect: CreateEnvironmentEffect): Promise<void> {
  const found = await findCreated(run, effect)
  if (found) run.ports.report.line(`Environment ${found.name}, created by an earlier run, is taken over.`)
}
