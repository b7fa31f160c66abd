import type { Cloud } from '../cloud.ts'
import {
  type GroupChange,
  groupOf,
  putGroup,
  type RecordOrder,
  type RecordTable,
  reorder,
} from './record-table.ts'

/** A hosted zone. */
export interface HostedZone {
  /** Without `/hostedzone/`. */
  readonly id: string
  readonly account: string
  /** As it is stored, with a final dot. */
  readonly name: string
  readonly callerReference: string
  readonly isPrivate: boolean
  readonly vpc: { readonly VPCRegion?: string; readonly VPCId?: string } | undefined
  readonly nameServers: readonly string[]
  readonly tags: Map<string, string>
  comment: string | undefined
  /** What the API shows: every change, at once. */
  readonly records: RecordTable
  readonly order: RecordOrder
  /** What its name servers answer: changes arrive late. */
  readonly answered: RecordTable
  /** Changes on their way to the name servers, in order. */
  readonly onTheirWay: { readonly at: number; readonly changes: readonly GroupChange[] }[]
  /** How many records there are. */
  count: number
  /** While a change is being carried out. */
  busy: boolean
}

/** One answer to ChangeResourceRecordSets, CreateHostedZone or DeleteHostedZone. */
export interface Change {
  readonly id: string
  readonly account: string
  readonly submittedAt: number
  /** When all name servers answer by it, ms since 1970. */
  readonly inSyncAt: number
  readonly comment: string | undefined
}

/** Everything that Route 53 knows, of all accounts. */
export interface Route53State {
  readonly cloud: Cloud
  /** By id, in the order in which they were made. */
  readonly zones: Map<string, HostedZone>
  readonly changes: Map<string, Change>
}

/**
 * Puts changes into what the API shows now, and on their way to the name servers, which answer by them after 5 to 60 s, one
 * in twenty times after up to two minutes ("generally within 60 seconds", C.1), and never before those that came earlier.
 */
export function commit(state: Route53State, { zone, changes, comment, atOnce = false }: Commit): Change {
  const { clock, random } = state.cloud
  for (const change of changes) {
    zone.count += change.group.length - groupOf(zone.records, change.name, change.type).length
    putGroup(zone.records, change)
    reorder(zone.order, change)
  }
  const delayMs = atOnce ? 0 : delayOf(random())
  const at = Math.max(clock.now() + delayMs, zone.onTheirWay.at(-1)?.at ?? 0)
  zone.onTheirWay.push({ at, changes })
  return noteChange(state, { account: zone.account, inSyncAt: at, comment })
}

interface Commit {
  readonly zone: HostedZone
  readonly changes: readonly GroupChange[]
  readonly comment?: string | undefined
  /** What exists before a test begins does not have to travel. */
  readonly atOnce?: boolean
}

const delayOf = (drawn: number): number =>
  drawn < 0.95 ? 5_000 + (drawn / 0.95) * 55_000 : 60_000 + (drawn - 0.95) * 1_200_000

/** Notes a change so that GetChange finds it. */
export function noteChange(
  state: Route53State,
  { account, inSyncAt, comment }: Pick<Change, 'account' | 'inSyncAt' | 'comment'>,
): Change {
  const id = `C${letters(state.cloud, 20)}`
  const change = { id, account, submittedAt: state.cloud.clock.now(), inSyncAt, comment }
  state.changes.set(id, change)
  return change
}

/** What the zone's name servers answer now. */
export function answeredNow(zone: HostedZone, now: number): RecordTable {
  while (zone.onTheirWay[0] && zone.onTheirWay[0].at <= now)
    for (const change of zone.onTheirWay.shift()?.changes ?? []) putGroup(zone.answered, change)
  return zone.answered
}

/** As answers show a change. [BC:route53 ChangeInfo] */
export const changeInfo = ({ id, submittedAt, inSyncAt, comment }: Change, now: number) => ({
  Id: `/change/${id}`,
  Status: now < inSyncAt ? 'PENDING' : 'INSYNC',
  SubmittedAt: new Date(submittedAt),
  ...(comment !== undefined && { Comment: comment }),
})

/** Letters and digits as in Route 53's ids. */
export const letters = ({ random }: Cloud, count: number): string =>
  Array.from({ length: count }, () => ALPHABET[Math.floor(random() * ALPHABET.length)]).join('')

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
