import { isDeepStrictEqual } from 'node:util'
import type { HealthCheckConfig } from '@aws-sdk/client-route-53'
import { AwsError, type Call, type Operation } from '../cloud.ts'
import { createRequestIds } from '../wire/request-ids.ts'
import { invalidInput } from './errors.ts'
import type { HealthCheck, HealthChecks } from './health-checks.ts'
import { who } from './who.ts'
import type { Route53State } from './zone-state.ts'

/** Health checks. [BC:route53] */
export function healthCheckOperations(
  { cloud }: Route53State,
  checks: HealthChecks,
): Readonly<Record<string, Operation>> {
  const accountOf = (call: Call) => who(cloud, call).account
  const find = (id: string, call: Call) => {
    const check = checks.all.get(id)
    if (!check || check.account !== accountOf(call)) throw noSuchHealthCheck(id)
    return check
  }
  const own = (call: Call) => [...checks.all.values()].filter(({ account }) => account === accountOf(call))

  return {
    CreateHealthCheck({ CallerReference, HealthCheckConfig: order }: CreateHealthCheck, call) {
      const account = accountOf(call)
      const known = own(call).find(({ callerReference }) => callerReference === CallerReference)
      if (
        checks.gone.has(`${account} ${CallerReference}`) ||
        (known && !isDeepStrictEqual(known.order, order))
      )
        throw new AwsError(
          'HealthCheckAlreadyExists',
          `A health check has already been created with the specified caller reference ${CallerReference}.`,
          409,
        )
      const check = known ?? newCheck({ random: cloud.random, account, CallerReference, order })
      if (!known) {
        checks.all.set(check.id, check)
        checks.watch(check)
      }
      return {
        HealthCheck: output(check),
        Location: `https://route53.amazonaws.com/2013-04-01/healthcheck/${check.id}`,
      }
    },
    GetHealthCheck: ({ HealthCheckId }: { HealthCheckId: string }, call) => ({
      HealthCheck: output(find(HealthCheckId, call)),
    }),
    UpdateHealthCheck(
      { HealthCheckId, HealthCheckVersion, ResetElements, ...changes }: UpdateHealthCheck,
      call,
    ) {
      const check = find(HealthCheckId, call)
      if (HealthCheckVersion !== undefined && HealthCheckVersion !== check.version)
        throw new AwsError(
          'HealthCheckVersionMismatch',
          `The health check is at version ${check.version}, not ${HealthCheckVersion}.`,
          409,
        )
      const kept = Object.entries(check.config).filter(([name]) => !ResetElements?.includes(name))
      check.config = { ...(Object.fromEntries(kept) as HealthCheckConfig), ...changes }
      check.version += 1
      return { HealthCheck: output(check) }
    },
    DeleteHealthCheck({ HealthCheckId }: { HealthCheckId: string }, call) {
      const check = find(HealthCheckId, call)
      check.stop()
      checks.all.delete(check.id)
      checks.gone.add(`${check.account} ${check.callerReference}`)
    },
    ListHealthChecks({ Marker, MaxItems = 100 }: { Marker?: string; MaxItems?: number }, call) {
      const all = own(call).sort((a, b) => (a.id < b.id ? -1 : 1))
      const rest = all.filter(({ id }) => Marker === undefined || id >= Marker)
      const next = rest[MaxItems]
      return {
        HealthChecks: rest.slice(0, MaxItems).map(output),
        Marker: Marker ?? '',
        IsTruncated: next !== undefined,
        ...(next && { NextMarker: next.id }),
        MaxItems,
      }
    },
    GetHealthCheckCount: (_, call) => ({ HealthCheckCount: own(call).length }),
    GetHealthCheckStatus({ HealthCheckId }: { HealthCheckId: string }, call) {
      const { config, last } = find(HealthCheckId, call)
      if (config.Type === 'CALCULATED' || config.Type === 'CLOUDWATCH_METRIC')
        throw invalidInput(`There is no status of a health check of the type ${config.Type}.`)
      const status = last && { Status: last.status, CheckedTime: new Date(last.at) }
      return {
        HealthCheckObservations: status
          ? CHECKERS.map(([Region, IPAddress]) => ({ Region, IPAddress, StatusReport: status }))
          : [],
      }
    },
  }
}

/** Where three of the health checkers are. [BC:route53 HealthCheckRegion] */
const CHECKERS = [
  ['us-east-1', '54.243.31.196'],
  ['eu-west-1', '176.34.159.228'],
  ['ap-southeast-1', '54.255.254.228'],
] as const

interface CreateHealthCheck {
  readonly CallerReference: string
  readonly HealthCheckConfig: HealthCheckConfig
}

interface UpdateHealthCheck extends Partial<HealthCheckConfig> {
  readonly HealthCheckId: string
  readonly HealthCheckVersion?: number
  readonly ResetElements?: readonly string[]
}

/** What an id that is not there is answered. [BC:route53] */
export const noSuchHealthCheck = (id: string): AwsError =>
  new AwsError('NoSuchHealthCheck', `A health check with id ${id} does not exist.`, 404)

function newCheck({
  random,
  account,
  CallerReference,
  order,
}: {
  readonly random: () => number
  readonly account: string
  readonly CallerReference: string
  readonly order: HealthCheckConfig
}): HealthCheck {
  return {
    id: createRequestIds(random)(),
    account,
    callerReference: CallerReference,
    order,
    tags: new Map(),
    config: configOf(order),
    version: 1,
    passes: true,
    against: 0,
    last: undefined,
    stop: () => {},
  }
}

/** With the values that are there when nothing else is said. Throws InvalidInput for what is lacking. [BC:route53 HealthCheckConfig] */
function configOf(order: HealthCheckConfig): HealthCheckConfig {
  switch (order.Type) {
    case 'HTTP':
    case 'HTTPS':
    case 'HTTP_STR_MATCH':
    case 'HTTPS_STR_MATCH':
    case 'TCP': {
      if (order.IPAddress === undefined && order.FullyQualifiedDomainName === undefined)
        throw invalidInput('Invalid parameter : An IP address or a fully qualified domain name is needed')
      if (order.Type === 'TCP' && order.Port === undefined)
        throw invalidInput('Invalid parameter : A port is needed for the type TCP')
      if (order.Type.endsWith('STR_MATCH') && !order.SearchString)
        throw invalidInput(`Invalid parameter : A search string is needed for the type ${order.Type}`)
      return {
        Port: order.Type.startsWith('HTTPS') ? 443 : 80,
        RequestInterval: 30,
        FailureThreshold: 3,
        MeasureLatency: false,
        Inverted: false,
        Disabled: false,
        EnableSNI: order.Type.startsWith('HTTPS'),
        ...order,
      }
    }
    case 'CALCULATED':
      return { Inverted: false, Disabled: false, ...order }
    case 'CLOUDWATCH_METRIC':
    case 'RECOVERY_CONTROL':
    case undefined:
      throw invalidInput(`Invalid parameter : The simulator has no health checks of the type ${order.Type}`)
  }
}

const output = ({ id, callerReference, config, version }: HealthCheck) => ({
  Id: id,
  CallerReference: callerReference,
  HealthCheckConfig: config,
  HealthCheckVersion: version,
})
