import { SwapEnvironmentCNAMEsCommand } from '@aws-sdk/client-elastic-beanstalk'
import type { Span } from '../deployment/durations.ts'
import type { Environment } from '../deployment/environment.ts'
import { Conflict, messageOf, NotYet } from '../deployment/errors.ts'
import type { Beanstalk, Ms, Route, RoutedPair, TrafficRouter } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { isRefusedAs, writingOnce } from './errors.ts'
import { once } from './once.ts'

/** CNAMEs by environment id, lower case: the whole state of this router. */
type Cnames = Readonly<Record<string, string>>

/** What a swap takes to reach clients: the TTL of `*.elasticbeanstalk.com` is 60 s. [log] (A.11) */
const clientsFollowWithin: Ms = 60_000 + 15_000

/** Four to six seconds. [log] (A.11) */
const takes: Span = { earliest: 3_800, latest: 6_200 }

/**
 * Beanstalk's own way to move traffic: two environments exchange their CNAMEs. It is asynchronous and not idempotent (a
 * second swap swaps back), so it is sent once and settled by reading. [DG:using-features.CNAMESwap] (A.11)
 */
export function cnameSwap(parts: {
  readonly clients: Clients
  readonly beanstalk: Beanstalk
  readonly pair: RoutedPair
}): TrafficRouter {
  const { clients, beanstalk, pair } = parts
  const production = pair.productionName.toLowerCase()
  return {
    name: 'CNAME swap',
    authority: 'Beanstalk',
    moves: 'whole',
    takes,
    clientsFollowWithin,
    async read() {
      const members = await beanstalk.read(pair.ids)
      const exact = cnamesOf(members)
      const holders = holdersOf(exact, production)
      const share = holders.length === 1 || pair.ids.length === 1 ? shareOf(pair.ids, holders[0]) : {}
      const settled =
        members.every(isAtRest) && holders.length === (pair.ids.length === 1 ? holders.length : 1)
      const busy = members.filter((member) => !isAtRest(member))
      const under = busy.map(({ name, status }) => `${name} is ${status}`).join(' and ')
      return { share, exact, settled, ...(under && { under }) }
    },
    holder: async (among) => among.find(({ cname }) => cname === production),
    plan(from, to) {
      const before = from.exact as Cnames
      const [holder] = holdersOf(before, production)
      return { share: shareOf(pair.ids, to), exact: holder ? exchanged(before, holder, to) : before }
    },
    call(from, to) {
      const [source, destination] = [from, to].map(({ exact }) => holdersOf(exact as Cnames, production)[0])
      return `SwapEnvironmentCNAMEs: SourceEnvironmentId=${source}, DestinationEnvironmentId=${destination}`
    },
    async apply(from, to) {
      const [source] = holdersOf(from.exact as Cnames, production)
      const [destination] = holdersOf(to.exact as Cnames, production)
      if (!source || !destination) throw new Conflict(`Neither environment had ${production}.`)
      if (source === destination) return
      const asked = {
        to: `swap the CNAMEs of ${source} and ${destination}`,
        action: 'elasticbeanstalk:SwapEnvironmentCNAMEs',
      }
      await writingOnce(clients, asked, async () => {
        assertUnchanged(cnamesOf(await beanstalk.read(pair.ids)), from)
        const ids = { SourceEnvironmentId: source, DestinationEnvironmentId: destination }
        return clients.beanstalk.send(once(new SwapEnvironmentCNAMEsCommand(ids)))
      }).catch((thrown) => {
        throw isRefusedAs(thrown, notNow) ? new NotYet(messageOf(thrown)) : thrown
      })
    },
    // An environment has its CNAME from its creation to its end.
    attach: async () => 0,
    detach: async () => {},
  }
}

/**
 * One operation at a time (A.2). Red was refused in 2013; whether it still is, no source says.
 * [issue ingenieux/beanstalker#25] (A.11)
 */
const notNow = /must not be Red|must be Ready/i

/** Nothing can be under way: one operation at a time, and what is ending takes no other (A.2). */
const isAtRest = ({ status }: Environment): boolean => status === 'Ready' || status === 'Terminating'

function cnamesOf(members: readonly Environment[]): Cnames {
  return Object.fromEntries(members.map(({ id, cname }) => [id, cname ?? '']))
}

const holdersOf = (cnames: Cnames, production: string): readonly string[] =>
  Object.keys(cnames).filter((id) => cnames[id] === production)

const shareOf = (ids: readonly string[], holder: string | undefined): Route['share'] =>
  Object.fromEntries(ids.map((id) => [id, id === holder ? 100 : 0]))

const exchanged = (cnames: Cnames, one: string, other: string): Cnames => ({
  ...cnames,
  [one]: cnames[other] ?? '',
  [other]: cnames[one] ?? '',
})

function assertUnchanged(now: Cnames, from: Route): void {
  const before = from.exact as Cnames
  const ids = new Set([...Object.keys(now), ...Object.keys(before)])
  const changed = [...ids].filter((id) => now[id] !== before[id])
  if (changed.length === 0) return
  const seen = changed.map((id) => `${id} has ${now[id] || 'no CNAME'}, had ${before[id] || 'none'}`)
  throw new Conflict(`Somebody else changed the CNAMEs meanwhile: ${seen.join('; ')}.`)
}
