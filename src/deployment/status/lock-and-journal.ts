import { sentence } from '../effects.ts'
import type { Holder, Instant, Promotion } from '../ports.ts'
import { seenIn } from './attempt.ts'
import type { Sight } from './look.ts'

const most = 5

/** Who holds the lock, and for how long. */
export function lockInWords({ peeked }: Sight): readonly string[] {
  const seen = seenIn(peeked)
  if (!seen) return ['It could not be read.']
  const { state, held } = seen
  if (held)
    return [
      `Held by ${whoIs(held.holder)}${held.since === undefined ? '' : ` since ${time(held.since)}`}, until ${time(held.until)} and for as long as that run renews it.${held.holder.baking ? ' It bakes: a `rollback` takes over at once.' : ''}`,
    ]
  if (state.holder) return [`Free. ${whoIs(state.holder)} had it and did not give it back: that run is dead.`]
  return ['Free.']
}

/** What the journal remembers: what is open, what is kept, and who was promoted last. */
export function journalInWords(sight: Sight): readonly string[] {
  const seen = seenIn(sight.peeked)
  if (!seen) return ['It could not be read.']
  const { pending, kept, promotions } = seen.state
  if (pending.length + kept.length + promotions.length === 0) return ['Nothing is remembered of this pair.']
  const open = seen.held ? 'Under way' : 'Left open by a run that died; `recover` or the next run settles it'
  return [
    ...pending.map((effect) => `${open}: ${sentence(effect)}.`),
    ...(pending.length === 0 ? ['Nothing is open.'] : []),
    ...kept.map((effect) => `Kept for the way back: ${sentence(effect)}.`),
    ...promotions.slice(0, most).map((one) => promotionInWords(one, sight)),
  ]
}

function promotionInWords({ at, by, environment, version, before }: Promotion, sight: Sight): string {
  const instead = before
    ? `; before, ${before.version ?? 'no version'} on ${nameOf(before.environment, sight)} was live`
    : ''
  return `${time(at)}: ${by === 'deploy' ? 'promoted' : 'rolled back to'} ${version ?? 'no version'} on ${nameOf(environment, sight)}${instead}.`
}

/** The environment's name where it is known, else its id. */
export const nameOf = (id: string, { members }: Pick<Sight, 'members'>): string =>
  seenIn(members)?.find((member) => member.id === id)?.name ?? id

const whoIs = ({ run, link, operation }: Holder): string =>
  `${run}${link ? ` (${link})` : ''}, which does \`${operation}\``

/** `2026-11-23T12:56:17Z`, or what stands there if it is no time. */
export const time = (at: Instant): string =>
  Number.isFinite(at) && Math.abs(at) < 8e15 ? new Date(at).toISOString().replace(/\.\d+Z$/, 'Z') : String(at)
