import { policyOf } from './conflicts.ts'
import type { RecordGroup, RecordSet } from './record-table.ts'

/** What a choice depends on. */
export interface Choosing {
  /** From 0 to 1: one draw for one query. */
  readonly random: () => number
  /** The region that queries come from. */
  readonly region: string
  isHealthy(record: RecordSet): boolean
}

/**
 * The records of a group that one query is answered by. Of weighted ones the healthy are drawn among, those with a weight of 0
 * only when no other is healthy, and all count as healthy when none is. [R53:health-checks-how-route-53-chooses-records]
 * [BC:route53 ResourceRecordSet.Weight] (C.2)
 */
export function choose(group: RecordGroup, choosing: Choosing): RecordGroup {
  const [first] = group
  if (!first) return []
  const healthy = group.filter((record) => choosing.isHealthy(record))
  const usable = healthy.length > 0 ? healthy : group
  switch (policyOf(first)) {
    case 'simple':
      return [first]
    case 'weighted':
      return [draw(usable, choosing.random)]
    case 'latency':
      return [usable.find(({ Region }) => Region === choosing.region) ?? (usable[0] as RecordSet)]
    case 'failover':
      return [usable.find(({ Failover }) => Failover === 'PRIMARY') ?? (usable[0] as RecordSet)]
    case 'geolocation':
      return [usable.find(({ GeoLocation }) => GeoLocation?.CountryCode === '*') ?? (usable[0] as RecordSet)]
    case 'multivalue':
      return shuffled(usable, choosing.random).slice(0, MOST_VALUES)
  }
}

/** [R53:routing-policy-multivalue] */
const MOST_VALUES = 8

function draw(group: RecordGroup, random: () => number): RecordSet {
  const weights = group.map(({ Weight = 0 }) => Weight)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const shares = sum > 0 ? weights : group.map(() => 1)
  let left = random() * (sum > 0 ? sum : group.length)
  for (const [at, share] of shares.entries()) {
    left -= share
    if (left < 0) return group[at] as RecordSet
  }
  return group.findLast((_, at) => (shares[at] ?? 0) > 0) as RecordSet
}

const shuffled = (group: RecordGroup, random: () => number): RecordGroup =>
  group
    .map((record) => ({ record, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ record }) => record)
