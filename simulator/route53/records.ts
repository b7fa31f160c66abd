import type { Change as GivenChange } from '@aws-sdk/client-route-53'
import { AwsError, type Operation } from '../cloud.ts'
import { readBatch } from './batch-input.ts'
import { assertWithinLimits } from './batch-limits.ts'
import { type BatchRules, tryBatch } from './change-batch.ts'
import { findZone, invalidChangeBatch, invalidInput, priorRequestNotComplete } from './errors.ts'
import { noSuchHealthCheck } from './health-check-operations.ts'
import { storedName } from './record-names.ts'
import { firstFrom, groupOf, orderKey, type RecordSet } from './record-table.ts'
import { who } from './who.ts'
import { changeInfo, commit, type HostedZone, type Route53State } from './zone-state.ts'

/** What records need besides the zones. */
export interface RecordParts {
  readonly rules: Omit<BatchRules, 'ttlsOnlyAtEnd'>
  readonly isHealthCheck: (id: string) => boolean
}

/** Records of hosted zones, and what became of changes. [BC:route53] */
export function recordOperations(
  state: Route53State,
  { rules, isHealthCheck }: RecordParts,
): Readonly<Record<string, Operation>> {
  const { cloud } = state
  return {
    async ChangeResourceRecordSets({ HostedZoneId, ChangeBatch }: ChangeResourceRecordSets, call) {
      const zone = findZone(state, HostedZoneId, who(cloud, call))
      const lines = readBatch(ChangeBatch.Changes)
      assertWithinLimits(lines)
      for (const { record, action } of lines)
        if (action !== 'DELETE' && record.HealthCheckId !== undefined && !isHealthCheck(record.HealthCheckId))
          throw noSuchHealthCheck(record.HealthCheckId)
      if (zone.busy) throw priorRequestNotComplete()
      zone.busy = true
      try {
        await cloud.clock.sleep(PROCESSING_MS)
        const ttlsOnlyAtEnd = cloud.switches.ttlOfPairInOneBatch === 'allowed'
        const tried = tryBatch(zone, lines, { ...rules, ttlsOnlyAtEnd })
        if ('problems' in tried) throw invalidChangeBatch(tried.problems)
        const change = commit(state, { zone, changes: tried.changes, comment: ChangeBatch.Comment })
        return { ChangeInfo: changeInfo(change, cloud.clock.now()) }
      } finally {
        zone.busy = false
      }
    },
    GetChange({ Id }: { Id: string }, call) {
      const change = state.changes.get(Id)
      if (!change || change.account !== who(cloud, call).account)
        throw new AwsError('NoSuchChange', `Could not find resource with ID: /change/${Id}`, 404)
      return { ChangeInfo: changeInfo(change, cloud.clock.now()) }
    },
    ListResourceRecordSets(input: ListResourceRecordSets, call) {
      return listRecords(findZone(state, input.HostedZoneId, who(cloud, call)), input)
    },
  }
}

/** How long a zone refuses other changes while it carries one out; assumed. */
const PROCESSING_MS = 300

interface ChangeResourceRecordSets {
  readonly HostedZoneId: string
  readonly ChangeBatch: { readonly Changes: readonly GivenChange[]; readonly Comment?: string }
}

interface ListResourceRecordSets {
  readonly HostedZoneId: string
  readonly StartRecordName?: string
  readonly StartRecordType?: string
  readonly StartRecordIdentifier?: string
  readonly MaxItems?: number
}

/** Begins at a record, and does not filter (C.2). Values of MaxItems above 300 are 300. [BC:route53] */
function listRecords(
  { order, records }: HostedZone,
  { StartRecordName, StartRecordType, StartRecordIdentifier, MaxItems = MOST_ITEMS }: ListResourceRecordSets,
) {
  if (StartRecordName === undefined && (StartRecordType ?? StartRecordIdentifier) !== undefined)
    throw invalidInput(
      'The request must have a record name when it has a record type or identifier to start from.',
    )
  if (StartRecordType === undefined && StartRecordIdentifier !== undefined)
    throw invalidInput('The request must have a record type when it has a record identifier to start from.')
  const name = StartRecordName === undefined ? undefined : storedName(StartRecordName)
  const start = name === undefined ? '' : orderKey(name, StartRecordType ?? '')
  const size = Math.min(MaxItems, MOST_ITEMS)
  const found: RecordSet[] = []
  for (let at = firstFrom(order, start); at < order.keys.length && found.length <= size; at++) {
    const { key, name, type } = order.keys[at] as (typeof order.keys)[number]
    const group = groupOf(records, name, type)
    const isStart = key === start && StartRecordIdentifier !== undefined
    found.push(
      ...(isStart ? group.filter(({ SetIdentifier = '' }) => SetIdentifier >= StartRecordIdentifier) : group),
    )
  }
  const next = found[size]
  return {
    ResourceRecordSets: found.slice(0, size),
    IsTruncated: next !== undefined,
    ...(next && {
      NextRecordName: next.Name,
      NextRecordType: next.Type,
      ...(next.SetIdentifier !== undefined && { NextRecordIdentifier: next.SetIdentifier }),
    }),
    MaxItems: size,
  }
}

const MOST_ITEMS = 300
