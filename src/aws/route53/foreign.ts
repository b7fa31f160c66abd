import { Failure, type Remedy } from '../../deployment/errors.ts'
import { shellWord } from '../../deployment/shell-word.ts'
import type { Seen } from './look.ts'
import { describeRecord, plainTarget, type RecordSet } from './record.ts'
import { isOurs } from './standing.ts'

interface Problem {
  readonly what: string
  readonly remedy: Remedy
}

/**
 * Refuses what is not ours to change, or cannot be routed between these environments, all of it in one message: nothing of
 * it is ever overwritten.
 */
export function refuseForeign(seen: Seen): void {
  // Seen from one environment alone, the other one's record leads elsewhere.
  const ofBoth = seen.members.length < 2 ? [] : [...elsewhere(seen), ...sameEndpoint(seen), ...mixed(seen)]
  const problems = [...chosenOtherwise(seen), ...inTheWay(seen), ...ofBoth]
  if (problems.length === 0) return
  throw new Failure(`${problems.map(({ what }) => what).join(' ')} Nothing was changed.`, [
    ...problems.map(({ remedy }) => remedy),
    whatStands(seen),
  ])
}

/** Weights mean nothing beside other ways to choose among records. [BC:route53 ResourceRecordSet] */
function chosenOtherwise({ name, standing }: Seen): readonly Problem[] {
  const kinds = new Set(standing.flatMap(({ record }) => policyOf(record) ?? []))
  return [...kinds].map((kind) => ({
    what: `Route 53 chooses among the records of ${name} by ${kind}, not by weight.`,
    remedy: {
      why: 'Give a name of its own to these environments as `record-name` (a weighted pair), and let the other records lead there as aliases within the zone; or move traffic by `traffic: cname-swap`.',
    },
  }))
}

function policyOf(record: RecordSet): string | undefined {
  if (record.TrafficPolicyInstanceId !== undefined) return 'a traffic policy'
  if (record.Region !== undefined) return 'latency'
  if (record.Failover !== undefined) return 'failover'
  if (record.GeoLocation !== undefined) return 'geolocation'
  if (record.GeoProximityLocation !== undefined) return 'geoproximity'
  if (record.CidrRoutingConfig !== undefined) return 'the client’s address (CIDR)'
  if (record.MultiValueAnswer !== undefined) return 'multivalue answers'
  return undefined
}

/** What leads to neither environment is somebody's. Only a record of ours without traffic is nobody's any more. */
function elsewhere({ name, standing }: Seen): readonly Problem[] {
  const others = standing.filter(
    ({ environment, record }) =>
      environment === null && policyOf(record) === undefined && !(isOurs(record) && record.Weight === 0),
  )
  if (others.length === 0) return []
  const shown = others.map(({ record }) => describeRecord(record)).join('; ')
  return [
    {
      what: `Not every record of ${name} leads to one of these environments: ${shown}.`,
      remedy: {
        why: 'Look for a slip in `record-name` and in the names of the environments. If that record leads on to another name of yours, give that one as `record-name`. If it is not needed any more, delete it.',
      },
    },
  ]
}

/** Other types under the name that exclude a CNAME, or that tell clients another way. [R53] (C.2) */
function inTheWay({ name, recordType, records, members }: Seen): readonly Problem[] {
  const types = new Set(records.map(({ Type = '' }) => `${Type}`))
  const willBe = recordType === 'alias' || members.some(({ endpoint }) => isAddress(endpoint)) ? 'A' : 'CNAME'
  if (types.has('SOA') && willBe === 'CNAME')
    return [
      {
        what: `${name} is the zone’s own name (its apex), and there is no CNAME at an apex.`,
        remedy: { why: 'Give `record-type: alias`: aliases to the load balancers can stand there.' },
      },
    ]
  const beside = [...types].filter((type) => !ROUTED.has(type))
  if (willBe === 'CNAME' && beside.length > 0)
    return [
      {
        what: `${name} has records of type ${beside.join(' and ')} too, and a CNAME stands alone.`,
        remedy: { why: 'Give `record-type: alias`: aliases may stand beside other records.' },
      },
    ]
  const others = ['AAAA', 'HTTPS', 'SVCB'].filter((type) => types.has(type))
  if (willBe === 'A' && others.length > 0)
    return [
      {
        what: `${name} has records of type ${others.join(' and ')} too: clients that follow them would not follow the weights.`,
        remedy: {
          why: 'Delete them first; or, where the name is not the zone’s own and has no others, give `record-type: cname`: its clients find addresses of both families at the load balancers.',
        },
      },
    ]
  return []
}

const ROUTED: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME'])

/** An IPv4 address? Single-instance environments have one instead of a load balancer's name. (C.7) */
export const isAddress = (target: string | undefined): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(target ?? '')

/** A shared load balancer tells environments apart by the name that is asked for, and that is the same for both. (D.3) */
function sameEndpoint({ name, members }: Seen): readonly Problem[] {
  const shared = members.filter(
    (one) =>
      one.endpoint !== undefined &&
      members.some(
        (other) => other.id !== one.id && plainTarget(other.endpoint) === plainTarget(one.endpoint),
      ),
  )
  if (shared.length === 0) return []
  return [
    {
      what: `${shared.map((member) => member.name).join(' and ')} are behind one load balancer (${shared[0]?.endpoint}): whatever the records of ${name} say, DNS leads to both or to neither.`,
      remedy: {
        why: 'Say `traffic: load-balancer`, which moves traffic by the rules of that load balancer; or `traffic: cname-swap`, which its own rules follow.',
      },
    },
  ]
}

/** A name and an address cannot be a pair of CNAMEs. */
function mixed({ name, recordType, members }: Seen): readonly Problem[] {
  const kinds = new Set(
    members.flatMap(({ endpoint }) => (endpoint === undefined ? [] : isAddress(endpoint))),
  )
  if (recordType === 'alias' || kinds.size < 2) return []
  return [
    {
      what: `One environment has a load balancer and the other one a single instance: ${name} cannot be a CNAME of one and an address of the other.`,
      remedy: { why: 'Give `record-type: alias`, or give both environments a load balancer.' },
    },
  ]
}

/** How a human sees the records of the name. */
export const whatStands = ({ name, zone }: Pick<Seen, 'name' | 'zone'>): Remedy => ({
  why: `What stands at ${name} now:`,
  command: `aws route53 list-resource-record-sets --hosted-zone-id ${shellWord(zone)} --start-record-name ${shellWord(name)} --query ${shellWord(`ResourceRecordSets[?Name=='${name}.']`)}`,
})
