import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53'

/** One record as Route 53 lists it, in its own words: a DELETE must name every field of it. [BC:route53] (C.1) */
export type RecordSet = ResourceRecordSet

/** Lower case, `\052` spelt out, without the dot at its end. [BC:route53] (C.2) */
export const plainName = (name = ''): string =>
  name
    .toLowerCase()
    .replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    .replace(/\.$/, '')

/** The same text for the same record, in whichever order its fields are. */
export const canonical = (record: RecordSet): string => JSON.stringify(sorted(record))

const sorted = (value: unknown): unknown =>
  value === null || typeof value !== 'object'
    ? value
    : Array.isArray(value)
      ? value.map(sorted)
      : Object.fromEntries(
          Object.entries(value)
            .filter(([, one]) => one !== undefined)
            .sort(([one], [other]) => (one < other ? -1 : 1))
            .map(([key, one]) => [key, sorted(one)]),
        )

/** Where a record leads, as plain names or addresses; `dualstack.` before a load balancer's name is the same load balancer. */
export const targetsOf = ({ AliasTarget, ResourceRecords = [] }: RecordSet): readonly string[] =>
  (AliasTarget ? [AliasTarget.DNSName] : ResourceRecords.map(({ Value }) => Value)).map(plainTarget)

/** A target as it is compared. [BC:route53 AliasTarget] */
export const plainTarget = (name: string | undefined): string => plainName(name).replace(/^dualstack\./, '')

/** For people: `CNAME → a.example.com, weight 10 (set identifier green)`. */
export function describeRecord(record: RecordSet): string {
  const { Type, SetIdentifier, Weight } = record
  const weight = Weight === undefined ? '' : `, weight ${Weight}`
  const set = SetIdentifier === undefined ? '' : ` (set identifier ${SetIdentifier})`
  return `${Type} → ${targetsOf(record).join(' and ')}${weight}${set}`
}

/** One batch that makes these records of those, what stays the same left alone. Deletions come first (C.1, C.5). */
export function batchOf(from: readonly RecordSet[], to: readonly RecordSet[]): Change[] {
  const [before, after] = [from, to].map((records) => new Set(records.map(canonical)))
  return [
    ...from
      .filter((one) => !after?.has(canonical(one)))
      .map((one) => ({ Action: 'DELETE' as const, ResourceRecordSet: one })),
    ...to
      .filter((one) => !before?.has(canonical(one)))
      .map((one) => ({ Action: 'CREATE' as const, ResourceRecordSet: one })),
  ]
}
