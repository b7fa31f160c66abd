import type { Environment } from '../environment.ts'
import type { Remedy } from '../errors.ts'
import { otherwise } from '../moved-otherwise.ts'
import type { Obstacle } from '../pair-report.ts'
import type { Run } from '../run.ts'
import { slipOf } from '../slip.ts'
import { neitherHas, nothingStandsAt } from '../stages/who-is-live.ts'
import { seenIn } from './attempt.ts'
import type { Sight } from './look.ts'

/** Are these two a pair, and the right one? In a plan's own words: it would refuse a deployment for the same. */
export function obstaclesToPair(run: Run, sight: Sight): readonly Obstacle[] {
  const members = seenIn(sight.members) ?? []
  const state = seenIn(sight.peeked)?.state
  const found = state && otherwise(run.settings, state)
  if (found) return [asObstacle(found.what, found.mends)]
  return [...nobodyLive(run, sight, members), ...noFirst(sight), ...slips(sight, members)]
}

function nobodyLive(run: Run, sight: Sight, members: readonly Environment[]): readonly Obstacle[] {
  const { live, cname, router } = sight
  const name = seenIn(cname)?.name
  const holder = sight.holder?.now
  if (live || name === undefined || (members.length === 0 && !holder)) return []
  // Its own words say more than that nobody has it.
  if (sight.route?.is === 'unread') return [asObstacle(sight.route.what, sight.route.mends)]
  const nowhere = seenIn(sight.route)?.leadsNowhere
  if (nowhere) return members.length === 1 ? [] : [asObstacle(nothingStandsAt(name), [nowhere])]
  const { application } = run.settings
  const { message, remedies } = neitherHas({ members, cname: name, holder, application, router })
  return [asObstacle(message, remedies)]
}

function noFirst({ first }: Sight): readonly Obstacle[] {
  const failure = seenIn(first)
  return failure ? [asObstacle(failure.message, failure.remedies)] : []
}

const asObstacle = (what: string, remedies: readonly Remedy[]): Obstacle => ({
  what: refused(what),
  mend: {
    why: remedies.map(({ why }) => why).join(' '),
    command: remedies.find(({ command }) => command !== undefined)?.command,
  },
})

/** Says that it is not only a pity. */
export const refused = (what: string): string => `${what} A deployment is refused.`

function slips({ names, all }: Sight, members: readonly Environment[]): readonly Obstacle[] {
  const environments = seenIn(all)
  if (!environments) return []
  return names
    .filter((name) => !members.some((member) => member.name === name))
    .flatMap((missing) => {
      const besides = names.find((name) => name !== missing) as string
      const what = slipOf(missing, { besides, all: environments })
      const why = 'If it is one, mend the input; else nothing is wrong.'
      return what === undefined ? [] : [{ what, mend: { why } }]
    })
}
