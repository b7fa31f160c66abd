import type { Change } from '@aws-sdk/client-route-53'
import type { Span } from '../../deployment/durations.ts'
import { AnswerLost, Conflict, Failure, Refused } from '../../deployment/errors.ts'
import type {
  Beanstalk,
  Clock,
  Ms,
  Reading,
  Route,
  RoutedPair,
  TrafficRouter,
} from '../../deployment/ports.ts'
import type { Clients } from '../clients.ts'
import { aliasZone } from './alias-zone.ts'
import { refuseForeign, type Seen, whatStands } from './foreign.ts'
import { healthNotes } from './health-notes.ts'
import { pointByHand } from './nowhere.ts'
import { type OnItsWay, onItsWay } from './on-its-way.ts'
import { batchOf, canonical, describeRecord, type RecordSet } from './record.ts'
import { type Member, type Standing, shareOf, standingOf } from './standing.ts'
import { aliasTtl, weightedRecords } from './two-records.ts'
import { recordsOf, sendBatch, Unfitting, type Zone } from './zone.ts'

/** Which records, and how they are written. */
export interface RecordOrder {
  readonly hostedZoneId: string
  readonly recordType: 'cname' | 'alias'
  readonly ttl: Ms
  /** The ARN of the role that may change the zone, where it is not the job's own. */
  readonly role: string | undefined
}

interface RouterParts {
  readonly clients: Clients
  readonly beanstalk: Beanstalk
  readonly clock: Pick<Clock, 'now'>
  readonly order: RecordOrder
}

/** What is between a change and the moment at which all name servers answer by it: "generally within 60 seconds" (C.1). */
const takes: Span = { earliest: 5_000, latest: 60_000 }

/** Resolvers may keep an answer a little longer than they should. */
const margin: Ms = 15_000

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

interface OnePair extends RouterParts {
  readonly zone: Zone
  readonly way: OnItsWay
  readonly pair: RoutedPair
}

function recordRouter(parts: OnePair): TrafficRouter {
  const { beanstalk, zone, way, pair, order } = parts
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
    async holder(among) {
      const records = await recordsOf(parts.clients, zone, name)
      const seen = seenFrom(parts, records, among)
      const share = shareOf(
        seen.standing,
        among.map(({ id }) => id),
      )
      const [greatest] = [...among].sort((one, other) => (share[other.id] ?? 0) - (share[one.id] ?? 0))
      if (greatest && (share[greatest.id] ?? 0) > 0) {
        const ledTo = among.filter(({ id }) => among.length <= 2 || (share[id] ?? 0) > 0)
        refuseForeign({ ...seen, members: ledTo })
        return greatest
      }
      if (seen.standing.length > 0 && among.length > 1) {
        const all = await beanstalk.all()
        const others = seenFrom(parts, records, all)
        if (others.standing.every(({ environment }) => environment === null)) refuseForeign(others)
      } else refuseForeign({ ...seen, members: [] })
      return undefined
    },
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
        assertUnchanged(seen, from)
        return weightedRecords(makingOf(parts, seen), to.share)
      }
      await change(parts, { comment, plan })
    },
    attach({ live, candidate }) {
      const weights = { [live]: 100, ...(candidate !== undefined && { [candidate]: 0 }) }
      const comment = `known for a deployment: ${inShares(weights)}`
      const plan = async (seen: Seen) => {
        refuseForeign(seen)
        assertWhole(seen, live)
        return weightedRecords(makingOf(parts, seen), weights)
      }
      return change(parts, { comment, plan, isNew: true })
    },
    async detach(id, why) {
      if (why === 'it stays') return
      const plan = async (seen: Seen) => {
        const { [id]: share = 0 } = shareOf(seen.standing, [id])
        if (share > 0)
          throw new Conflict(`${id} has a part of ${name}: ${shown(seen.standing)}.`, [whatStands(seen)])
        return recordsIn(seen.standing.filter(({ environment }) => environment !== id))
      }
      const remove = () => change(parts, { comment: `${id} ends`, plan })
      // It can be repeated: what is gone is gone.
      await remove().catch((thrown: unknown) => {
        if (!(thrown instanceof AnswerLost)) throw thrown
        return remove()
      })
    },
  }
}

