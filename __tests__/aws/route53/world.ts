import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import type { GivenEnvironment } from '../../../simulator/beanstalk/given.ts'
import type { RecordOrder } from '../../../src/aws/route53/look.ts'
import { recordRouters } from '../../../src/aws/route53/record-router.ts'
import type { Failure } from '../../../src/deployment/errors.ts'
import { awsWorld, portClock } from '../world.ts'

export const name = 'www.example.com'
export const apex = 'example.com'

interface Options {
  readonly world?: ReturnType<typeof awsWorld>
  readonly order?: Partial<RecordOrder>
  /** The production name. */
  readonly at?: string
  /** What the environments have that others have not. */
  readonly blue?: Partial<GivenEnvironment>
  readonly green?: Partial<GivenEnvironment>
}

/** Two environments, `shop-blue` with the CNAME `shop`, and the zone example.com, in virtual time. */
export async function recordWorld({ world = awsWorld(), order = {}, at = name, ...given }: Options = {}) {
  const { aws, clients, clock, beanstalk, run, seconds } = world
  const environment = (one: string, more: Partial<GivenEnvironment> = {}) =>
    run(aws.beanstalk.given.environment({ application: 'shop', name: one, version: 'v1', ...more }))
  const blue = await environment('shop-blue', { cnamePrefix: 'shop', ...given.blue })
  const green = await environment('shop-green', given.green)
  const created = await run(
    clients.route53.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'once' })),
  )
  const zone = created.HostedZone?.Id?.replace('/hostedzone/', '') ?? ''
  await seconds(130)
  const routersOf = (more: Partial<RecordOrder> = {}) =>
    recordRouters({
      clients,
      beanstalk,
      clock: portClock(clock),
      order: { hostedZoneId: zone, recordType: 'cname', ttl: 60_000, role: undefined, ...order, ...more },
    })
  const routerFor = routersOf()
  const pair = { ids: [blue.id, green.id], productionName: at }
  const endpoint = (id: string) => world.environment(id).endpoint ?? ''
  return {
    ...world,
    blue,
    green,
    zone,
    pair,
    routersOf,
    routerFor,
    router: routerFor(pair),
    endpoint,
    /** What somebody changes by hand. */
    async byHand(...changes: readonly (readonly ['CREATE' | 'DELETE' | 'UPSERT', ResourceRecordSet])[]) {
      const Changes: Change[] = changes.map(([Action, ResourceRecordSet]) => ({ Action, ResourceRecordSet }))
      await run(
        clients.route53.send(
          new ChangeResourceRecordSetsCommand({ HostedZoneId: zone, ChangeBatch: { Changes } }),
        ),
      )
    },
    /** What stands at a name, as people write it. */
    stands: (at = name) =>
      aws.route53
        .shown()
        .flatMap(({ records }) => records)
        .filter(({ Name }) => Name === `${at}.`)
        .map(lineOf),
    /** What resolvers are answered, at the end of the chain: so many times by address. */
    answers(times = 200) {
      const counts: Record<string, number> = {}
      for (let one = 0; one < times; one++) {
        const found = aws.names.resolve(name).find(({ type }) => type === 'A')?.data ?? 'nothing'
        counts[found] = (counts[found] ?? 0) + 1
      }
      return counts
    },
  }
}

export type RecordWorld = Awaited<ReturnType<typeof recordWorld>>

type Shown = { readonly Type?: string; readonly TTL?: number | undefined } & Pick<
  ResourceRecordSet,
  'SetIdentifier' | 'Weight' | 'ResourceRecords' | 'AliasTarget' | 'HealthCheckId'
>

const lineOf = ({ Type, TTL, SetIdentifier, Weight, ResourceRecords = [], AliasTarget }: Shown): string =>
  [
    Type,
    ...(TTL === undefined ? [] : [`${TTL} s`]),
    ...(SetIdentifier === undefined ? [] : [`${SetIdentifier}=${Weight}`]),
    AliasTarget
      ? `alias ${AliasTarget.DNSName} in ${AliasTarget.HostedZoneId}`
      : ResourceRecords.map(({ Value }) => Value).join(' '),
  ].join(' ')

/** A record of the production name. */
export const cname = (to: string, more: Partial<ResourceRecordSet> = {}): ResourceRecordSet => ({
  Name: `${name}.`,
  Type: 'CNAME',
  TTL: 300,
  ResourceRecords: [{ Value: to }],
  ...more,
})

/** One of several at the production name. */
export const weighted = (
  to: string,
  set: string,
  weight: number,
  more: Partial<ResourceRecordSet> = {},
): ResourceRecordSet => cname(to, { TTL: 60, SetIdentifier: set, Weight: weight, ...more })

/** What it throws; fails when it goes well. */
export const failing = (promise: Promise<unknown>): Promise<Failure> =>
  promise.then(
    () => Promise.reject(new Error('it went well')),
    (thrown) => thrown,
  )

/** A simple record leads to blue; what becomes of it. */
export async function simple(options: Parameters<typeof recordWorld>[0] = {}) {
  const world = await recordWorld(options)
  await world.byHand(['CREATE', cname(world.endpoint(world.blue.id))])
  await world.seconds(130)
  return world
}

/** Both are known, and all goes to blue. */
export async function attached(options: Parameters<typeof recordWorld>[0] = {}) {
  const world = await simple(options)
  const { blue, green, router, run, seconds } = world
  await run(router.attach({ live: blue.id, candidate: green.id }))
  await seconds(130)
  const from = await run(router.read())
  return { ...world, from }
}
