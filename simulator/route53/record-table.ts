import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { reversedName } from './record-names.ts'

/** A record as Route 53 keeps and lists it. */
export type RecordSet = Readonly<ResourceRecordSet> & { readonly Name: string; readonly Type: RecordType }

/** [BC:route53 RRType] */
export type RecordType = NonNullable<ResourceRecordSet['Type']>

/** All records of one name and type: one simple record, or several with set identifiers. */
export type RecordGroup = readonly RecordSet[]

/** Records by name, then by type. Groups are never changed, only replaced. */
export type RecordTable = Map<string, Map<RecordType, RecordGroup>>

/** What a change puts in the place of a group; empty: nothing is left of it. */
export interface GroupChange {
  readonly name: string
  readonly type: RecordType
  readonly group: RecordGroup
}

const NONE: RecordGroup = []

/** The records of a name and type. */
export const groupOf = (table: RecordTable, name: string, type: RecordType): RecordGroup =>
  table.get(name)?.get(type) ?? NONE

/** Replaces a group. */
export function putGroup(table: RecordTable, { name, type, group }: GroupChange): void {
  const types = table.get(name) ?? new Map<RecordType, RecordGroup>()
  if (group.length > 0) types.set(type, group)
  else types.delete(type)
  if (types.size > 0) table.set(name, types)
  else table.delete(name)
}

/** A list of groups in Route 53's order, by which they are found without looking at all of them. */
export interface RecordOrder {
  /** Names and types, sorted by the name with its labels reversed, then by type. [BC:route53 ListResourceRecordSets] */
  readonly keys: OrderKey[]
}

interface OrderKey {
  readonly key: string
  readonly name: string
  readonly type: RecordType
}

/** A space sorts before every character of a name. */
export const orderKey = (name: string, type: string): string => `${reversedName(name)} ${type}`

/** The index of the first key that is not before this one. */
export function firstFrom({ keys }: RecordOrder, key: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as OrderKey).key < key) low = middle + 1
    else high = middle
  }
  return low
}

/** Keeps the order true after a change. */
export function reorder(order: RecordOrder, { name, type, group }: GroupChange): void {
  const key = orderKey(name, type)
  const at = firstFrom(order, key)
  const isThere = order.keys[at]?.key === key
  if (group.length > 0 && !isThere) order.keys.splice(at, 0, { key, name, type })
  if (group.length === 0 && isThere) order.keys.splice(at, 1)
}
