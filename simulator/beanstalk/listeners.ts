import type { Certificate, Certificates } from '../certificates/store.ts'
import type { FrontShape } from '../data-plane/data-plane.ts'
import { type Listener, plainHttp, toApplication, toNothing } from '../data-plane/listeners.ts'
import { loadBalancerType } from './load-balancer.ts'
import type { Environment, Region } from './region.ts'
import { option, type Settings } from './settings.ts'

/** What the front of an environment is that has a classic load balancer or none. Throws ListenerRefused. */
export function frontShape({ cloud }: Region, { single }: Environment, settings: Settings): FrontShape {
  if (single) return {}
  return {
    internal: isInternal(settings),
    listeners: classicListeners(settings, cloud.certificates),
  }
}

/** Throws ListenerRefused when Elastic Load Balancing would not make the listeners of a configuration. */
export function requireListeners({ cloud }: Region, { single }: Environment, settings: Settings): void {
  if (single || option(settings, 'aws:elasticbeanstalk:environment', 'LoadBalancerIsShared') === 'true')
    return
  if (isClassic(settings)) classicListeners(settings, cloud.certificates)
  else plannedListeners(settings, cloud.certificates)
}

const isClassic = (settings: Settings): boolean =>
  !['application', 'network'].includes(loadBalancerType(settings) ?? '')

/** Whether the load balancer has private addresses only; every value but `internal` is ignored. [DG:command-options-general aws:ec2:vpc] */
export const isInternal = (settings: Settings): boolean =>
  option(settings, 'aws:ec2:vpc', 'ELBScheme') === 'internal'

/** A listener that Elastic Load Balancing does not make. */
export class ListenerRefused extends Error {
  readonly port: number
  readonly code: string

  constructor(port: number, { code, message }: { readonly code: string; readonly message: string }) {
    super(message)
    this.port = port
    this.code = code
  }
}

/** A listener of an application or a network load balancer as a configuration asks for it. */
export interface PlannedListener {
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  readonly certificates: readonly Certificate[]
  /** Of its default action; empty for the default process. */
  readonly process: string
  /** In the order in which they are tried. */
  readonly rules: readonly PlannedRule[]
}

/** A rule of such a listener. */
export interface PlannedRule {
  readonly name: string
  readonly hosts: readonly string[]
  readonly paths: readonly string[]
  readonly process: string
}

/** [DG:command-options-general aws:elbv2:listener] Throws ListenerRefused. */
export const plannedListeners = (
  settings: Settings,
  certificates: Certificates,
): readonly PlannedListener[] =>
  enabled(settings, 'aws:elbv2:listener').map((place) => planned({ settings, certificates, ...place }))

/** [DG:command-options-general aws:elb:listener] */
const classicListeners = (settings: Settings, certificates: Certificates): readonly Listener[] =>
  enabled(settings, 'aws:elb:listener').map((place) => classicListener({ settings, certificates, ...place }))

const enabled = (settings: Settings, family: string) =>
  portsOf(settings, family).filter(
    ({ namespace }) => option(settings, namespace, 'ListenerEnabled') !== 'false',
  )

/** `aws:elbv2:listener:default` and `aws:elb:listener` are those of port 80. */
function portsOf(
  settings: Settings,
  family: string,
): readonly { readonly port: number; readonly namespace: string }[] {
  const namespaces = new Set([...settings.keys()].map((key) => key.split('|')[0] ?? ''))
  const extra = [...namespaces].flatMap((namespace) => {
    const port = new RegExp(`^${family}:(\\d+)$`).exec(namespace)?.[1]
    return port === undefined ? [] : [{ port: Number(port), namespace }]
  })
  const usual = family === 'aws:elb:listener' ? family : `${family}:default`
  const isSaid = extra.some(({ port }) => port === plainHttp.port)
  return isSaid ? extra : [{ port: plainHttp.port, namespace: usual }, ...extra]
}

interface Place {
  readonly settings: Settings
  readonly certificates: Certificates
  readonly port: number
  readonly namespace: string
}

function planned({ settings, certificates, port, namespace }: Place): PlannedListener {
  const value = (name: string) => option(settings, namespace, name)
  const protocol = isSecure(value('Protocol')) ? 'HTTPS' : 'HTTP'
  const arns = protocol === 'HTTPS' ? listOf(value('SSLCertificateArns')) : []
  if (protocol === 'HTTPS' && arns.length === 0)
    throw refusal(port, 'CertificateNotFound', 'A certificate must be specified for HTTPS listeners')
  return {
    port,
    protocol,
    certificates: arns.map((arn) => found(certificates, port, arn)),
    rules: rulesOf(settings, listOf(value('Rules'))),
    process: value('DefaultProcess') || 'default',
  }
}

/** A classic load balancer has one certificate for each listener, and no rules. */
function classicListener({ settings, certificates, port, namespace }: Place): Listener {
  const value = (name: string) => option(settings, namespace, name)
  const protocol = isSecure(value('ListenerProtocol')) ? 'HTTPS' : 'HTTP'
  const arn = value('SSLCertificateId')
  if (protocol === 'HTTPS' && arn === '')
    throw refusal(port, 'ValidationError', 'Secure Listeners need to specify a SSLCertificateId')
  const to = value('InstancePort') || String(port)
  return {
    port,
    protocol,
    certificates: protocol === 'HTTPS' ? [found(certificates, port, arn)] : [],
    decide: atPort(to),
  }
}

/** `SSL` and `TLS` are how classic and network load balancers call it. */
const isSecure = (protocol: string): boolean => /^(HTTPS|SSL|TLS)$/i.test(protocol)

function found(certificates: Certificates, port: number, arn: string): Certificate {
  const certificate = certificates.find(arn)
  if (!certificate) throw refusal(port, 'CertificateNotFound', `Certificate '${arn}' not found`)
  return certificate
}

const refusal = (port: number, code: string, message: string) => new ListenerRefused(port, { code, message })

/** Rules count only when a listener names them; the lower priority comes first. [DG:command-options-general aws:elbv2:listenerrule] */
export function rulesOf(settings: Settings, names: readonly string[]): readonly PlannedRule[] {
  const rules = names.map((name) => {
    const value = (of: string) => option(settings, `aws:elbv2:listenerrule:${name}`, of)
    return {
      name,
      priority: Number(value('Priority') || '1'),
      hosts: listOf(value('HostHeaders')),
      paths: listOf(value('PathPatterns')),
      process: value('Process') || 'default',
    }
  })
  return rules.sort((one, other) => one.priority - other.priority).map(({ priority: _, ...rule }) => rule)
}

/** Only nginx listens, on port 80 (assumed): the applications that run here have one process. */
const atPort = (port: string): Listener['decide'] => (port === '80' ? toApplication : toNothing)

/** The values of a list. */
export const listOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
