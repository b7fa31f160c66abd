import { aliasProblems } from './alias-rules.ts'
import type { BatchLine } from './batch-input.ts'
import { conflicts, ttlProblem } from './conflicts.ts'
import { type Overlay, overlay } from './overlay.ts'
import { isWithin, nameProblem } from './record-names.ts'
import type { GroupChange, RecordGroup, RecordSet } from './record-table.ts'
import { valueProblems } from './record-values.ts'
import { isSameRecord } from './same-record.ts'
import type { AwsTargets } from './targets.ts'
import type { HostedZone } from './zone-state.ts'

/** A batch as it came to be, or everything that is wrong with it. */
export type Tried = { readonly changes: readonly GroupChange[] } | { readonly problems: readonly string[] }

/** How the simulated AWS takes what no source tells. */
export interface BatchRules {
  readonly targets: AwsTargets
  /** Whether the TTLs of a weighted set need to agree only at the end of the batch. */
  readonly ttlsOnlyAtEnd: boolean
}

/**
 * Tries the lines of a batch on a zone, in their order, each on what those before it have left; nothing is changed. All or
 * none. [BC:route53 ChangeResourceRecordSets] (C.1, C.4)
 */
export function tryBatch(zone: HostedZone, lines: readonly BatchLine[], rules: BatchRules): Tried {
  const view = overlay(zone)
  const problems: string[] = []
  const idle: BatchLine[] = []
  const seen = new Map<string, BatchLine['action'][]>()
  for (const line of lines) {
    const { record, action } = line
    const key = `${record.Name} ${record.Type} ${record.SetIdentifier ?? ''}`
    const before = seen.get(key) ?? []
    seen.set(key, [...before, action])
    const isReplaced = before.length === 1 && before[0] === 'DELETE' && action !== 'DELETE'
    if (before.length > 0 && !isReplaced) {
      problems.push(
        `The request contains an invalid set of changes for a resource record set '${record.Type} ${record.Name}'`,
      )
      continue
    }
    const found = problemsOf(line, view, { ...rules, zone })
    problems.push(...found)
    if (found.length > 0) continue
    if (changesNothing(line, view)) idle.push(line)
    else view.put(changed(view.group(record), line))
  }
  const [first] = idle
  if (first && view.changes().length === 0) view.put(changed(view.group(first.record), first))
  problems.push(...(problems.length === 0 ? requiredRecords(view, zone) : []))
  if (problems.length === 0 && rules.ttlsOnlyAtEnd) problems.push(...unequalTtls(view))
  return problems.length > 0 ? { problems } : { changes: view.changes() }
}

/**
 * An UPSERT of what stands there already, but for the order of its values or a final dot, is passed over, unless the batch
 * would have nothing left: then the first one is carried out. [issue DNSControl/dnscontrol#901] [issue aws/aws-sdk#472]
 */
function changesNothing({ action, record }: BatchLine, view: Overlay): boolean {
  const known = view.group(record).find((one) => one.SetIdentifier === record.SetIdentifier)
  return action === 'UPSERT' && known !== undefined && isSameRecord(known, record)
}

function changed(group: RecordGroup, { action, record }: BatchLine): GroupChange {
  const { Name: name, Type: type } = record
  const others = group.filter((one) => one.SetIdentifier !== record.SetIdentifier)
  if (action === 'DELETE') return { name, type, group: others }
  const sorted = [...others, record].sort((a, b) =>
    (a.SetIdentifier ?? '') < (b.SetIdentifier ?? '') ? -1 : 1,
  )
  return { name, type, group: sorted }
}

function problemsOf(
  { action, record }: BatchLine,
  view: Overlay,
  rules: BatchRules & { readonly zone: HostedZone },
): readonly string[] {
  const { zone } = rules
  const { Name: name } = record
  const nameIs = nameProblem(name)
  if (nameIs !== undefined) return [nameIs]
  if (!isWithin(name, zone.name)) return [`RRSet with DNS name ${name} is not permitted in zone ${zone.name}`]
  const known = view.group(record).find((one) => one.SetIdentifier === record.SetIdentifier)
  if (action === 'DELETE') {
    if (!known) return [`Tried to delete resource record set ${shown(record)} but it was not found`]
    return isSameRecord(known, record)
      ? []
      : [
          `Tried to delete resource record set ${shown(record)} but the values provided do not match the current values`,
        ]
  }
  if (action === 'CREATE' && known)
    return [`Tried to create resource record set ${shown(record)} but it already exists`]
  const own = [...valueProblems(record), ...aliasProblems(record, view, rules)]
  return own.length > 0 ? own : conflicts(record, view, rules)
}

/** `[name='x.', type='A', set-identifier='blue']` (C.4) */
function shown({ Name, Type, SetIdentifier }: RecordSet): string {
  const set = SetIdentifier === undefined ? '' : `, set-identifier='${SetIdentifier}'`
  return `[name='${Name}', type='${Type}'${set}]`
}

/** [log] */
function requiredRecords(view: Overlay, { name }: HostedZone): readonly string[] {
  return [
    ...(view.group({ Name: name, Type: 'NS' }).length === 0
      ? ['A HostedZone must contain at least one NS record for the zone itself.']
      : []),
    ...(view.group({ Name: name, Type: 'SOA' }).length === 0
      ? ['A HostedZone must contain exactly one SOA record.']
      : []),
  ]
}

const unequalTtls = (view: Overlay): readonly string[] =>
  view.changes().flatMap(({ group }) => {
    const weighted = group.filter(({ Weight, TTL }) => Weight !== undefined && TTL !== undefined)
    const other = weighted.find(({ TTL }) => TTL !== weighted[0]?.TTL)
    return other ? [ttlProblem(other)] : []
  })
