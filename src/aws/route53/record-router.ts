import type { Span } from '../../deployment/durations.ts'
import { AnswerLost, Conflict, Failure } from '../../deployment/errors.ts'
import type { Reading, Route, RoutedPair, TrafficRouter } from '../../deployment/ports.ts'
import { aliasZone } from './alias-zone.ts'
import { assertUnchanged, changeRecords, margin, recordsIn, shown } from './change-records.ts'
import { refuseForeign, whatStands } from './foreign.ts'
import { healthNotes } from './health-notes.ts'
import { holderAmong } from './holder.ts'
import { look, type OnePair, type RouterParts, type Seen } from './look.ts'
import { pointByHand } from './nowhere.ts'
import { onItsWay } from './on-its-way.ts'
import { type Member, type Standing, shareOf } from './standing.ts'
import { aliasTtl, weightedRecords } from './two-records.ts'

/** How long a change takes to reach all name servers: "generally within 60 seconds" (C.1). It is looked for from 5 s on. */
const takes: Span = { earliest: 5_000, latest: 60_000 }

/**
 * Route 53's weighted records: any per cent of the answers. One for a whole run: what it makes routers from remembers which
 * change is still on its way.
 */
export function recordRouters(parts: RouterParts): (pair: RoutedPair) => TrafficRouter {
  const { hostedZoneId: id, role } = parts.order
  const zone = { id, role }
  const way = onItsWay({ ...parts, zone })
  return (pair) => recordRouter({ ...parts, zone, way, pair })
}

function recordRouter(parts: OnePair): TrafficRouter {
  const { zone, way, pair, order } = parts
  const name = pair.productionName
  const ttl = order.recordType === 'alias' ? aliasTtl * 1_000 : order.ttl
  return {
    name: 'Route 53 weights',
    authority: 'Route 53',
    moves: 'in-steps',
    takes,
    clientsFollowWithin: ttl + margin,
    async read() {
      const [seen, under] = await Promise.all([look(parts), way.under()])
      refuseForeign(seen)
      return readingOf(parts, seen, under)
    },
    holder: (among) => holderAmong(parts, among),
    plan(from, to, percent = 100) {
      const share = Object.fromEntries(pair.ids.map((id) => [id, id === to ? percent : 100 - percent]))
      const exact = (from.exact as readonly Standing[]).map(({ environment, record }) => {
        const isOfPair = environment !== null && record.Weight !== undefined
        return { environment, record: isOfPair ? { ...record, Weight: share[environment] ?? 0 } : record }
      })
      return { share, exact }
    },
    call: (_, { share }) => `ChangeResourceRecordSets: HostedZoneId=${zone.id}, ${name}: ${inShares(share)}`,
    async apply(from, to) {
      const comment = `production: ${inShares(to.share)}`
      const plan = async (seen: Seen) => {
        assertUnchanged(seen, from.exact as readonly Standing[])
        return weightedRecords(makingOf(parts, seen), to.share)
      }
      await changeRecords(parts, { comment, plan })
    },
    attach({ live, candidate }) {
      const weights = { [live]: 100, ...(candidate !== undefined && { [candidate]: 0 }) }
      const comment = `known for a deployment: ${inShares(weights)}`
      const plan = async (seen: Seen) => {
        refuseForeign(seen)
        assertWhole(seen, live)
        return weightedRecords(makingOf(parts, seen), weights)
      }
      return changeRecords(parts, { comment, plan, isNew: true })
    },
    async detach(id, why) {
      if (why === 'it stays') return
      const plan = async (seen: Seen) => {
        const { [id]: share = 0 } = shareOf(seen.standing, [id])
        if (share > 0)
          throw new Conflict(`${id} has a part of ${name}: ${shown(seen.standing)}.`, [whatStands(seen)])
        return recordsIn(seen.standing.filter(({ environment }) => environment !== id))
      }
      const remove = () => changeRecords(parts, { comment: `${id} ends`, plan })
      // It can be repeated: what is gone is gone.
      await remove().catch((thrown: unknown) => {
        if (!(thrown instanceof AnswerLost)) throw thrown
        return remove()
      })
    },
  }
}

async function readingOf(parts: OnePair, seen: Seen, under: string | undefined): Promise<Reading> {
  const { pair } = parts
  const { standing, members } = seen
  const without = members.filter(({ endpoint }) => endpoint === undefined)
  const notes = healthNotes(seen)
  return {
    share: shareOf(standing, pair.ids),
    exact: standing,
    settled: under === undefined,
    ...(under !== undefined && { under }),
    ...(without.length > 0 && {
      notReady: Object.fromEntries(without.map(({ id, name }) => [id, `${name} has no address yet`])),
    }),
    ...(standing.length === 0 && { leadsNowhere: await byHand(parts, seen) }),
    ...(notes.length > 0 && { notes }),
  }
}

/** What a human would create for one of them. */
async function byHand(parts: OnePair, seen: Seen) {
  const [member] = seen.members
  const made =
    member && (await weightedRecords(makingOf(parts, seen), { [member.id]: 100 }).catch(unlessFailure))
  const [weighted] = made ?? []
  if (!weighted) return pointByHand(parts.zone, undefined, undefined)
  const { SetIdentifier, Weight, ...simple } = weighted
  return pointByHand(parts.zone, simple, member?.name)
}

/** The command is a help: that it cannot be told is no reason to fail. */
function unlessFailure(thrown: unknown): undefined {
  if (!(thrown instanceof Failure)) throw thrown
}

function makingOf({ clients, order, pair }: OnePair, { members, standing }: Seen) {
  return {
    name: pair.productionName,
    recordType: order.recordType,
    ttl: Math.max(1, Math.round(order.ttl / 1_000)),
    members,
    standing,
    aliasZone: (member: Member) => aliasZone(clients, member, standing),
  }
}

/** What is split, or goes to the other one, is not made whole in passing. */
function assertWhole(seen: Seen, live: string): void {
  const { [live]: share = 0 } = shareOf(seen.standing, [live])
  if (seen.standing.length === 0 || share === 100) return
  throw new Conflict(`Not all of ${seen.name} goes to ${live}: there is ${shown(seen.standing)}.`, [
    whatStands(seen),
  ])
}

const inShares = (share: Route['share']): string =>
  Object.entries(share)
    .map(([id, percent]) => `${id} ${percent} %`)
    .join(', ')
