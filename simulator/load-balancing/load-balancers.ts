import { AwsError } from '../cloud.ts'
import { invalid } from './errors.ts'
import { find, findAll } from './find.ts'
import { loadBalancerZone } from './hosted-zones.ts'
import { dnsNumber, loadBalancerArn } from './ids.ts'
import { deleteListenerOf } from './listeners.ts'
import type { Balancing, LoadBalancer } from './model.ts'
import { type PageInput, page } from './page.ts'
import { listenersOf } from './refresh.ts'
import { createNodes } from './spread.ts'
import { setTags, type TagInput } from './tags.ts'

/** From creation to `active`, in ms (assumed). */
const provisioningMs = 90_000

interface CreateInput {
  readonly Name: string
  readonly Type?: string
  readonly Scheme?: string
  readonly Subnets?: readonly string[]
  readonly SubnetMappings?: readonly { readonly SubnetId?: string }[]
  readonly SecurityGroups?: readonly string[]
  readonly IpAddressType?: string
  readonly Tags?: readonly TagInput[]
}

/** `CreateLoadBalancer`: with the same settings again it answers what is there. [BC:elbv2] */
export async function createLoadBalancer(balancing: Balancing, input: CreateInput) {
  const { Name: name, Type = 'application', Scheme = 'internet-facing', IpAddressType = 'ipv4' } = input
  if (Type !== 'application' && Type !== 'network')
    throw invalid(`A load balancer of type '${Type}' is not simulated`)
  if (!/^[A-Za-z0-9-]{1,32}$/.test(name) || /^-|-$|^internal-/.test(name))
    throw invalid(
      `The load balancer name '${name}' must be at most 32 letters, digits and hyphens, must not begin or end with a hyphen or begin with 'internal-'`,
    )
  const subnets = input.Subnets ?? (input.SubnetMappings ?? []).flatMap(({ SubnetId }) => SubnetId ?? [])
  if (Type === 'application' && subnets.length < 2)
    throw invalid('At least two subnets in two different Availability Zones must be specified')
  const internal = Scheme === 'internal'
  const known = [...balancing.loadBalancers.values()].find((one) => one.name === name)
  if (known) {
    if (known.type !== Type || known.internal !== internal || known.subnets.join() !== subnets.join())
      throw new AwsError(
        'DuplicateLoadBalancerName',
        `A load balancer with the same name '${name}' exists, but with different settings`,
      )
    return { LoadBalancers: [describe(balancing, known)] }
  }
  const made = await makeLoadBalancer(balancing, {
    name,
    type: Type,
    internal,
    subnets,
    securityGroups: input.SecurityGroups ?? [],
    ipAddressType: IpAddressType,
  })
  setTags(balancing, made.arn, input.Tags ?? [])
  return { LoadBalancers: [describe(balancing, made)] }
}

/** What a load balancer is made of; what is left out follows from the name. */
export interface LoadBalancerOrder {
  readonly name: string
  readonly type?: LoadBalancer['type']
  readonly internal?: boolean
  readonly arn?: string
  readonly dnsName?: string
  readonly front?: string
  readonly environment?: string
  readonly subnets?: readonly string[]
  readonly securityGroups?: readonly string[]
  readonly ipAddressType?: string
  /** Without the time that it takes to be provisioned. */
  readonly atOnce?: boolean
}

/** Makes a load balancer without listeners. */
export async function makeLoadBalancer(
  balancing: Balancing,
  order: LoadBalancerOrder,
): Promise<LoadBalancer> {
  const { cloud, dataPlane, draw } = balancing
  const { name, type = 'application', internal = false } = order
  const arn = order.arn ?? loadBalancerArn(balancing, { name, type })
  const front = order.front ?? arn
  const now = cloud.clock.now()
  const scheme = internal ? 'internal-' : ''
  const made: LoadBalancer = {
    arn,
    name,
    type,
    internal,
    dnsName: order.dnsName ?? `${scheme}${name}-${dnsNumber(arn)}.${cloud.region}.elb.amazonaws.com`,
    createdAt: now,
    activeFrom: order.atOnce ? now : now + provisioningMs,
    front,
    addresses: await dataPlane.openFront(front, { internal, listeners: [] }),
    nodes: createNodes(cloud, draw),
    attributes: new Map(defaultAttributes),
    subnets: order.subnets ?? ['subnet-0aaaa1111bbbb2222', 'subnet-0cccc3333dddd4444'],
    securityGroups: order.securityGroups ?? [],
    ipAddressType: order.ipAddressType ?? 'ipv4',
    environment: order.environment,
  }
  balancing.loadBalancers.set(arn, made)
  return made
}

