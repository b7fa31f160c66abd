import { AwsError } from '../cloud.ts'
import { settledActions } from './actions.ts'
import { invalid } from './errors.ts'
import { find, findAll } from './find.ts'
import { listenerArn, ruleArn } from './ids.ts'
import type { Action, Balancing, Listener, LoadBalancer, Protocol, Rule } from './model.ts'
import { type PageInput, page } from './page.ts'
import { listenersOf, openListeners, rulesOf, spreadRules } from './refresh.ts'
import { setTags, type TagInput } from './tags.ts'

interface ListenerInput {
  readonly Port?: number
  readonly Protocol?: string
  readonly Certificates?: readonly { readonly CertificateArn?: string }[]
  readonly SslPolicy?: string
}

/** `CreateListener` [BC:elbv2] */
export async function createListener(
  balancing: Balancing,
  input: ListenerInput & {
    readonly LoadBalancerArn: string
    readonly DefaultActions: readonly Action[]
    readonly Tags?: readonly TagInput[]
  },
) {
  const loadBalancer = find(balancing, 'load balancer', input.LoadBalancerArn)
  const { Port: port, Protocol: protocol } = input
  if (port === undefined || protocol === undefined)
    throw invalid('A listener of this load balancer must have a protocol and a port')
  const certificates = certificatesOf(balancing, input) ?? []
  requirePort(balancing, loadBalancer, port)
  requireProtocol(loadBalancer, protocol, certificates)
  const actions = settledActions(balancing, input.DefaultActions, { loadBalancer, protocol, before: [] })
  const listener = makeListener(balancing, {
    loadBalancer,
    port,
    protocol,
    certificates,
    actions,
    ...(input.SslPolicy !== undefined && { sslPolicy: input.SslPolicy }),
  })
  setTags(balancing, listener.arn, input.Tags ?? [])
  spreadRules(balancing, loadBalancer)
  await openListeners(balancing, loadBalancer)
  return { Listeners: [describeListener(balancing, listener)] }
}

/** What a listener is made of; the actions as they are kept. */
export interface ListenerOrder {
  readonly loadBalancer: LoadBalancer
  readonly port: number
  readonly protocol: Protocol
  readonly certificates: readonly string[]
  readonly actions: readonly Action[]
  readonly sslPolicy?: string
}

/** Makes a listener with its default rule; nothing is spread or opened yet. */
export function makeListener(balancing: Balancing, order: ListenerOrder): Listener {
  const { loadBalancer, port, protocol, certificates, actions } = order
  const arn = listenerArn(balancing, loadBalancer)
  const sslPolicy = policyFor(protocol, order.sslPolicy)
  const listener: Listener = { arn, loadBalancer, port, protocol, certificates, sslPolicy }
  balancing.listeners.set(arn, listener)
  const rule: Rule = {
    arn: ruleArn(balancing, listener),
    listener,
    priority: 'default',
    conditions: [],
    actions,
  }
  balancing.rules.set(rule.arn, rule)
  return listener
}

/** `DescribeListeners` [BC:elbv2] */
export function describeListeners(
  balancing: Balancing,
  input: PageInput & { readonly LoadBalancerArn?: string; readonly ListenerArns?: readonly string[] },
) {
  const { LoadBalancerArn, ListenerArns } = input
  if (LoadBalancerArn === undefined && ListenerArns === undefined)
    throw invalid('You must specify either listener ARNs or a load balancer ARN')
  const all =
    LoadBalancerArn === undefined
      ? findAll(balancing, 'listener', ListenerArns)
      : listenersOf(balancing, find(balancing, 'load balancer', LoadBalancerArn))
  const { items, next } = page(all, input)
  return { Listeners: items.map((one) => describeListener(balancing, one)), ...next }
}

