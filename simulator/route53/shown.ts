import { groupOf, type RecordSet } from './record-table.ts'
import { answeredNow, type HostedZone, type Route53State } from './zone-state.ts'

/** A zone as the simulator shows it from outside. */
export interface HostedZoneShown {
  readonly id: string
  readonly account: string
  readonly name: string
  /** In Route 53's order. */
  readonly records: readonly RecordSet[]
  /** Names whose records the name servers do not answer yet. */
  readonly pending: readonly string[]
}

/** All zones, in the order in which they were made. */
export const shownZones = ({ cloud, zones }: Route53State): readonly HostedZoneShown[] =>
  [...zones.values()].map((zone) => {
    answeredNow(zone, cloud.clock.now())
    const { id, account, name } = zone
    return { id, account, name, records: recordsOf(zone), pending: pendingOf(zone) }
  })

const recordsOf = ({ order, records }: HostedZone) =>
  order.keys.flatMap(({ name, type }) => groupOf(records, name, type))

const pendingOf = ({ onTheirWay }: HostedZone) => [
  ...new Set(onTheirWay.flatMap(({ changes }) => changes.map(({ name }) => name))),
]
