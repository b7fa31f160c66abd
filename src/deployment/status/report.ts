import type { MemberSeen, PairReport } from '../pair-report.ts'
import type { Run } from '../run.ts'
import { inWords } from '../wait-until.ts'
import { seenIn, unreadOf } from './attempt.ts'
import { driftSeen } from './drift.ts'
import { journalInWords, lockInWords, time } from './lock-and-journal.ts'
import type { Sight } from './look.ts'
import { notLookedAt } from './not-looked-at.ts'
import { obstaclesIn } from './obstacles.ts'
import { wayBackIn } from './way-back.ts'
import { witnessesIn } from './witnesses.ts'

/** Everything that `status` says, of what was seen. */
export function reportOf(run: Run, sight: Sight): PairReport {
  const { peeked, members, cname, all, first, options, otherOptions, health, live, route } = sight
  return {
    members: liveFirst(sight).map((name) => memberSeen(name, sight)),
    witnesses: witnessesIn(sight),
    sideBySide: sideBySide(sight),
    lock: lockInWords(sight),
    journal: journalInWords(sight),
    wayBack: wayBackIn(sight),
    drift: driftSeen(run, sight),
    obstacles: obstaclesIn(run, sight),
    unread: [
      ...unreadOf([peeked, members, cname, all, first, options, otherOptions, health, live && route]),
      ...(seenIn(cname)?.unread ?? []),
    ],
    notLookedAt: notLookedAt(sight),
  }
}

const liveFirst = ({ names, live }: Sight): readonly string[] =>
  live ? [live.name, ...names.filter((name) => name !== live.name)] : names

function memberSeen(name: string, { members, live }: Sight): MemberSeen {
  const now = seenIn(members)?.find((member) => member.name === name)
  return { name, now, role: live && (live.name === name ? 'live' : 'other') }
}

/** Two environments cost twice as much. */
function sideBySide({ members, now }: Sight): string {
  const found = seenIn(members)
  if (!found) return 'It could not be read.'
  const missing = 2 - found.length
  if (missing === 2) return 'Neither environment exists: the first deployment creates one.'
  if (missing === 1) return 'One environment exists: a deployment creates the other one.'
  const since = Math.max(...found.map(({ created }) => created ?? Number.NaN))
  if (Number.isNaN(since)) return 'Both environments exist.'
  return `Both environments exist since ${time(since)} (${inWords(now - since)}); both cost money all that time.`
}
