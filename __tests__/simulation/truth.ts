import type { BeanstalkState, EnvironmentState } from '../../simulator/beanstalk/state.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import { application, nameOf, ownName, region } from './history.ts'

/** The production name of a history, as AWS writes it. */
export const productionName = (prefix: string): string => `${prefix}.${region}.elasticbeanstalk.com`

/** What is not gone. */
export const existing = ({ environments }: BeanstalkState): readonly EnvironmentState[] =>
  environments.filter(({ status }) => status !== 'Terminated')

/** The one environment that has the production name; undefined while none or two have it (a swap is half done). */
export function holderIn(state: BeanstalkState, production: string): EnvironmentState | undefined {
  const holders = existing(state).filter(({ cname }) => cname === production)
  return holders.length === 1 ? holders[0] : undefined
}

/** The environment with this id, dead or alive. */
export const byId = (
  { environments }: BeanstalkState,
  id: string | undefined,
): EnvironmentState | undefined => environments.find((one) => one.id === id)

/** Members of the pair that are there. */
export const membersIn = (state: BeanstalkState): readonly EnvironmentState[] =>
  existing(state).filter(({ name }) => name === nameOf.blue || name === nameOf.green)

/** Who holds the lock, as the object says. `ttl` in ms. */
export interface Holder {
  readonly nonce: string
  readonly ttl: number
  readonly operation: string
  readonly baking: boolean
}

/** The key of the pair's object. */
export const stateKey = `blue-green/${application}/${nameOf.blue}+${nameOf.green}.json`

/** The pair's object in S3, as far as it is public: who holds the lock, what is open, what is kept by choice. */
export interface StateObject {
  readonly holder?: Holder | undefined
  readonly pending: readonly { readonly what: string }[]
  readonly kept: readonly { readonly what: string; readonly group?: string }[]
  readonly promotions: readonly { readonly environment: string; readonly version?: string }[]
}

/** The object's bytes as they truly are; the very same array until somebody writes. Undefined when there is none. */
export function stateContentIn(aws: Simulator): Uint8Array | undefined {
  const bucket = `elasticbeanstalk-${region}-${aws.cloud.account}`
  return aws.buckets.read(bucket, stateKey)
}

/** The same of the pairs that a pull request's own environment is in. */
export const ownContentsIn = (aws: Simulator): readonly (Uint8Array | undefined)[] =>
  [nameOf.blue, nameOf.green].map((name) =>
    aws.buckets.read(
      `elasticbeanstalk-${region}-${aws.cloud.account}`,
      `blue-green/${application}/${name}+${ownName}.json`,
    ),
  )

/** For stories: `shop-green e-abc 1.1.0 Ready Ok 2/2 (1..4)`. */
export function inShort({
  name,
  id,
  version,
  status,
  healthStatus,
  health,
  group,
  instances,
}: EnvironmentState): string {
  const labels = [...new Set(instances.map((one) => one.version ?? 'nothing'))]
  const mixed =
    labels.length === 1 && labels[0] === version ? '' : ` (instances run ${labels.join(', ') || 'nothing'})`
  const size = group ? ` ${group.inService} in service, ${group.min}..${group.max}` : ''
  return `${name} ${id} ${version ?? '-'}${mixed} ${status} ${healthStatus ?? health}${size}`
}
