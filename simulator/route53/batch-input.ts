import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53'
import { invalidInput } from './errors.ts'
import { storedName } from './record-names.ts'
import type { RecordSet } from './record-table.ts'

/** One line of a batch, its record as Route 53 keeps it. */
export interface BatchLine {
  readonly action: 'CREATE' | 'DELETE' | 'UPSERT'
  readonly record: RecordSet
}

/** The lines of a batch. Throws InvalidInput for one that lacks something or says too much. [log] (C.4) */
export const readBatch = (changes: readonly Change[]): readonly BatchLine[] => changes.map(readLine)

function readLine({ Action, ResourceRecordSet: given }: Change): BatchLine {
  if (!Action || !given?.Name || !given.Type) throw invalidInput('Invalid request: a change is not whole')
  const refuse = (problem: string) => {
    const { Name, Type, SetIdentifier = 'null' } = given
    const where = `[Action=${Action}, Name=${Name}, Type=${Type}, SetIdentifier=${SetIdentifier}]`
    return invalidInput(`Invalid request: ${problem} in Change with ${where}`)
  }
  const data = [
    given.AliasTarget !== undefined,
    given.TTL !== undefined || given.ResourceRecords !== undefined,
    given.TrafficPolicyInstanceId !== undefined,
  ].filter(Boolean).length
  const isHalf = (given.TTL === undefined) !== (given.ResourceRecords === undefined)
  if (data !== 1 || isHalf)
    throw refuse(
      `Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${data > 1 ? 'more than one' : 'none'}`,
    )
  const policies = POLICIES.filter((policy) => given[policy] !== undefined).length
  if (policies > 0 && given.SetIdentifier === undefined) throw refuse("Missing field 'SetIdentifier'")
  if ((given.SetIdentifier !== undefined && policies === 0) || policies > 1)
    throw refuse(
      `Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, CidrRoutingConfig, or GeoProximityLocation], but found ${policies > 1 ? 'more than one' : 'none'}`,
    )
  return { action: Action, record: stored(given) }
}

/** What a record is chosen by among those of its name and type. [BC:route53 ResourceRecordSet] */
const POLICIES = [
  'Weight',
  'Region',
  'Failover',
  'GeoLocation',
  'MultiValueAnswer',
  'CidrRoutingConfig',
  'GeoProximityLocation',
] as const

function stored(given: ResourceRecordSet): RecordSet {
  const { AliasTarget: alias } = given
  return {
    ...given,
    Name: storedName(given.Name as string),
    Type: given.Type as RecordSet['Type'],
    ...(alias && {
      AliasTarget: { ...alias, DNSName: storedName(alias.DNSName as string) },
    }),
  }
}
