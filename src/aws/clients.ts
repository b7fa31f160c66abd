import { Agent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { isIP } from 'node:net'
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling'
import { ElasticBeanstalkClient } from '@aws-sdk/client-elastic-beanstalk'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Route53Client } from '@aws-sdk/client-route-53'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'
import type { Clock } from '../deployment/ports.ts'
import type { AwsRequestHandler } from '../world.ts'
import { type AssumedRoleParts, assumedRole } from './assumed-role.ts'
import { type Backoff, createBackoff, patience } from './backoff.ts'
import { keysIn } from './credentials.ts'
import { type OtherRoleParts, otherRole } from './other-role.ts'
import { createRetryStrategy } from './retry.ts'

/** One client per service, patient with reads; what must be sent once is wrapped in `once`. */
export interface Clients {
  readonly region: string
  readonly beanstalk: ElasticBeanstalkClient
  readonly autoScaling: AutoScalingClient
  readonly loadBalancing: Pick<ElasticLoadBalancingV2Client, 'send'>
  /** Of the region's partition, as the role that may change the zone, where that is another one. */
  readonly route53: Pick<Route53Client, 'send'>
  readonly s3: S3Client
  readonly sts: STSClient
  /** For loops of our own around requests that the SDK must not repeat. */
  readonly backoff: Backoff
}

/** What the clients are made of. */
export interface ClientsOptions {
  readonly region: string
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Absent: by HTTP. */
  readonly requestHandler?: AwsRequestHandler | undefined
  /** From then on nothing is tried again. */
  readonly cancelled?: AbortSignal | undefined
  /** The role to work as; absent: credentials from the environment, or else from the SDK's own chain. */
  readonly role?: Omit<AssumedRoleParts, 'sts' | 'clock'> | undefined
  /** The role that Route 53 is asked as; absent: like everything else. */
  readonly dnsRole?: Omit<OtherRoleParts, 'sts' | 'clock'> | undefined
}

/** Makes the clients. Nothing is sent, and no credentials are looked for, before the first request. */
export function createClients(options: ClientsOptions): Clients {
  const { region, environment, clock, role, dnsRole } = options
  const backoff = createBackoff(options)
  const keys = keysIn(environment)
  const unsigned = {
    region,
    maxAttempts: patience,
    retryStrategy: createRetryStrategy(backoff, options.cancelled),
    requestHandler: (options.requestHandler ?? overHttp(environment)) as ReturnType<typeof overHttp>,
  }
  const credentials = role ? assumedRole({ ...role, clock, sts: new STSClient(unsigned) }) : keys
  const config = { ...unsigned, ...(credentials && { credentials }) }
  const sts = new STSClient(config)
  const zoneConfig = dnsRole ? { ...config, credentials: otherRole({ ...dnsRole, clock, sts }) } : config
  return {
    region,
    beanstalk: new ElasticBeanstalkClient(config),
    autoScaling: new AutoScalingClient(config),
    loadBalancing: loadedLater(async () => {
      const { ElasticLoadBalancingV2Client } = await import(
        /* webpackMode: "eager" */ '@aws-sdk/client-elastic-load-balancing-v2'
      )
      return new ElasticLoadBalancingV2Client(config)
    }),
    route53: loadedLater(async () => {
      const { Route53Client } = await import(/* webpackMode: "eager" */ '@aws-sdk/client-route-53')
      return new Route53Client(zoneConfig)
    }),
    s3: new S3Client({ ...config, forcePathStyle: hasAddressForName(environment) }),
    sts,
    backoff,
  }
}

/** A client whose part of the SDK is loaded with its first request: it takes a process's start as long as all the others. */
function loadedLater<C extends { send: (...given: never[]) => unknown }>(
  load: () => Promise<C>,
): Pick<C, 'send'> {
  let client: Promise<C> | undefined
  const send = async (...given: never[]) => {
    client ??= load()
    return (await client).send(...given)
  }
  return { send } as Pick<C, 'send'>
}

/**
 * Time limits that really end a request: without them one that is never answered hangs for ever. The agents are
 * instances: given as options, a large upload would get a fresh one and go around the proxy.
 */
function overHttp(environment: ClientsOptions['environment']) {
  const agent = { keepAlive: true, proxyEnv: { ...environment } }
  return {
    connectionTimeout: 5_000,
    requestTimeout: 30_000,
    throwOnRequestTimeout: true,
    socketTimeout: 30_000,
    httpAgent: new Agent(agent),
    httpsAgent: new SecureAgent(agent),
  }
}

/** A bucket cannot be a label of an IP address. */
function hasAddressForName({
  AWS_ENDPOINT_URL_S3,
  AWS_ENDPOINT_URL,
}: ClientsOptions['environment']): boolean {
  const endpoint = AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL
  if (!endpoint || !URL.canParse(endpoint)) return false
  return isIP(new URL(endpoint).hostname.replace(/^\[|\]$/g, '')) !== 0
}
