import { Failure } from '../errors.ts'
import type { Ending } from '../outcome.ts'
import { lookAtHealth } from '../remedies.ts'
import type { Run } from '../run.ts'
import { isSick, wayOnward } from '../way-onward.ts'
import type { Plan } from './plan.ts'
import { refuseNowhere } from './refuse-nowhere.ts'

/** Production is there: nothing to do if it is well there. Throws Failure, with where else it could go, if it is sick. */
export function alreadyThere({ ports, settings }: Run, plan: Plan, says: string): Ending {
  const { live, other } = plan
  refuseNowhere(plan)
  const onward = wayOnward(live, other.now, ports.journal.state.promotions)
  if (!isSick(live.health)) {
    const hint =
      onward?.isFit && settings.to === undefined
        ? ` \`to: ${onward.name}\` goes there: it ${onward.says}.`
        : ''
    return { is: 'already-live', says: `${says} Its health is ${live.health}.${hint} Nothing was changed.` }
  }
  const elsewhere = onward
    ? `${onward.name} ${onward.says}`
    : other.now
      ? `${other.name} (${other.now.version ?? 'no version'}) is ${other.now.status} and ${other.now.health}`
      : `${other.name} does not exist`
  throw new Failure(
    `${says} But its health is ${live.health}, and \`rollback\` by itself goes no further back; ${elsewhere}. Nothing was changed.`,
    [
      ...(onward ? [{ why: `Go to ${onward.name}, which ${onward.says}:`, workflow: onward.workflow }] : []),
      lookAtHealth(settings),
    ],
  )
}
