import type { Certificate, Certificates } from '../certificates/store.ts'
import type { FrontShape } from '../data-plane/data-plane.ts'
import { type Destination, type Listener, type ListenerRule, plainHttp } from '../data-plane/listeners.ts'
import type { Environment, Region } from './region.ts'
import { option, type Settings } from './settings.ts'

/** What an environment's front is by its configuration. Throws ListenerRefused. */
export function frontShape({ cloud }: Region, { single }: Environment, settings: Settings): FrontShape {
  if (single || option(settings, 'aws:elasticbeanstalk:environment', 'LoadBalancerIsShared') === 'true')
    return {}
  return {
    internal: isInternal(settings),
    listeners: listenersOf(settings, cloud.certificates),
  }
}

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

/** The listeners of a load balancer. [DG:command-options-general aws:elbv2:listener, aws:elb:listener] */
function listenersOf(settings: Settings, certificates: Certificates): readonly Listener[] {
  const isClassic = option(settings, 'aws:elasticbeanstalk:environment', 'LoadBalancerType') === 'classic'
  const family = isClassic ? 'aws:elb:listener' : 'aws:elbv2:listener'
  const read = isClassic ? classicListener : listener
  return portsOf(settings, family).flatMap(({ port, namespace }) =>
    option(settings, namespace, 'ListenerEnabled') === 'false'
      ? []
      : [read({ settings, certificates, port, namespace })],
  )
}

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

function listener({ settings, certificates, port, namespace }: Place): Listener {
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
    otherwise: behind(settings, value('DefaultProcess')),
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
    rules: [],
    otherwise: atPort(to),
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
function rulesOf(settings: Settings, names: readonly string[]): readonly ListenerRule<Destination>[] {
  const rules = names.map((name) => {
    const value = (of: string) => option(settings, `aws:elbv2:listenerrule:${name}`, of)
    return {
      priority: Number(value('Priority') || '1'),
      hosts: listOf(value('HostHeaders')),
      paths: listOf(value('PathPatterns')),
      to: behind(settings, value('Process')),
    }
  })
  return rules.sort((one, other) => one.priority - other.priority)
}

/** A process is a port of the instances. [DG:environments-cfg-alb] */
export function behind(settings: Settings, process: string): Destination {
  return atPort(
    option(settings, `aws:elasticbeanstalk:environment:process:${process || 'default'}`, 'Port') || '80',
  )
}

/** Only nginx listens, on port 80 (assumed): the applications that run here have one process. */
const atPort = (port: string): Destination => (port === '80' ? 'application' : 'nothing')

/** The values of a list. */
export const listOf = (value: string): readonly string[] =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
