import { AwsError } from '../cloud.ts'
import { keepChecking } from './check-targets.ts'
import { invalid, notFound } from './errors.ts'
import { find, findAll } from './find.ts'
import { targetGroupArn } from './ids.ts'
import { vpc } from './load-balancers.ts'
import type { Balancing, HealthCheck, OwnTargets, Protocol, TargetGroup } from './model.ts'
import { type PageInput, page } from './page.ts'
import { setTags, type TagInput } from './tags.ts'
import { loadBalancersOf } from './uses.ts'

interface HealthCheckInput {
  readonly HealthCheckEnabled?: boolean
  readonly HealthCheckProtocol?: string
  readonly HealthCheckPort?: string
  readonly HealthCheckPath?: string
  readonly HealthCheckIntervalSeconds?: number
  readonly HealthCheckTimeoutSeconds?: number
  readonly HealthyThresholdCount?: number
  readonly UnhealthyThresholdCount?: number
  readonly Matcher?: { readonly HttpCode?: string }
}

interface CreateInput extends HealthCheckInput {
  readonly Name: string
  readonly Protocol?: string
  readonly ProtocolVersion?: string
  readonly Port?: number
  readonly VpcId?: string
  readonly TargetType?: string
  readonly Tags?: readonly TagInput[]
}

/** `CreateTargetGroup`: with the same settings again it answers what is there. [BC:elbv2] */
export function createTargetGroup(balancing: Balancing, input: CreateInput) {
  const { Name: name, Protocol: protocol, Port: port, VpcId, TargetType: targetType = 'instance' } = input
  if (!/^[A-Za-z0-9-]{1,32}$/.test(name) || /^-|-$/.test(name))
    throw invalid(
      `Target group name '${name}' must be at most 32 letters, digits and hyphens, and must not begin or end with a hyphen`,
    )
  if (targetType !== 'instance' && targetType !== 'ip')
    throw invalid(`Target type '${targetType}' is not simulated`)
  if (protocol === undefined || !isProtocol(protocol)) throw invalid('A protocol must be specified')
  if (port === undefined) throw invalid('A port must be specified')
  if (VpcId === undefined) throw invalid('A VPC ID must be specified')
  const check = checkOf(input, firstCheck(protocol))
  const known = [...balancing.targetGroups.values()].find((one) => one.name === name)
  if (known) {
    if (
      known.protocol !== protocol ||
      known.port !== port ||
      JSON.stringify(known.check) !== JSON.stringify(check)
    )
      throw new AwsError(
        'DuplicateTargetGroupName',
        `A target group with the same name '${name}' exists, but with different settings`,
      )
    return { TargetGroups: [describe(balancing, known)] }
  }
  const group = makeTargetGroup(balancing, {
    name,
    protocol,
    port,
    check,
    targetType,
    vpc: VpcId,
    ...(input.ProtocolVersion !== undefined && { protocolVersion: input.ProtocolVersion }),
  })
  setTags(balancing, group.arn, input.Tags ?? [])
  return { TargetGroups: [describe(balancing, group)] }
}

/** What a target group is made of. */
export interface TargetGroupOrder {
  readonly name: string
  readonly protocol: Protocol
  readonly port: number
  readonly check: HealthCheck
  readonly targetType?: TargetGroup['targetType']
  readonly protocolVersion?: string
  readonly vpc?: string
  readonly own?: OwnTargets
  /** Of the user's 300 s. [BC:elbv2 deregistration_delay.timeout_seconds] */
  readonly deregistrationDelay?: string
}

/** Makes a target group without targets. */
export function makeTargetGroup(balancing: Balancing, order: TargetGroupOrder): TargetGroup {
  const { name, protocol, port, check, own, deregistrationDelay = '300' } = order
  const group: TargetGroup = {
    arn: targetGroupArn(balancing, name),
    name,
    targetType: order.targetType ?? 'instance',
    protocol,
    protocolVersion: order.protocolVersion ?? 'HTTP1',
    port,
    vpc: order.vpc ?? vpc,
    check,
    attributes: new Map([
      ...defaultAttributes,
      ['deregistration_delay.timeout_seconds', deregistrationDelay],
    ]),
    targets: new Map(),
    own,
    checked: false,
    turn: 0,
  }
  balancing.targetGroups.set(group.arn, group)
  return group
}

/** `DescribeTargetGroups` [BC:elbv2] */
export function describeTargetGroups(
  balancing: Balancing,
  input: PageInput & {
    readonly LoadBalancerArn?: string
    readonly TargetGroupArns?: readonly string[]
    readonly Names?: readonly string[]
  },
) {
  const { LoadBalancerArn, TargetGroupArns, Names = [] } = input
  const balancer =
    LoadBalancerArn === undefined ? undefined : find(balancing, 'load balancer', LoadBalancerArn)
  const named = findAll(balancing, 'target group', TargetGroupArns ?? arnsOf(balancing, Names))
  const all = balancer ? named.filter(({ arn }) => loadBalancersOf(balancing, arn).includes(balancer)) : named
  const { items, next } = page(all, input)
  return { TargetGroups: items.map((one) => describe(balancing, one)), ...next }
}

