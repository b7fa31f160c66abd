import { describe, type Environment, isEnding, isReady } from '../environment.ts'
import { Failure } from '../errors.ts'
import { readEvents, runAgainWhenReady } from '../remedies.ts'
import type { Run } from '../run.ts'
import { waitUntil } from '../wait-until.ts'
import type { Plan } from './plan.ts'

/** What was proven, and what production leaves for it. */
export interface Proven {
  readonly plan: Plan
  readonly to: Environment
  readonly version: string | undefined
}

/** The candidate as it is now. Throws Failure when anything is not as it was planned and proven. */
export async function refuseChanged(run: Run, proven: Proven): Promise<Environment> {
  return judge(await run.ports.beanstalk.read([proven.plan.live.id, proven.to.id]), proven)
}

function judge(members: readonly Environment[], { plan, to, version }: Proven): Environment {
  const live = members.find(({ id }) => id === plan.live.id)
  const target = members.find(({ id }) => id === to.id)
  if (!live || !target)
    throw new Failure(
      `${live ? to.name : plan.live.name} is gone: somebody ended it meanwhile. No traffic is moved.`,
    )
  if (!isReady(live))
    throw new Failure(
      `${plan.live.name}, which has production, is ${live.status}: traffic can only be moved when both are Ready.`,
      [readEvents(plan.live.id)],
    )
  if (!isReady(target))
    throw new Failure(
      `Somebody else works on ${to.name}, which is ${target.status} now: what was proven may not be there any more, and production stays on ${live.name}.`,
      [readEvents(to.id), runAgainWhenReady],
    )
  if (target.version !== version)
    throw new Failure(
      `Somebody deployed to ${to.name} meanwhile: it is ${describe(target)} now, and production stays on ${live.name}.`,
      [readEvents(to.id), runAgainWhenReady],
    )
  if (live.version !== plan.live.version)
    throw new Failure(
      `Somebody deployed to production meanwhile: it is on ${describe(live)} now, and stays there.`,
      [readEvents(live.id), { why: 'If your version is the newer one all the same, run it again.' }],
    )
  return target
}

/** Right before the switch somebody began to work on one of both, and has ended by now. */
export const workedOn = ({ live }: Plan, to: Environment): Failure =>
  new Failure(
    `Somebody else worked on ${to.name} or ${live.name} just now: what was proven may not be there any more, and production stays on ${live.name}.`,
    [readEvents(to.id), runAgainWhenReady],
  )

/**
 * The same once live is Ready: an update of it, a managed one perhaps, changes nothing of what was proven of the candidate,
 * and is waited for.
 */
export async function untilUnchanged(run: Run, proven: Proven): Promise<'at once' | 'after a while'> {
  const { beanstalk } = run.ports
  const {
    plan: { live },
    to,
  } = proven
  let seen: 'at once' | 'after a while' = 'at once'
  return waitUntil(run, {
    sentence: `${live.name} is Ready`,
    expected: 0,
    within: run.settings.waitForReady,
    look: async () => {
      const members = await beanstalk.read([live.id, to.id])
      const now = members.find(({ id }) => id === live.id)
      if (!now || isReady(now) || isEnding(now)) {
        judge(members, proven)
        return { is: 'done', value: seen }
      }
      seen = 'after a while'
      return { is: 'waiting', saw: `it is ${now.status}` }
    },
  })
}