/** `ModifyListener`: what is left out stays, `DefaultActions` are replaced as a whole. [BC:elbv2] */
export async function modifyListener(
  balancing: Balancing,
  input: ListenerInput & { readonly ListenerArn: string; readonly DefaultActions?: readonly Action[] },
) {
  const listener = find(balancing, 'listener', input.ListenerArn)
  const { loadBalancer } = listener
  const protocol = (input.Protocol ?? listener.protocol) as Protocol
  const certificates = certificatesOf(balancing, input) ?? listener.certificates
  const port = input.Port ?? listener.port
  if (port !== listener.port) requirePort(balancing, loadBalancer, port)
  requireProtocol(loadBalancer, protocol, certificates)
  const rule = defaultRuleOf(balancing, listener)
  const before = rule.actions
  if (input.DefaultActions)
    rule.actions = settledActions(balancing, input.DefaultActions, { loadBalancer, protocol, before })
  const sslPolicy = policyFor(protocol, input.SslPolicy ?? listener.sslPolicy)
  Object.assign(listener, { port, protocol, certificates, sslPolicy })
  spreadRules(balancing, loadBalancer)
  await openListeners(balancing, loadBalancer)
  return { Listeners: [describeListener(balancing, listener)] }
}

/** `DeleteListener`: with its rules. [BC:elbv2] */
export async function deleteListener(
  balancing: Balancing,
  { ListenerArn }: { readonly ListenerArn: string },
): Promise<Record<string, never>> {
  const listener = find(balancing, 'listener', ListenerArn)
  deleteListenerOf(balancing, listener)
  spreadRules(balancing, listener.loadBalancer)
  await openListeners(balancing, listener.loadBalancer)
  return {}
}

/** Takes a listener away with its rules; nothing is spread or closed yet. */
export function deleteListenerOf({ listeners, rules, tags }: Balancing, listener: Listener): void {
  for (const [arn, rule] of rules) {
    if (rule.listener !== listener) continue
    rules.delete(arn)
    tags.delete(arn)
  }
  listeners.delete(listener.arn)
  tags.delete(listener.arn)
}

/** The rule with a listener's default actions. */
export function defaultRuleOf(balancing: Balancing, listener: Listener): Rule {
  const rule = rulesOf(balancing, listener).at(-1)
  if (!rule) throw new Error(`the listener ${listener.arn} has no default rule`)
  return rule
}

function describeListener(balancing: Balancing, listener: Listener) {
  const { arn, loadBalancer, port, protocol, certificates, sslPolicy } = listener
  return {
    ListenerArn: arn,
    LoadBalancerArn: loadBalancer.arn,
    Port: port,
    Protocol: protocol,
    ...(certificates.length > 0 && {
      Certificates: certificates.slice(0, 1).map((CertificateArn) => ({ CertificateArn })),
    }),
    ...(sslPolicy !== undefined && { SslPolicy: sslPolicy }),
    DefaultActions: defaultRuleOf(balancing, listener).actions,
  }
}

/** `ELBSecurityPolicy-2016-08` when nobody says. [BC:elbv2 SslPolicy] */
const policyFor = (protocol: Protocol, given: string | undefined): string | undefined =>
  protocol === 'HTTPS' || protocol === 'TLS' ? (given ?? 'ELBSecurityPolicy-2016-08') : undefined

function requirePort(balancing: Balancing, loadBalancer: LoadBalancer, port: number): void {
  if (listenersOf(balancing, loadBalancer).every((one) => one.port !== port)) return
  throw new AwsError(
    'DuplicateListener',
    `A listener already exists on this port for this load balancer '${loadBalancer.arn}'`,
  )
}

function requireProtocol(
  { type }: LoadBalancer,
  protocol: string,
  certificates: readonly string[],
): asserts protocol is Protocol {
  const allowed = type === 'application' ? ['HTTP', 'HTTPS'] : ['TCP', 'TLS']
  if (!allowed.includes(protocol))
    throw new AwsError('UnsupportedProtocol', `Listener protocol '${protocol}' must be one of '${allowed}'`)
  if ((protocol === 'HTTPS' || protocol === 'TLS') && certificates.length === 0)
    throw new AwsError('CertificateNotFound', 'A certificate must be specified for HTTPS listeners')
}

function certificatesOf(
  { cloud }: Balancing,
  { Certificates }: ListenerInput,
): readonly string[] | undefined {
  if (!Certificates) return undefined
  const arns = Certificates.flatMap(({ CertificateArn }) => CertificateArn ?? [])
  const missing = arns.find((arn) => !cloud.certificates.find(arn))
  if (missing !== undefined) throw new AwsError('CertificateNotFound', `Certificate '${missing}' not found`)
  return arns
}
