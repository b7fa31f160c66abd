import { Failure } from '../../deployment/errors.ts'
import { isAddress } from './foreign.ts'
import { plainTarget, type RecordSet, targetsOf } from './record.ts'
import { isOurs, type Member, type Standing, setIdentifierOf } from './standing.ts'

/** What weighted records are made from. */
export interface Making {
  readonly name: string
  readonly recordType: 'cname' | 'alias'
  /** Whole seconds. */
  readonly ttl: number
  readonly members: readonly Member[]
  readonly standing: readonly Standing[]
  /** The hosted zone that an alias to the environment's load balancer has to name. */
  readonly aliasZone: (member: Member) => Promise<string>
}

/**
 * One weighted record for each environment, to its own load balancer or address: they stay through CNAME swaps, which would
 * turn Beanstalk's own names around (C.7). Weights are per cent, by environment id. What a record has that is not ours stays:
 * its set identifier, its health check.
 */
export async function weightedRecords(
  making: Making,
  weights: Readonly<Record<string, number>>,
): Promise<readonly RecordSet[]> {
  const made = await Promise.all(
    Object.entries(weights).map(([id, weight]) => weightedRecord(making, { id, weight })),
  )
  return made.flatMap((record) => record ?? [])
}

async function weightedRecord(
  making: Making,
  { id, weight }: { readonly id: string; readonly weight: number },
): Promise<RecordSet | undefined> {
  const { name, members, standing } = making
  const own = standing.flatMap(({ environment, record }) => (environment === id ? record : []))
  const member = members.find((one) => one.id === id)
  if (member?.endpoint === undefined) {
    const [kept] = own.filter((record) => record.Weight !== undefined)
    if (kept) return { ...kept, Weight: weight }
    if (weight === 0) return undefined
    throw new Failure(`${member?.name ?? id} has no address that ${name} could lead to.`)
  }
  const before = own.find((record) => leadsStraight(record, member)) ?? own[0]
  const { SetIdentifier, HealthCheckId } = before?.Weight === undefined ? {} : before
  const isTheirs = SetIdentifier !== undefined && !isOurs({ SetIdentifier, Name: name, Type: 'A' })
  return {
    Name: before?.Name ?? `${name}.`,
    SetIdentifier: isTheirs ? SetIdentifier : setIdentifierOf(member),
    Weight: weight,
    ...(await leadingTo(making, { member, endpoint: member.endpoint, own })),
    ...(HealthCheckId !== undefined && { HealthCheckId }),
  }
}

const leadsStraight = (record: RecordSet, { endpoint }: Member): boolean =>
  targetsOf(record).join() === plainTarget(endpoint)

/** Route 53 and load balancers have 60 s for aliases; what stands beside them must have the same (C.6). */
export const aliasTtl = 60

/** Type, target and TTL. What leads there already is kept as it is written. */
async function leadingTo(
  { recordType, ttl, aliasZone }: Making,
  {
    member,
    endpoint,
    own,
  }: { readonly member: Member; readonly endpoint: string; readonly own: readonly RecordSet[] },
): Promise<Pick<RecordSet, 'Type' | 'TTL' | 'ResourceRecords' | 'AliasTarget'>> {
  const Type = recordType === 'alias' || isAddress(endpoint) ? 'A' : 'CNAME'
  const isAlias = recordType === 'alias' && !isAddress(endpoint)
  const kept = own.find(
    (record) =>
      record.Type === Type && leadsStraight(record, member) && (record.AliasTarget !== undefined) === isAlias,
  )
  if (!isAlias)
    return {
      Type,
      TTL: recordType === 'alias' ? aliasTtl : ttl,
      ResourceRecords: kept?.ResourceRecords ?? [{ Value: endpoint }],
    }
  const { DNSName = endpoint, HostedZoneId = await aliasZone(member) } = kept?.AliasTarget ?? {}
  // With it Route 53 would send users to an environment that is given nothing, as soon as the other one is sick (C.2).
  return { Type, AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: false } }
}
