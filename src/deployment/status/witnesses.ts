import { describe } from '../environment.ts'
import { overlap } from '../gates.ts'
import { inShares, isSplit } from '../move-traffic.ts'
import type { Witness } from '../pair-report.ts'
import { inWordsOf } from '../production-watch.ts'
import { seenIn } from './attempt.ts'
import type { Entry, Sight } from './look.ts'

/** Who is live, by everything that can tell: the routing, the name, and whether requests arrive at the other one. */
export const witnessesIn = (sight: Sight): readonly Witness[] => [
  routing(sight),
  ...(sight.entry ? [resolving(sight, sight.entry), answering(sight.entry)] : [unasked]),
  ...(sight.other ? [requests(sight)] : []),
]

function routing(sight: Sight): Witness {
  const { cname, live, members } = sight
  const name = sight.router.moves === 'whole' ? 'CNAME' : sight.router.authority
  const known = seenIn(cname)
  const found = seenIn(members)
  if (!known || !found) return { name, says: 'It could not be read.', is: 'silent' }
  const from = {
    input: sight.router.moves === 'whole' ? 'as `production-cname` says' : 'as the inputs say',
    journal: 'as the journal remembers',
    guess: 'taken from `blue-environment`, since nobody said another',
  }[known.by]
  if (!live) {
    if (sight.route?.is === 'unread') return { name, says: 'It does not tell who is live.', is: 'silent' }
    if (seenIn(sight.route)?.leadsNowhere)
      return { name, says: `Nothing stands at \`${known.name}\` yet.`, is: 'silent' }
    const holder = sight.holder?.now
    const who = holder ? `: ${describe(holder)} has it` : ''
    return { name, says: `Neither environment has \`${known.name}\` (${from})${who}.`, is: 'silent' }
  }
  const route = seenIn(sight.route)
  if (route && isSplit(route))
    return { name, says: `\`${known.name}\` is split: ${inShares(route.share, found)}.`, is: 'against' }
  return { name, says: `${describe(live)} has \`${known.name}\` (${from}).`, is: 'for' }
}

const unasked: Witness = { name: 'Name', says: 'It was not asked where the name leads.', is: 'silent' }

function resolving({ live, other }: Sight, entry: Entry): Witness {
  const name = 'Name'
  const { host, addresses, atLive, atOther } = entry
  const where = addresses.join(', ')
  if (addresses.length === 0) return { name, says: `\`${host}\` does not resolve from here.`, is: 'silent' }
  if (live && overlap(addresses, atLive))
    return { name, says: `\`${host}\` resolves to ${where}, which is ${live.name}.`, is: 'for' }
  if (other && overlap(addresses, atOther))
    return { name, says: `\`${host}\` resolves to ${where}, which is ${other.name}.`, is: 'against' }
  return {
    name,
    says: `\`${host}\` resolves to ${where}, which is neither environment's own address: behind a CDN or a proxy nothing can be told from it.`,
    is: 'silent',
  }
}

const answering = ({ url, answer }: Entry): Witness => ({
  name: 'Answer',
  says: `\`${url}\` ${answer.is === 'answer' ? 'answers from here with' : 'does not answer from here:'} ${inWordsOf(answer)}. Which environment that is, this does not tell.`,
  is: 'silent',
})

/** What load balancers' own checks may be counted as, in requests per second and instance. */
const checks = 0.5

function requests({ health, other }: Sight): Witness {
  const name = 'Requests'
  if (health?.is === 'unread') return { name, says: 'It could not be read.', is: 'silent' }
  const seen = seenIn(health)
  if (!seen)
    return { name, says: `With basic health reporting nobody counts them at ${other?.name}.`, is: 'silent' }
  const says = `${other?.name} serves ${seen.perSecond.toFixed(1)} requests a second.`
  return { name, says, is: seen.perSecond > checks * Math.max(1, seen.instances) ? 'against' : 'for' }
}
