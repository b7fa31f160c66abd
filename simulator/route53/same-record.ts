import { isDeepStrictEqual } from 'node:util'
import type { RecordSet } from './record-table.ts'

/** Whether a DELETE says exactly what stands there; the order of values does not count. [BC:route53 ChangeResourceRecordSets] */
export const isSameRecord = (one: RecordSet, other: RecordSet): boolean =>
  isDeepStrictEqual(comparable(one), comparable(other))

const comparable = (record: RecordSet) => {
  const { ResourceRecords, ...others } = record
  return {
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    values: ResourceRecords?.map(({ Value }) => Value).sort(),
  }
}
