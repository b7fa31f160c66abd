import type { Environment } from '../../deployment/environment.ts'
import { refuseForeign } from './foreign.ts'
import { type OnePair, seenFrom } from './look.ts'
import { shareOf } from './standing.ts'
import { recordsOf } from './zone.ts'

/**
 * Which of these the records lead to, most of all. Undefined when nothing stands there, or when they lead to another
 * environment of the application. Throws Failure when they lead somewhere else, or nobody can tell.
 */
export async function holderAmong(
  parts: OnePair,
  among: readonly Environment[],
): Promise<Environment | undefined> {
  const records = await recordsOf(parts.clients, parts.zone, parts.pair.productionName)
  const seen = seenFrom(parts, records, among)
  const share = shareOf(
    seen.standing,
    among.map(({ id }) => id),
  )
  const partOf = ({ id }: Environment) => share[id] ?? 0
  const [greatest] = [...among].sort((one, other) => partOf(other) - partOf(one))
  if (greatest && partOf(greatest) > 0) {
    // Of a whole application only those matter that production reaches.
    const members = among.length <= 2 ? among : among.filter((one) => partOf(one) > 0)
    refuseForeign({ ...seen, members })
    return greatest
  }
  refuseForeign({ ...seen, members: [] })
  if (seen.standing.length === 0 || among.length < 2) return undefined
  const all = seenFrom(parts, records, await parts.beanstalk.all())
  if (all.standing.every(({ environment }) => environment === null)) refuseForeign(all)
  return undefined
}
