import type { Beanstalk, Clock, Ms, RoutedPair } from '../../deployment/ports.ts'
import type { Clients } from '../clients.ts'
import type { OnItsWay } from './on-its-way.ts'
import type { RecordSet } from './record.ts'
import { type Member, type Standing, standingOf } from './standing.ts'
import { recordsOf, type Zone } from './zone.ts'

/** Which records, and how they are written. */
export interface RecordOrder {
  readonly hostedZoneId: string
  readonly recordType: 'cname' | 'alias'
  readonly ttl: Ms
  /** The ARN of the role that may change the zone, where it is not the job's own. */
  readonly role: string | undefined
}

/** What a run's routers are made of. */
export interface RouterParts {
  readonly clients: Clients
  readonly beanstalk: Beanstalk
  readonly clock: Pick<Clock, 'now'>
  readonly order: RecordOrder
}

/** What one router is made of. */
export interface OnePair extends RouterParts {
  readonly zone: Zone
  readonly way: OnItsWay
  readonly pair: RoutedPair
}

/** What stands at the production name, and the environments that it is seen from. */
export interface Seen {
  readonly name: string
  readonly zone: string
  readonly recordType: 'cname' | 'alias'
  readonly members: readonly Member[]
  readonly standing: readonly Standing[]
  /** Every record of the name, of any type. */
  readonly records: readonly RecordSet[]
}

/** The records, and the environments as they are now. */
export async function look(parts: OnePair): Promise<Seen> {
  const { beanstalk, clients, pair, zone } = parts
  const [records, members] = await Promise.all([
    recordsOf(clients, zone, pair.productionName),
    beanstalk.read(pair.ids),
  ])
  return seenFrom(parts, records, members)
}

/** The same from other environments, without asking again. */
export function seenFrom(
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
