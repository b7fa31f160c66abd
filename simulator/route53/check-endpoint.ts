import { STATUS_CODES } from 'node:http'
import { isIP } from 'node:net'
import type { HealthCheckConfig } from '@aws-sdk/client-route-53'
import type { DataPlane } from '../data-plane/data-plane.ts'
import type { Names } from '../dns/names.ts'

/** What health checkers reach. */
export interface Endpoints {
  readonly dataPlane: Pick<DataPlane, 'request'>
  readonly names: Names
}

/** What a health checker saw. */
export interface Observation {
  readonly passed: boolean
  /** In Route 53's form: `Success: HTTP Status Code 200, OK`. [BC:route53 StatusReport] */
  readonly status: string
}

/**
 * One look at an endpoint from outside of the VPC: a status of 2xx or 3xx (and the text, within the first 5,120 bytes); for
 * TCP, a connection. Certificates are not looked at. [R53:dns-failover-determining-health-of-endpoints] How long an answer
 * may take is the data plane's business: applications live in real time.
 */
export async function checkEndpoint(
  config: HealthCheckConfig,
  { dataPlane, names }: Endpoints,
): Promise<Observation> {
  const {
    Type = 'HTTP',
    IPAddress,
    FullyQualifiedDomainName: name,
    ResourcePath = '/',
    SearchString,
  } = config
  const address = IPAddress ?? (name && addressOf(name, names))
  if (!address) return failure('DNS resolution failed')
  const isTls = Type.startsWith('HTTPS')
  const port = config.Port ?? (isTls ? 443 : 80)
  const request = { method: 'GET', host: name ?? address, path: ResourcePath, ...(isTls && { tls: true }) }
  try {
    const { status, body } = await dataPlane.request(`${address}:${port}`, request)
    if (Type === 'TCP') return { passed: true, status: 'Success: TCP connection established' }
    const said = `HTTP Status Code ${status}, ${STATUS_CODES[status] ?? ''}`
    if (status < 200 || status >= 400) return failure(said)
    const isThere = SearchString === undefined || body.slice(0, 5_120).includes(SearchString)
    return isThere
      ? { passed: true, status: `Success: ${said}` }
      : failure(`${said}. The search string was not found`)
  } catch (error) {
    if (isTls && /CERT/.test((error as NodeJS.ErrnoException).code ?? ''))
      return { passed: true, status: 'Success: HTTP Status Code 200, OK' }
    return failure((error as Error).message)
  }
}

const failure = (why: string): Observation => ({ passed: false, status: `Failure: ${why}` })

const addressOf = (name: string, names: Names): string | undefined =>
  isIP(name) ? name : names.resolve(name).find(({ type }) => type === 'A')?.data
