import type { Environment } from '../../deployment/environment.ts'
import type { Route } from '../../deployment/ports.ts'
import { plainTarget, type RecordSet, targetsOf } from './record.ts'

/** What routing needs to know of an environment. */
export type Member = Pick<Environment, 'id' | 'name' | 'endpoint' | 'cname'>

/** A record of the production name, and the id of the environment that it leads to; null where it is none of those asked about. */
export interface Standing {
  readonly environment: string | null
  readonly record: RecordSet
}

/** What is before the environment's name in our set identifiers. */
const prefix = 'blue-green:'

/** The set identifier of an environment's record: by its name, since an environment that is made anew has another id. */
export const setIdentifierOf = ({ name }: Pick<Member, 'name'>): string => `${prefix}${name}`

/** Is it a record that we made, of whichever environment? */
export const isOurs = ({ SetIdentifier }: RecordSet): boolean => SetIdentifier?.startsWith(prefix) === true

/** The records that tell clients where to go, in a fixed order, with the environments that they lead to. */
export const standingOf = (records: readonly RecordSet[], members: readonly Member[]): readonly Standing[] =>
  records
    .filter(({ Type }) => Type === 'CNAME' || Type === 'A' || Type === 'AAAA')
    .map((record) => ({ environment: leadsTo(record, members), record }))
    .sort((one, other) => (placeOf(one.record) < placeOf(other.record) ? -1 : 1))

const placeOf = ({ Type, SetIdentifier = '' }: RecordSet): string => `${Type} ${SetIdentifier}`

/**
 * Where it leads is what counts: to a load balancer or an address, or to an environment's CNAME as it is now. A record of
 * ours that leads nowhere any more belongs to the environment whose name it has: that was made anew meanwhile.
 */
function leadsTo(record: RecordSet, members: readonly Member[]): string | null {
  const targets = targetsOf(record)
  const found = members.filter((member) => targets.every((target) => isTargetOf(member, target)))
  if (targets.length > 0 && found[0]) return found[0].id
  return members.find((member) => setIdentifierOf(member) === record.SetIdentifier)?.id ?? null
}

/** Is it a name or an address of the environment's? */
const isTargetOf = (member: Member, target: string): boolean =>
  isEndpointOf(member, target) || (member.cname !== undefined && plainTarget(member.cname) === target)

/** Is it the environment's own load balancer, or its only instance's address? They stay through a CNAME swap (C.7). */
export const isEndpointOf = ({ endpoint }: Member, target: string): boolean =>
  endpoint !== undefined && plainTarget(endpoint) === target

/**
 * Per cent of the answers by environment id, of those asked about. Weights are shares of their sum, and all zero means
 * equal [BC:route53 ResourceRecordSet.Weight] (C.2).
 */
export function shareOf(standing: readonly Standing[], ids: readonly string[]): Route['share'] {
  const weights = standing.map(({ record }) => record.Weight ?? 1)
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const parts = sum > 0 ? weights : weights.map(() => 1)
  const all = parts.reduce((total, part) => total + part, 0)
  const partOf = (id: string) =>
    standing.reduce((total, one, at) => total + (one.environment === id ? (parts[at] ?? 0) : 0), 0)
  return Object.fromEntries(ids.map((id) => [id, all === 0 ? 0 : (100 * partOf(id)) / all]))
}
