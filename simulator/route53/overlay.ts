import {
  type GroupChange,
  groupOf,
  type RecordGroup,
  type RecordSet,
  type RecordTable,
} from './record-table.ts'
import type { HostedZone } from './zone-state.ts'

/** What a zone would be after the first lines of a batch. */
export interface Overlay {
  readonly group: (record: Pick<RecordSet, 'Name' | 'Type'>) => RecordGroup
  /** All groups of a name. */
  readonly groups: (name: string) => readonly RecordGroup[]
  readonly put: (change: GroupChange) => void
  /** What is different from the zone. */
  readonly changes: () => readonly GroupChange[]
}

/** The zone as it is, without copying it. */
export function overlay({ records }: HostedZone): Overlay {
  const touched: RecordTable = new Map()
  const changed = new Map<string, GroupChange>()
  const copy = (name: string) => {
    if (!touched.has(name)) touched.set(name, new Map(records.get(name)))
  }
  return {
    group: ({ Name, Type }) => groupOf(touched.has(Name) ? touched : records, Name, Type),
    groups: (name) => [...((touched.has(name) ? touched : records).get(name)?.values() ?? [])],
    put(change) {
      copy(change.name)
      const types = touched.get(change.name)
      if (change.group.length > 0) types?.set(change.type, change.group)
      else types?.delete(change.type)
      changed.set(`${change.name} ${change.type}`, change)
    },
    changes: () => [...changed.values()],
  }
}
