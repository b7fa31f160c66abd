import { askAgainToEnd } from './ask-to-end.ts'
import { detach } from './attach.ts'
import { deleteTemplate } from './delete-template.ts'
import { type CreateEnvironmentEffect, type Effect, type HoldCapacityEffect, sentence } from './effects.ts'
import { endCreated, findCreated } from './end-created.ts'
import { Cancelled, Failure, LostLock, messageOf } from './errors.ts'
import { stands } from './hold-capacity.ts'
import { hearLastWords } from './last-words.ts'
import { gets } from './move-traffic.ts'
import type { PairState } from './ports.ts'
import { knownProductionName } from './production-name.ts'
import { resize } from './resize.ts'
import { type Run, settled } from './run.ts'
import { type Policy, settleRoute } from './settle-route.ts'
import { isSpared } from './spare.ts'

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
    case 'attach':
      await detach(run, effect)
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
  const productionName = await knownProductionName(run)
  return (
    productionName === undefined || gets(await run.ports.routerFor({ ids: [id], productionName }).read(), id)
  )
}

async function adoptCreated(run: Run, effect: CreateEnvironmentEffect): Promise<void> {
  const found = await findCreated(run, effect)
  if (found) run.ports.report.line(`Environment ${found.name}, created by an earlier run, is taken over.`)
}
