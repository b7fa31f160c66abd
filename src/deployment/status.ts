import { describe } from './environment.ts'
import { messageOf } from './errors.ts'
import { isBug, type Operation } from './operate.ts'
import type { Ending } from './outcome.ts'
import type { PairReport } from './pair-report.ts'
import { newRun, type Run } from './run.ts'
import { elsewhere } from './stages/who-is-live.ts'
import { seenIn } from './status/attempt.ts'
import { look, type Sight } from './status/look.ts'
import { reportOf } from './status/report.ts'
import { say } from './status/say.ts'
import { outcomeOf, toMember } from './tell.ts'

/** Says what is where, why we think so, and what stands in the way. Reads only: no lock is taken, nothing is written. */
export const status: Operation = async (ports, settings) => {
  const run = newRun({ ports, settings, signal: ports.cancelled })
  const name = 'status'
  const took = () => ports.clock.now() - run.began
  try {
    const sight = await run.stage('Look', look)
    const pair = reportOf(run, sight)
    await say(run, pair)
    remember(run, sight)
    const now = { live: toMember(sight.live), standby: toMember(sight.other) }
    const ending = endingOf(run, sight, pair)
    return { ...outcomeOf(run, { name, ending, took: took(), bug: undefined }, now), pair }
  } catch (thrown) {
    const bug = isBug(thrown) ? thrown : undefined
    const says = ports.cancelled.aborted ? 'Cancelled. Nothing was changed.' : messageOf(thrown)
    const nobody = { live: undefined, standby: undefined }
    return outcomeOf(run, { name, ending: { is: 'failed', says }, took: took(), bug }, nobody)
  }
}

function remember(run: Run, sight: Sight): void {
  const { cname, entry, live } = sight
  const productionName = seenIn(cname)?.name
  if (productionName !== undefined) run.record.productionName = productionName
  if (entry) run.record.productionUrl = entry.url
  run.record.lastSeen = toMember(live)
  const held = sight.holder
  if (isUntold(sight)) run.record.elsewhere = 'not known: what routes production does not tell who is live'
  else if (held && productionName !== undefined) run.record.elsewhere = elsewhere(held.now, productionName)
}

/** That nobody was found says nothing, then. */
const isUntold = ({ live, holder, route }: Sight): boolean => !live && !holder?.now && route?.is === 'unread'

/** Who is live must have been read; everything else may be missing. */
function endingOf(run: Run, sight: Sight, pair: PairReport): Ending {
  const { members, cname, live, other } = sight
  const unread = [members, cname].find((read) => read.is === 'unread')
  if (unread?.is === 'unread') {
    run.record.remedies.push(...unread.mends)
    return { is: 'failed', says: `Who is live could not be read. ${unread.what}` }
  }
  const where = live
    ? `${live.version ?? 'No version'} is live on ${live.name}${other ? `, with ${other.version ?? 'no version'} on ${other.name} beside it` : ', and the other environment does not exist'}.`
    : nobody(sight, pair)
  const count = pair.obstacles.length
  const way =
    count === 0
      ? 'Nothing seen stands in the way'
      : `${count} ${count === 1 ? 'thing stands' : 'things stand'} in the way`
  return { is: 'reported', says: `${where} ${way} of a blue/green deployment. Nothing was changed.` }
}

function nobody(sight: Sight, { members }: PairReport): string {
  const holder = sight.holder?.now
  if (holder) return `Not one of these two is live: ${describe(holder)} has the production address.`
  if (isUntold(sight)) return 'Who is live cannot be told.'
  return members.every(({ now }) => now === undefined)
    ? 'Neither environment exists yet.'
    : 'Neither environment has the production address.'
}
