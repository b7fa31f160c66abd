import { isDeepStrictEqual } from 'node:util'
import { plainName } from './record-names.ts'
import type { RecordSet } from './record-table.ts'

/**
 * Whether two records are the same to Route 53: neither the order of values counts nor a final dot of names. [issue
 * DNSControl/dnscontrol#901] [issue octodns/octodns-route53#45]
 */
export const isSameRecord = (one: RecordSet, other: RecordSet): boolean =>
  isDeepStrictEqual(comparable(one), comparable(other))

const comparable = (record: RecordSet) => {
  const { ResourceRecords, ...others } = record
  return {
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    values: ResourceRecords?.map(({ Value = '' }) =>
      NAMES.has(record.Type) ? plainName(Value) : Value,
    ).sort(),
  }
}

const NAMES: ReadonlySet<string> = new Set(['CNAME', 'NS', 'PTR'])