/** `DescribeLoadBalancers` [BC:elbv2] */
export function describeLoadBalancers(
  balancing: Balancing,
  input: PageInput & { readonly LoadBalancerArns?: readonly string[]; readonly Names?: readonly string[] },
) {
  const { LoadBalancerArns, Names = [] } = input
  const all = findAll(balancing, 'load balancer', LoadBalancerArns ?? arnsOf(balancing, Names))
  const { items, next } = page(all, input)
  return { LoadBalancers: items.map((one) => describe(balancing, one)), ...next }
}

/** A name that nobody has stays what it is: it is not found. */
const arnsOf = ({ loadBalancers }: Balancing, names: readonly string[]) =>
  names.map((name) => [...loadBalancers.values()].find((one) => one.name === name)?.arn ?? name)

/** `DeleteLoadBalancer`: with its listeners and their rules; one that is not there is no mistake. [BC:elbv2] */
export async function deleteLoadBalancer(
  balancing: Balancing,
  { LoadBalancerArn }: { readonly LoadBalancerArn: string },
): Promise<Record<string, never>> {
  const known = balancing.loadBalancers.get(LoadBalancerArn)
  if (!known) return {}
  if (known.attributes.get('deletion_protection.enabled') === 'true')
    throw new AwsError(
      'OperationNotPermitted',
      `Load balancer '${LoadBalancerArn}' cannot be deleted because deletion protection is enabled`,
    )
  await removeLoadBalancer(balancing, known)
  return {}
}

/** Takes a load balancer away with everything on it. */
export async function removeLoadBalancer(balancing: Balancing, known: LoadBalancer): Promise<void> {
  for (const listener of listenersOf(balancing, known)) deleteListenerOf(balancing, listener)
  balancing.loadBalancers.delete(known.arn)
  balancing.tags.delete(known.arn)
  await balancing.dataPlane.closeFront(known.front)
}

/** `DescribeLoadBalancerAttributes` [BC:elbv2] */
export function describeLoadBalancerAttributes(
  balancing: Balancing,
  { LoadBalancerArn }: { readonly LoadBalancerArn: string },
) {
  const { attributes } = find(balancing, 'load balancer', LoadBalancerArn)
  return { Attributes: [...attributes].map(([Key, Value]) => ({ Key, Value })) }
}

/** `ModifyLoadBalancerAttributes`: kept, and of no effect but for `deletion_protection.enabled`. [BC:elbv2] */
export function modifyLoadBalancerAttributes(
  balancing: Balancing,
  input: {
    readonly LoadBalancerArn: string
    readonly Attributes: readonly { readonly Key?: string; readonly Value?: string }[]
  },
) {
  const { attributes } = find(balancing, 'load balancer', input.LoadBalancerArn)
  const unknown = input.Attributes.find(({ Key = '' }) => !attributes.has(Key))
  if (unknown) throw invalid(`Load balancer attribute key '${unknown.Key}' is not recognized`)
  for (const { Key = '', Value = '' } of input.Attributes) attributes.set(Key, Value)
  return describeLoadBalancerAttributes(balancing, input)
}

function describe({ cloud }: Balancing, one: LoadBalancer) {
  const isActive = one.activeFrom <= cloud.clock.now()
  return {
    LoadBalancerArn: one.arn,
    LoadBalancerName: one.name,
    DNSName: one.dnsName,
    CanonicalHostedZoneId: loadBalancerZone(cloud.region, one.type),
    CreatedTime: new Date(one.createdAt),
    Scheme: one.internal ? 'internal' : 'internet-facing',
    VpcId: vpc,
    State: { Code: isActive ? 'active' : 'provisioning' },
    Type: one.type,
    AvailabilityZones: one.subnets.map((SubnetId, at) => ({
      ZoneName: `${cloud.region}${'abcdef'[at % 6]}`,
      SubnetId,
      LoadBalancerAddresses: [],
    })),
    SecurityGroups: one.securityGroups,
    IpAddressType: one.ipAddressType,
  }
}

/** The only VPC that there is. */
export const vpc = 'vpc-0a1b2c3d4e5f60718'

const defaultAttributes: readonly (readonly [string, string])[] = [
  ['access_logs.s3.enabled', 'false'],
  ['deletion_protection.enabled', 'false'],
  ['idle_timeout.timeout_seconds', '60'],
  ['routing.http2.enabled', 'true'],
  ['routing.http.drop_invalid_header_fields.enabled', 'false'],
  ['load_balancing.cross_zone.enabled', 'true'],
]
