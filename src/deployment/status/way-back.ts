import { describe, type Environment, isAtLeast, isReady } from '../environment.ts'
import type { WayBackSeen } from '../pair-report.ts'
import type { Promotion } from '../ports.ts'
import { isForwardAgain } from '../promotions.ts'
import { isSick, wayOnward } from '../way-onward.ts'
import { seenIn } from './attempt.ts'
import type { Sight } from './look.ts'

/** What a `rollback` would do now, as far as reading this much can tell; it looks again before it moves anything. */
export function wayBackIn(sight: Sight): WayBackSeen {
  const { live } = sight
  const seen = seenIn(sight.peeked)
  if (!seen || !seenIn(sight.members))
    return { is: 'unknown', says: 'It cannot be told: not everything could be read.' }
  const holder = sight.holder?.now
  if (!live && holder)
    return closed(`Not one of these two is live: ${describe(holder)} is. \`rollback\` is refused.`)
  if (!live) return closed('Nobody is live, so there is nothing to go back from.')
  if (!seen.held && seen.state.pending.some(({ what }) => what === 'route'))
    return {
      is: 'unknown',
      says: 'A dead run left a move of production open: `rollback` would settle that first, backwards.',
    }
  const last = seen.state.promotions[0]
  if (!last?.before) return closed('Nothing is remembered that production could go back to.')
  if (isForwardAgain(last, live)) return backTo(sight, live, last)
  if (isThere(last, live)) return closed(stays(sight, live, seen.state.promotions))
  if (last.environment !== live.id || last.version !== live.version)
    return closed(
      `The last promotion put ${last.version ?? 'no version'} on ${last.environment}, but ${describe(live)} is live: somebody changed production since, and where to go back to is not clear.`,
    )
  return backTo(sight, live, last.before)
}

const closed = (says: string): WayBackSeen => ({ is: 'closed', says })

/** As `rollback` itself would say it. */
function stays({ other }: Sight, live: Environment, promotions: readonly Promotion[]): string {
  const onward = wayOnward(live, other, promotions)
  const would = isSick(live.health)
    ? `but its health is ${live.health}: \`rollback\` by itself would fail`
    : `its health is ${live.health}: \`rollback\` would change nothing`
  const isSaid = onward && (onward.isFit || isSick(live.health))
  const hint = isSaid
    ? ` With \`to: ${onward.name}\`${onward.isFit ? '' : ' and `force: true`'} it goes there: it ${onward.says}.`
    : ''
  return `Production went back to ${describe(live)} already; ${would}.${hint}`
}

const isThere = ({ by, environment, version, before }: Promotion, live: Environment): boolean =>
  (by === 'rollback' && environment === live.id && version === live.version) ||
  (before?.environment === live.id && before.version === live.version)

function backTo(
  { other, health, router }: Sight,
  live: Environment,
  { environment, version }: { readonly environment: string; readonly version: string | undefined },
): WayBackSeen {
  if (other?.id !== environment)
    return closed(
      `The environment that ran ${version ?? 'no version'} before does not exist any more: deploy that version again.`,
    )
  const named = describe(other)
  if (!isReady(other)) return closed(`${named} is ${other.status}: \`rollback\` waits until it is Ready.`)
  if (version === undefined) return closed(`Which version ${other.name} ran before is not remembered.`)
  if (other.version !== version)
    return {
      is: 'slow',
      says: `${named} runs something else by now: \`rollback\` would deploy ${version} there first, which takes minutes.`,
    }
  if (seenIn(health)?.instances === 0) return closed(`${named} has no instance.`)
  if (isSicker(other, live)) return closed(`${named} is ${other.health} itself.`)
  return {
    is: 'open',
    says: `\`rollback\` would move production to ${named} by one ${router.moves === 'whole' ? 'swap' : 'change'}, in seconds.`,
  }
}

const isSicker = (other: Environment, live: Environment): boolean =>
  other.health !== 'unknown' &&
  !isAtLeast(other.health, 'Warning') &&
  !(isAtLeast(other.health, live.health) && other.health !== live.health)
