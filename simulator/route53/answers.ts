import type { DnsRecord, DnsType, Names, Nothing } from '../dns/names.ts'
import { type Choosing, choose } from './choose.ts'
import { isWithin, plainName, storedName } from './record-names.ts'
import { groupOf, type RecordSet, type RecordTable } from './record-table.ts'
import type { AwsTargets } from './targets.ts'
import { answeredNow, type HostedZone, type Route53State } from './zone-state.ts'

/** What answers are made from. */
export interface Answering {
  readonly state: Route53State
  readonly targets: AwsTargets
  /** The names of AWS, to which CNAMEs may lead. */
  readonly aws: Names
  /** Whether a health check says so; unknown ones do. */
  isHealthy(healthCheck: string): boolean
}

/**
 * What the name servers of hosted zones answer, and those of AWS for every other name: what they have been told, with one
 * draw for each query. Of several zones with the same name the oldest is asked: its name servers are the registrar's.
 */
export function zoneNames(answering: Answering): Names {
  const { aws, state } = answering
  const resolve = (asked: string, type: DnsType, hops: number): readonly DnsRecord[] => {
    const zone = publicZoneOf(state, storedName(asked))
    if (!zone) return aws.resolve(asked, type)
    const own = answerOf(zone, asked, type, answering)
    const link = own.find((record) => record.type === 'CNAME')
    if (!link || type === 'CNAME' || hops === 0) return own
    return [...own, ...resolve(plainName(link.data), type, hops - 1)]
  }
  return {
    resolve: (name, type = 'A') => resolve(plainName(name), type, MOST_HOPS),
    nothing(name) {
      const zone = publicZoneOf(state, storedName(name))
      return zone ? nothingIn(zone, storedName(name), state.cloud.clock.now()) : aws.nothing?.(name)
    },
  }
}

const MOST_HOPS = 8

/** The zone whose name servers are asked for a name: the one with the longest name. */
function publicZoneOf({ zones }: Route53State, name: string): HostedZone | undefined {
  let found: HostedZone | undefined
  for (const zone of zones.values())
    if (!zone.isPrivate && isWithin(name, zone.name) && zone.name.length > (found?.name.length ?? 0))
      found = zone
  return found
}

/** One query to a zone's name servers, without what lies outside of it; CNAMEs are not followed. */
export function answerOf(
  zone: HostedZone,
  asked: string,
  type: DnsType,
  answering: Answering,
): readonly DnsRecord[] {
  const table = answeredNow(zone, answering.state.cloud.clock.now())
  const from: From = { zone, table, answering }
  const name = plainName(asked)
  return recordsOf(from, {
    asked: name,
    name: ownerOf(table, storedName(asked), zone),
    type,
    hops: MOST_HOPS,
  })
}

interface From {
  readonly zone: HostedZone
  readonly table: RecordTable
  readonly answering: Answering
}

interface Query {
  /** As answers show it. */
  readonly asked: string
  /** Of the records. */
  readonly name: string
  readonly type: DnsType
  readonly hops: number
}

function recordsOf(from: From, query: Query): readonly DnsRecord[] {
  const { table } = from
  const group = groupOf(table, query.name, query.type)
  const found = group.length > 0 ? group : groupOf(table, query.name, 'CNAME')
  return choose(found, choosingOf(from)).flatMap((record) => {
    const { TTL = ALIAS_TTL, ResourceRecords = [] } = record
    if (record.AliasTarget) return aliasRecords(record, from, query)
    return ResourceRecords.map(({ Value = '' }) => ({
      name: query.asked,
      type: record.Type as DnsType,
      ttl: TTL,
      data: HOST_NAMES.has(record.Type) ? plainName(Value) : Value,
    }))
  })
}

const HOST_NAMES: ReadonlySet<string> = new Set(['CNAME', 'NS', 'PTR'])

/** Seconds. "Route 53 uses 60 seconds" for load balancers and environments (C.6). */
const ALIAS_TTL = 60

/** Only what is at the end of an alias is shown, under the name that was asked for. */
function aliasRecords({ AliasTarget }: RecordSet, from: From, query: Query): readonly DnsRecord[] {
  const { DNSName = '', HostedZoneId } = AliasTarget ?? {}
  const { asked, hops, type } = query
  if (HostedZoneId === from.zone.id)
    return hops === 0 ? [] : recordsOf(from, { asked, type, name: DNSName, hops: hops - 1 })
  if (type !== 'A') return []
  return from.answering.targets
    .addresses(DNSName)
    .map((data) => ({ name: asked, type: 'A', ttl: ALIAS_TTL, data }))
}

function choosingOf({ zone, table, answering }: From): Choosing {
  const { random, region } = answering.state.cloud
  const isHealthy = (record: RecordSet, hops: number): boolean => {
    const { HealthCheckId, AliasTarget } = record
    if (HealthCheckId !== undefined && !answering.isHealthy(HealthCheckId)) return false
    if (!AliasTarget?.EvaluateTargetHealth || hops === 0) return true
    const { DNSName = '', HostedZoneId } = AliasTarget
    return HostedZoneId === zone.id
      ? groupOf(table, DNSName, record.Type).some((one) => isHealthy(one, hops - 1))
      : answering.targets.isHealthy(DNSName)
  }
  return { random, region, isHealthy: (record) => isHealthy(record, MOST_HOPS) }
}

/** The name whose records answer for a name: its own, or that of the nearest wildcard. [RFC 4592] */
function ownerOf(table: RecordTable, name: string, zone: HostedZone): string {
  if (table.has(name)) return name
  let rest = name
  while (rest !== zone.name && rest.includes('.')) {
    rest = rest.slice(rest.indexOf('.') + 1)
    const wildcard = `\\052.${rest}`
    if (table.has(wildcard)) return wildcard
    if (table.has(rest)) return name
  }
  return name
}

/** Whether the name servers have anything at a stored name, or below it. */
export function existsIn(zone: HostedZone, name: string, now: number): boolean {
  const table = answeredNow(zone, now)
  return table.has(ownerOf(table, name, zone)) || [...table.keys()].some((one) => one.endsWith(`.${name}`))
}

function nothingIn(zone: HostedZone, name: string, now: number): Nothing {
  const table = answeredNow(zone, now)
  const [soa] = groupOf(table, zone.name, 'SOA')
  return {
    exists: existsIn(zone, name, now),
    soa: {
      name: plainName(zone.name),
      type: 'SOA',
      ttl: Math.min(soa?.TTL ?? 900, minimumOf(soa?.ResourceRecords?.[0]?.Value)),
      data: soa?.ResourceRecords?.[0]?.Value ?? '',
    },
  }
}

/** How long it is remembered that a name is not there: the least of TTL and minimum of the SOA record, 900 s at first. [R53:SOA-NSrecords] (C.3) */
const minimumOf = (soa = ''): number => Number(soa.split(' ').at(-1)) || 86_400
