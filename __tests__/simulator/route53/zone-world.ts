import { Route53 } from '@aws-sdk/client-route-53'
import { STS } from '@aws-sdk/client-sts'
import type { HttpRequest } from '@smithy/core/protocols'
import type { GivenEnvironment } from '../../../simulator/beanstalk/given.ts'
import { virtualClock } from '../../../simulator/clock.ts'
import { createModelledApps } from '../../../simulator/data-plane/modelled.ts'
import type { DnsType } from '../../../simulator/dns/names.ts'
import { inProcess } from '../../../simulator/in-process.ts'
import { createSimulator } from '../../../simulator/simulator.ts'
import type { Switches } from '../../../simulator/switches.ts'
import { amzDate } from '../../../simulator/wire/authorization.ts'

interface ZoneWorldOptions {
  readonly switches?: Partial<Switches>
  readonly throttling?: boolean
  readonly seed?: number
}

/** Temporary credentials as STS answers them. */
interface Keys {
  readonly AccessKeyId?: string | undefined
  readonly SecretAccessKey?: string | undefined
  readonly SessionToken?: string | undefined
}

/** Route 53 in virtual time, reached with the real SDK. */
export function zoneWorld({ switches = {}, throttling = false, seed = 1 }: ZoneWorldOptions = {}) {
  const clock = virtualClock()
  let state = seed
  const random = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state / 2 ** 31
  }
  const dataPlane = createModelledApps(clock, new Map())
  const simulator = createSimulator({ clock, dataPlane, random, throttling, switches })
  const handler = inProcess(simulator)
  const config = (keys?: Keys) => ({
    region: 'us-east-1',
    credentials: {
      accessKeyId: keys?.AccessKeyId ?? 'test',
      secretAccessKey: keys?.SecretAccessKey ?? 'test',
      ...(keys?.SessionToken !== undefined && { sessionToken: keys.SessionToken }),
    },
    maxAttempts: 1,
    requestHandler: {
      ...handler,
      // The SDK learns the difference of the clocks once; virtual time then runs away from what it signs with.
      handle: (request: HttpRequest, options?: object) => {
        request.headers['x-amz-date'] = amzDate(clock.now())
        return handler.handle(request, options)
      },
    },
  })
  const r53 = new Route53(config())
  const run = clock.run
  const seconds = (count: number) => clock.runUntil(clock.now() + count * 1_000)

  return {
    clock,
    simulator,
    dataPlane,
    r53,
    run,
    seconds,
    /** Clients with the credentials of a role. */
    clientsOf: (keys: Keys | undefined) => ({ r53: new Route53(config(keys)), sts: new STS(config(keys)) }),
    sts: new STS(config()),
    /** Two environments that run. */
    pair: async (order: Pick<GivenEnvironment, 'loadBalancer' | 'single'> = {}) => {
      const environment = (name: string) =>
        simulator.beanstalk.given.environment({ application: 'shop', name, cnamePrefix: name, ...order })
      return [await environment('shop-blue'), await environment('shop-green')] as const
    },
    /** How often each answer came, of so many queries. */
    drawn(name: string, queries = 1_000) {
      const counts: Record<string, number> = {}
      for (let query = 0; query < queries; query++) {
        const answer =
          simulator.names.resolve(name, 'CNAME')[0]?.data ?? simulator.names.resolve(name)[0]?.data ?? 'none'
        counts[answer] = (counts[answer] ?? 0) + 1
      }
      return counts
    },
    /** A zone whose name servers answer already; its id. */
    async zone(name = 'example.com') {
      const { HostedZone } = await run(
        r53.createHostedZone({ Name: name, CallerReference: `${clock.now()}` }),
      )
      await seconds(130)
      return HostedZone?.Id?.replace('/hostedzone/', '') ?? ''
    },
    /** One batch; the id of the change. */
    async change(zone: string, ...changes: readonly Line[]) {
      const { ChangeInfo } = await run(r53.changeResourceRecordSets(batch(zone, changes)))
      return ChangeInfo?.Id ?? ''
    },
    /** What a batch is refused with. */
    refused: (zone: string, ...changes: readonly Line[]) =>
      run(r53.changeResourceRecordSets(batch(zone, changes))).then(
        () => 'accepted',
        (error: Error) => `${error.name}: ${error.message}`,
      ),
    /** What resolvers are answered now. */
    answers: (name: string, type: DnsType = 'A') =>
      simulator.names.resolve(name, type).map((record) => `${record.type} ${record.ttl} ${record.data}`),
  }
}

type Line = readonly ['CREATE' | 'DELETE' | 'UPSERT', Parameters<typeof record>[0]]

const batch = (zone: string, changes: readonly Line[]) => ({
  HostedZoneId: zone,
  ChangeBatch: {
    Changes: changes.map(([Action, given]) => ({ Action, ResourceRecordSet: record(given) })),
  },
})

interface Given {
  readonly name?: string
  readonly type?: 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'MX' | 'NS' | 'SOA'
  readonly ttl?: number
  readonly to?: string | readonly string[]
  readonly set?: string
  readonly weight?: number
  readonly check?: string
  readonly alias?: { readonly zone: string; readonly name: string; readonly evaluate?: boolean }
}

/** A record, `shop.example.com CNAME` when nothing else is said. */
export function record({
  name = 'shop.example.com',
  type = 'CNAME',
  ttl = 60,
  to,
  set,
  weight,
  check,
  alias,
}: Given) {
  return {
    Name: name,
    Type: type,
    ...(set !== undefined && { SetIdentifier: set }),
    ...(weight !== undefined && { Weight: weight }),
    ...(check !== undefined && { HealthCheckId: check }),
    ...(to !== undefined && { TTL: ttl, ResourceRecords: [to].flat().map((Value) => ({ Value })) }),
    ...(alias && {
      AliasTarget: {
        HostedZoneId: alias.zone,
        DNSName: alias.name,
        EvaluateTargetHealth: alias.evaluate ?? false,
      },
    }),
  }
}