/** A name that nobody has stays what it is: it is not found. [issue: "One or more target groups not found"] */
function arnsOf({ targetGroups }: Balancing, names: readonly string[]): readonly string[] {
  return names.map((name) => {
    const found = [...targetGroups.values()].find((one) => one.name === name)
    if (!found) throw notFound('target group')
    return found.arn
  })
}

/** `ModifyTargetGroup`: its health check; what is left out stays. [BC:elbv2] */
export function modifyTargetGroup(
  balancing: Balancing,
  input: HealthCheckInput & { readonly TargetGroupArn: string },
) {
  const group = find(balancing, 'target group', input.TargetGroupArn)
  group.check = checkOf(input, group.check)
  keepChecking(balancing, group)
  return { TargetGroups: [describe(balancing, group)] }
}

/** `DeleteTargetGroup`: not as long as a rule names it; one that is not there is no mistake (assumed). [BC:elbv2] */
export function deleteTargetGroup(
  balancing: Balancing,
  { TargetGroupArn: arn }: { readonly TargetGroupArn: string },
): Record<string, never> {
  if (loadBalancersOf(balancing, arn).length > 0) throw targetGroupInUse(arn)
  balancing.targetGroups.delete(arn)
  balancing.tags.delete(arn)
  return {}
}

/** [issue cloudposse/terraform-aws-alb-ingress#24] */
export const targetGroupInUse = (arn: string): AwsError =>
  new AwsError('ResourceInUse', `Target group '${arn}' is currently in use by a listener or a rule`)

/** `DescribeTargetGroupAttributes` [BC:elbv2] */
export function describeTargetGroupAttributes(
  balancing: Balancing,
  { TargetGroupArn }: { readonly TargetGroupArn: string },
) {
  const { attributes } = find(balancing, 'target group', TargetGroupArn)
  return { Attributes: [...attributes].map(([Key, Value]) => ({ Key, Value })) }
}

/** `ModifyTargetGroupAttributes`: of effect is `deregistration_delay.timeout_seconds` only. [BC:elbv2] */
export function modifyTargetGroupAttributes(
  balancing: Balancing,
  input: {
    readonly TargetGroupArn: string
    readonly Attributes: readonly { readonly Key?: string; readonly Value?: string }[]
  },
) {
  const { attributes } = find(balancing, 'target group', input.TargetGroupArn)
  const unknown = input.Attributes.find(({ Key = '' }) => !attributes.has(Key))
  if (unknown) throw invalid(`Target group attribute key '${unknown.Key}' is not recognized`)
  for (const { Key = '', Value = '' } of input.Attributes) attributes.set(Key, Value)
  return describeTargetGroupAttributes(balancing, input)
}

function describe(balancing: Balancing, group: TargetGroup) {
  const { check, protocol } = group
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS'
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: protocol,
    Port: group.port,
    VpcId: group.vpc,
    HealthCheckProtocol: check.protocol,
    HealthCheckPort: check.port,
    HealthCheckEnabled: check.enabled,
    HealthCheckIntervalSeconds: check.interval,
    HealthCheckTimeoutSeconds: check.timeout,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    ...(isHttp && { HealthCheckPath: check.path, Matcher: { HttpCode: check.matcher } }),
    LoadBalancerArns: loadBalancersOf(balancing, group.arn).map(({ arn }) => arn),
    TargetType: group.targetType,
    ...(isHttp && { ProtocolVersion: group.protocolVersion }),
    IpAddressType: 'ipv4',
  }
}

function checkOf(input: HealthCheckInput, base: HealthCheck): HealthCheck {
  const protocol = input.HealthCheckProtocol
  return {
    enabled: input.HealthCheckEnabled ?? base.enabled,
    protocol: protocol !== undefined && isProtocol(protocol) ? protocol : base.protocol,
    port: input.HealthCheckPort ?? base.port,
    path: input.HealthCheckPath ?? base.path,
    interval: input.HealthCheckIntervalSeconds ?? base.interval,
    timeout: input.HealthCheckTimeoutSeconds ?? base.timeout,
    healthyThreshold: input.HealthyThresholdCount ?? base.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? base.unhealthyThreshold,
    matcher: input.Matcher?.HttpCode ?? base.matcher,
  }
}

/** What is checked when nobody says. [BC:elbv2 CreateTargetGroup] */
const firstCheck = (protocol: Protocol): HealthCheck => {
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS'
  return {
    enabled: true,
    protocol: isHttp ? 'HTTP' : 'TCP',
    port: 'traffic-port',
    path: '/',
    interval: 30,
    timeout: isHttp ? 5 : 10,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
    matcher: '200',
  }
}

const isProtocol = (text: string): text is Protocol => ['HTTP', 'HTTPS', 'TCP', 'TLS'].includes(text)

/** [BC:elbv2 TargetGroupAttribute] */
const defaultAttributes: readonly (readonly [string, string])[] = [
  ['stickiness.enabled', 'false'],
  ['stickiness.type', 'lb_cookie'],
  ['stickiness.lb_cookie.duration_seconds', '86400'],
  ['slow_start.duration_seconds', '0'],
  ['load_balancing.algorithm.type', 'round_robin'],
  ['load_balancing.cross_zone.enabled', 'use_load_balancer_configuration'],
]
