import type { Overlay } from './overlay.ts'
import type { RecordSet } from './record-table.ts'
import type { HostedZone } from './zone-state.ts'

/** Why a record cannot stand beside the others, in Route 53's words (C.2, C.4). */
export function conflicts(
  record: RecordSet,
  view: Overlay,
  { zone, ttlsOnlyAtEnd }: { readonly zone: HostedZone; readonly ttlsOnlyAtEnd: boolean },
): readonly string[] {
  return [...cnameConflicts(record, view, zone), ...setConflicts(record, view, ttlsOnlyAtEnd)]
}

function cnameConflicts({ Name, Type }: RecordSet, view: Overlay, zone: HostedZone): readonly string[] {
  const others = view.groups(Name).flatMap(([one]) => (one && one.Type !== Type ? [one.Type] : []))
  if (Type === 'CNAME') {
    if (Name === zone.name)
      return [`RRSet of type CNAME with DNS name ${Name} is not permitted at apex in zone ${zone.name}`]
    return others.length > 0
      ? [
          `RRSet of type CNAME with DNS name ${Name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`,
        ]
      : []
  }
  return others.includes('CNAME')
    ? [
        `RRSet of type ${Type} with DNS name ${Name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}`,
      ]
    : []
}

function setConflicts(record: RecordSet, view: Overlay, ttlsOnlyAtEnd: boolean): readonly string[] {
  const { Name, Type, SetIdentifier, TTL } = record
  const others = view.group(record).filter((one) => one.SetIdentifier !== SetIdentifier)
  const [other] = others
  if (!other) return []
  if (SetIdentifier === undefined)
    return [
      `RRSet with DNS name ${Name}, type ${Type} cannot be created as other RRSets exist with the same name and type.`,
    ]
  const policy = policyOf(record)
  if (others.some((one) => policyOf(one) !== policy))
    return [
      `RRSet with DNS name ${Name}, type ${Type}, SetIdentifier ${SetIdentifier} cannot be created as a non-${policy} set exists with the same name and type.`,
    ]
  if (policy !== 'weighted') return []
  if (others.length >= MOST_WEIGHTED)
    return [
      `RRSet with DNS name ${Name}, type ${Type}, SetIdentifier ${SetIdentifier} cannot be created as there are already ${MOST_WEIGHTED} weighted sets with the same name and type.`,
    ]
  const isUnequal = others.some((one) => one.TTL !== undefined && TTL !== undefined && one.TTL !== TTL)
  return isUnequal && !ttlsOnlyAtEnd ? [ttlProblem(record)] : []
}

/** [R53:DNSLimitations]; the text of the refusal is assumed. */
const MOST_WEIGHTED = 100

/** The TTL rule of weighted sets in Route 53's words (C.4). */
export const ttlProblem = ({ Name, Type, SetIdentifier }: RecordSet): string =>
  `RRSet with DNS name ${Name} and type ${Type}, SetIdentifier ${SetIdentifier} cannot be created as weighted sets must contain the same TTL.`

/** How one of several records is chosen. */
export type Policy = 'simple' | 'weighted' | 'latency' | 'failover' | 'geolocation' | 'multivalue'

/** The policy of a record; location policies count as one. [BC:route53 ResourceRecordSet] */
export function policyOf(record: RecordSet): Policy {
  if (record.SetIdentifier === undefined) return 'simple'
  if (record.Weight !== undefined) return 'weighted'
  if (record.Region !== undefined) return 'latency'
  if (record.Failover !== undefined) return 'failover'
  return record.MultiValueAnswer === undefined ? 'geolocation' : 'multivalue'
}
