import { type Beanstalk, createBeanstalk } from './beanstalk/beanstalk.ts'
import { defaultQuotas, type Quotas } from './beanstalk/quotas.ts'
import { type Certificates, createCertificates } from './certificates/store.ts'
import type { Clock } from './clock.ts'
import type { Cloud, RecordedCall } from './cloud.ts'
import type { DataPlane } from './data-plane/data-plane.ts'
import type { Names } from './dns/names.ts'
import { createZone, type Zone } from './dns/zone.ts'
import { createFaults } from './faults.ts'
import { createIam } from './iam/iam.ts'
import { createRoute53, type Route53 } from './route53/route53.ts'
import { createS3 } from './s3/protocol.ts'
import { type Buckets, createStore } from './s3/store.ts'
import { createSessions } from './sessions.ts'
import { createSts } from './sts.ts'
import { likely, type Switches } from './switches.ts'
import { createThrottle } from './throttle.ts'
import type { HonestTime } from './wire/authorization.ts'
import { createEndpoint } from './wire/endpoint.ts'
import type { WireOutcome, WireRequest } from './wire/request.ts'

export interface SimulatorOptions {
  readonly clock: Clock
  readonly dataPlane: DataPlane
  /** From 0 to 1; Math.random when left out. */
  readonly random?: () => number
  /** us-east-1 when left out. */
  readonly region?: string
  /** 123456789012 when left out. */
  readonly account?: string
  /** What differs from `likely`. */
  readonly switches?: Partial<Switches>
  /** What of Elastic Beanstalk's quotas differs from the default ones. */
  readonly quotas?: Partial<Quotas>
  /** False: nothing is ever throttled. */
  readonly throttling?: boolean
  /** The certificate of who issues what fronts show, as PEM. */
  readonly ca?: string
  /** What honest clients' clocks show; the simulated clock when left out. */
  readonly honestTime?: () => HonestTime
}

/** A local AWS: Elastic Beanstalk, Auto Scaling, Route 53, S3, STS and a little of IAM behind one address. */
export interface Simulator {
  readonly cloud: Cloud
  readonly buckets: Buckets
  readonly beanstalk: Beanstalk
  readonly route53: Route53
  /** Every name of the simulated world: Beanstalk's, load balancers', those of hosted zones and of the team's own. */
  readonly names: Names
  readonly zone: Zone
  readonly certificates: Certificates
  /** The certificate of who issues those, as PEM; absent where nothing serves TLS. */
  readonly ca: string | undefined
  /** Every call, in the order in which they arrived. */
  readonly calls: readonly RecordedCall[]
  /** Mistakes of the simulator that clients saw as a 500; a test that finds one has failed. */
  readonly bugs: readonly string[]
  handle(request: WireRequest): Promise<WireOutcome>
  /** Drops what is planned and ends the applications. */
  close(): Promise<void>
}

/** Puts a local AWS together on the clock and the data plane that are handed in. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, dataPlane, random = Math.random, throttling = true, honestTime } = options
  const { region = 'us-east-1', account = '123456789012' } = options
  const cloud: Cloud = {
    clock,
    random,
    region,
    account,
    certificates: createCertificates({ region, account }),
    switches: { ...likely, ...options.switches },
    faults: createFaults(),
  }
  const store = createStore(cloud)
  const beanstalk = createBeanstalk(cloud, {
    dataPlane,
    buckets: store,
    quotas: { ...defaultQuotas, ...options.quotas },
  })
  const route53 = createRoute53(cloud, { aws: beanstalk.names, dataPlane })
  const zone = createZone(route53.names)
  const sessions = createSessions(cloud)
  const endpoint = createEndpoint({
    cloud,
    services: [...beanstalk.services, route53.service, createSts(cloud, sessions), createIam(cloud)],
    sessions,
    openS3: createS3(cloud, store),
    throttle: throttling ? createThrottle(cloud) : undefined,
    honestTime,
  })
  return {
    cloud,
    buckets: store,
    beanstalk,
    route53,
    names: zone.names,
    zone,
    certificates: cloud.certificates,
    ca: options.ca,
    calls: endpoint.calls,
    bugs: endpoint.bugs,
    handle: endpoint.handle,
    close: async () => {
      beanstalk.close()
      route53.close()
      await dataPlane.close()
    },
  }
}
