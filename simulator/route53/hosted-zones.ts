import { AwsError, type Call, type Operation } from '../cloud.ts'
import { findZone, priorRequestNotComplete } from './errors.ts'
import { nameProblem, reversedName, storedName } from './record-names.ts'
import { groupOf } from './record-table.ts'
import { who } from './who.ts'
import { changeInfo, commit, type HostedZone, letters, noteChange, type Route53State } from './zone-state.ts'

/** Hosted zones. [BC:route53] */
export function hostedZoneOperations(state: Route53State): Readonly<Record<string, Operation>> {
  const { cloud } = state
  const now = () => cloud.clock.now()
  const find = (id: string, call: Call) => findZone(state, id, who(cloud, call))
  const own = (call: Call) =>
    [...state.zones.values()].filter(({ account }) => account === who(cloud, call).account)

  return {
    CreateHostedZone(input: CreateHostedZone, call) {
      const { zone, change } = createZone(state, input, { account: who(cloud, call).account })
      return {
        HostedZone: zoneOutput(zone),
        ChangeInfo: changeInfo(change, now()),
        // The model requires it, also for a private zone.
        DelegationSet: { NameServers: zone.nameServers },
        ...(zone.vpc && { VPC: zone.vpc }),
        Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
      }
    },
    GetHostedZone({ Id }: { Id: string }, call) {
      const zone = find(Id, call)
      return {
        HostedZone: zoneOutput(zone),
        ...(zone.isPrivate ? { VPCs: [zone.vpc] } : { DelegationSet: { NameServers: zone.nameServers } }),
      }
    },
    UpdateHostedZoneComment({ Id, Comment }: { Id: string; Comment?: string }, call) {
      const zone = find(Id, call)
      zone.comment = Comment
      return { HostedZone: zoneOutput(zone) }
    },
    DeleteHostedZone({ Id }: { Id: string }, call) {
      const zone = find(Id, call)
      if (zone.busy) throw priorRequestNotComplete()
      if (zone.count > groupOf(zone.records, zone.name, 'NS').length + 1)
        throw new AwsError(
          'HostedZoneNotEmpty',
          // The two spaces are AWS's. [log]
          'The specified hosted zone contains non-required resource record sets  and so cannot be deleted.',
        )
      state.zones.delete(zone.id)
      const change = noteChange(state, {
        account: zone.account,
        inSyncAt: now() + 30_000,
        comment: undefined,
      })
      return { ChangeInfo: changeInfo(change, now()) }
    },
    GetHostedZoneCount: (_, call) => ({ HostedZoneCount: own(call).length }),
    ListHostedZones({ Marker, MaxItems = 100 }: { Marker?: string; MaxItems?: number }, call) {
      const zones = own(call).sort((a, b) => (a.id < b.id ? -1 : 1))
      const from = Marker === undefined ? 0 : zones.findIndex(({ id }) => id >= Marker)
      const { page, next } = cut(from < 0 ? [] : zones.slice(from), MaxItems)
      return {
        HostedZones: page.map(zoneOutput),
        Marker: Marker ?? '',
        IsTruncated: next !== undefined,
        ...(next && { NextMarker: next.id }),
        MaxItems,
      }
    },
    ListHostedZonesByName({ DNSName, HostedZoneId, MaxItems = 100 }: ListHostedZonesByName, call) {
      const zones = own(call).sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
      const start = DNSName === undefined ? '' : `${reversedName(storedName(DNSName))} ${HostedZoneId ?? ''}`
      const { page, next } = cut(
        zones.filter((zone) => placeOf(zone) >= start),
        MaxItems,
      )
      return {
        HostedZones: page.map(zoneOutput),
        ...(DNSName !== undefined && { DNSName }),
        ...(HostedZoneId !== undefined && { HostedZoneId }),
        IsTruncated: next !== undefined,
        ...(next && { NextDNSName: next.name, NextHostedZoneId: next.id }),
        MaxItems,
      }
    },
  }
}

interface CreateHostedZone {
  readonly Name: string
  readonly CallerReference: string
  readonly HostedZoneConfig?: { readonly Comment?: string; readonly PrivateZone?: boolean }
  readonly VPC?: HostedZone['vpc']
}

interface ListHostedZonesByName {
  readonly DNSName?: string
  readonly HostedZoneId?: string
  readonly MaxItems?: number
}

/** Sorted by the name with its labels reversed. [BC:route53 ListHostedZonesByName] */
const placeOf = ({ name, id }: HostedZone) => `${reversedName(name)} ${id}`

function cut<T>(
  all: readonly T[],
  most: number,
): { readonly page: readonly T[]; readonly next: T | undefined } {
  const size = Math.min(most, 100)
  return { page: all.slice(0, size), next: all[size] }
}

/** Makes a zone with the records that every one has. Throws InvalidDomainName and HostedZoneAlreadyExists. */
export function createZone(
  state: Route53State,
  { Name, CallerReference, HostedZoneConfig, VPC }: CreateHostedZone,
  { account, atOnce = false }: { readonly account: string; readonly atOnce?: boolean },
) {
  const { cloud, zones } = state
  const name = storedName(Name)
  const problem = nameProblem(name)
  if (problem) throw new AwsError('InvalidDomainName', problem)
  for (const zone of zones.values())
    if (zone.account === account && zone.callerReference === CallerReference)
      throw new AwsError(
        'HostedZoneAlreadyExists',
        `A hosted zone has already been created with the specified caller reference: ${CallerReference}`,
        409,
      )
  const zone: HostedZone = {
    id: `Z${letters(cloud, 19)}`,
    account,
    name,
    callerReference: CallerReference,
    isPrivate: VPC !== undefined,
    vpc: VPC,
    nameServers: nameServers(cloud.random),
    tags: new Map(),
    comment: HostedZoneConfig?.Comment,
    records: new Map(),
    order: { keys: [] },
    answered: new Map(),
    onTheirWay: [],
    count: 0,
    busy: false,
  }
  zones.set(zone.id, zone)
  return { zone, change: commit(state, { zone, changes: firstRecords(zone), atOnce }) }
}

/** Of four top-level domains. [R53:SOA-NSrecords] */
const nameServers = (random: () => number): readonly string[] =>
  ['com', 'net', 'org', 'co.uk'].map((domain, at) => {
    const number = Math.floor(random() * 512) + at * 512
    return `ns-${number}.awsdns-${String(number % 64).padStart(2, '0')}.${domain}`
  })

/** [R53:SOA-NSrecords] */
const firstRecords = ({ name, nameServers }: HostedZone) => [
  {
    name,
    type: 'NS' as const,
    group: [
      {
        Name: name,
        Type: 'NS' as const,
        TTL: 172_800,
        ResourceRecords: nameServers.map((server) => ({ Value: `${server}.` })),
      },
    ],
  },
  {
    name,
    type: 'SOA' as const,
    group: [
      {
        Name: name,
        Type: 'SOA' as const,
        TTL: 900,
        ResourceRecords: [
          { Value: `${nameServers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400` },
        ],
      },
    ],
  },
]

const zoneOutput = ({ id, name, callerReference, comment, isPrivate, count }: HostedZone) => ({
  Id: `/hostedzone/${id}`,
  Name: name,
  CallerReference: callerReference,
  Config: { ...(comment !== undefined && { Comment: comment }), PrivateZone: isPrivate },
  ResourceRecordSetCount: count,
})