/** The records, and the environments as they are now. */
async function look(parts: OnePair): Promise<Seen> {
  const { beanstalk, clients, pair, zone } = parts
  const [records, members] = await Promise.all([
    recordsOf(clients, zone, pair.productionName),
    beanstalk.read(pair.ids),
  ])
  return seenFrom(parts, records, members)
}

function seenFrom(
  { zone, pair, order }: OnePair,
  records: readonly RecordSet[],
  members: readonly Member[],
): Seen {
  const { recordType } = order
  return {
    name: pair.productionName,
    zone: zone.id,
    recordType,
    members,
    records,
    standing: standingOf(records, members),
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

/** One batch, made from what stands there at that moment. */
interface Plan {
  readonly comment: string
  /** Answers all records that are to stand there; throws when it is not right to change any. */
  readonly plan: (seen: Seen) => Promise<readonly RecordSet[]>
  /** Whether clients may follow something else afterwards for longer than they do anyway. */
  readonly isNew?: true
}

/** Answers how long clients may follow what was deleted, in ms. */
function change(parts: OnePair, { comment, plan, isNew }: Plan): Promise<Ms> {
  const { clients, zone, pair, way } = parts
  let seen: Seen | undefined
  let sent: readonly Change[] = []
  const changes = async () => {
    seen = await look(parts)
    sent = batchOf(recordsIn(seen.standing), await plan(seen))
    return sent
  }
  return way.send(
    () =>
      sendBatch(clients, zone, { name: pair.productionName, comment, changes }).catch(async (thrown) => {
        throw thrown instanceof Unfitting && seen ? await conflictOr(thrown, parts, seen) : thrown
      }),
    () => (isNew ? followOf(sent) : 0),
  )
}

/** The longest that anybody may keep what is deleted. */
function followOf(changes: readonly Change[]): Ms {
  const gone = changes.flatMap(({ Action, ResourceRecordSet: record }) =>
    Action === 'DELETE' ? (record?.TTL ?? aliasTtl) : [],
  )
  return gone.length === 0 ? 0 : Math.max(...gone) * 1_000 + margin
}

/** A batch fits what it was made from: if it did not fit, either that has changed or the batch was wrong. */
async function conflictOr(refused: Refused, parts: OnePair, before: Seen): Promise<Failure> {
  const now = await look(parts)
  if (isSame(now.standing, before.standing))
    return new Refused(refused.message, [...refused.remedies, whatStands(now)])
  return changedMeanwhile(now, before.standing)
}

function assertUnchanged(seen: Seen, from: Route): void {
  const before = from.exact as readonly Standing[]
  if (!isSame(seen.standing, before)) throw changedMeanwhile(seen, before)
}

const isSame = (one: readonly Standing[], other: readonly Standing[]): boolean =>
  recordsIn(one).map(canonical).join() === recordsIn(other).map(canonical).join()

function changedMeanwhile(seen: Seen, before: readonly Standing[]): Conflict {
  return new Conflict(
    `Somebody else changed the records of ${seen.name} meanwhile: there is ${shown(seen.standing)}; there was ${shown(before)}.`,
    [whatStands(seen)],
  )
}

/** What is split, or goes to the other one, is not made whole in passing. */
function assertWhole(seen: Seen, live: string): void {
  const { [live]: share = 0 } = shareOf(seen.standing, [live])
  if (seen.standing.length === 0 || share === 100) return
  throw new Conflict(`Not all of ${seen.name} goes to ${live}: there is ${shown(seen.standing)}.`, [
    whatStands(seen),
  ])
}

const recordsIn = (standing: readonly Standing[]): readonly RecordSet[] =>
  standing.map(({ record }) => record)

const shown = (standing: readonly Standing[]): string =>
  recordsIn(standing).map(describeRecord).join('; ') || 'nothing'

const inShares = (share: Route['share']): string =>
  Object.entries(share)
    .map(([id, percent]) => `${id} ${percent} %`)
    .join(', ')
