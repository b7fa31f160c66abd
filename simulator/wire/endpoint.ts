import { AwsError, type Cloud, type RecordedCall, type Service } from '../cloud.ts'
import type { Sessions } from '../sessions.ts'
import type { Throttle } from '../throttle.ts'
import { assertTimely, type HonestTime, readSignature, type Signed } from './authorization.ts'
import { deniedTo, strike, throttled } from './call-faults.ts'
import type { Exchange } from './exchange.ts'
import { createModels, type QueryModel } from './models.ts'
import { openQuery, readForm } from './query-protocol.ts'
import { splitPath, type WireOutcome, type WireRequest, type WireResponse } from './request.ts'
import { createRequestIds } from './request-ids.ts'
import { createRestModel } from './rest-model.ts'
import { openRest } from './rest-protocol.ts'

/** What an endpoint is put together from. */
export interface EndpointParts {
  readonly cloud: Cloud
  /** The services of the query protocol, and Route 53. */
  readonly services: readonly Service[]
  /** Opens an exchange of the S3 protocol. */
  readonly openS3: (request: WireRequest, requestId: string) => Exchange
  /** Whose credentials may end; left out: nobody's. */
  readonly sessions?: Sessions | undefined
  /** Left out: nothing is throttled. */
  readonly throttle?: Throttle | undefined
  /** What honest clients' clocks show; the simulated clock when left out. */
  readonly honestTime?: (() => HonestTime) | undefined
}

/** One address for every service, as `AWS_ENDPOINT_URL` wants it. */
export interface Endpoint {
  /** In the order in which they arrived. */
  readonly calls: readonly RecordedCall[]
  /** Mistakes of the simulator that clients saw as a 500: a test that finds one here has failed. */
  readonly bugs: readonly string[]
  handle(request: WireRequest): Promise<WireOutcome>
}

/** Dispatches on the SigV4 scope (`Version` as a fallback), then: record, faults, signature, throttling, the call itself. */
export function createEndpoint(parts: EndpointParts): Endpoint {
  const { cloud, throttle } = parts
  const calls: RecordedCall[] = []
  const bugs: string[] = []
  const nextId = createRequestIds(cloud.random)
  const open = createOpener(parts)
  const honestTime = parts.honestTime ?? (() => ({ earliest: cloud.clock.now(), latest: cloud.clock.now() }))

  const carryOut = async (exchange: Exchange, signature: () => Signed | undefined): Promise<WireResponse> => {
    try {
      const signed = signature()
      if (signed) {
        assertTimely(signed, honestTime())
        parts.sessions?.assertCurrent(signed.accessKeyId, exchange.service)
        const caller = parts.sessions?.callerOf(signed.accessKeyId)
        if (caller && caller.account !== cloud.account && !OF_EVERY_ACCOUNT.has(exchange.service))
          throw deniedTo(caller.arn, exchange)
      } else if (!WITHOUT_CREDENTIALS.has(exchange.operation)) throw unsigned(exchange.service)
      const { service, operation } = exchange
      const account = (signed && parts.sessions?.callerOf(signed.accessKeyId)?.account) ?? cloud.account
      if (throttle && !throttle.admit({ service, operation, account })) throw throttled(service)
      return await exchange.run()
    } catch (error) {
      if (error instanceof AwsError) return exchange.fail(error)
      bugs.push(`${exchange.service} ${exchange.operation}: ${error instanceof Error ? error.stack : error}`)
      const message = `A bug of the simulator in ${exchange.operation}: ${error instanceof Error ? error.message : error}`
      return exchange.fail(new AwsError('SimulatorBug', message, 500))
    }
  }

  return {
    calls,
    bugs,
    async handle(request) {
      const opened = open(request, nextId())
      const { service, operation, input } = opened
      const call: { -readonly [K in keyof RecordedCall]: RecordedCall[K] } = {
        at: cloud.clock.now(),
        service,
        operation,
        input,
        mutating: !READS.test(operation),
      }
      calls.push(call)
      const exchange: Exchange = {
        ...opened,
        fail(error) {
          call.error = error.code
          return opened.fail(error)
        },
      }
      const order = cloud.faults.strikeCall(operation)
      const run = () => carryOut(exchange, () => readSignature(request))
      const outcome = order ? await strike(order, { exchange, cloud, run }) : await run()
      if (order && (outcome === 'reset' || outcome === 'never' || order.fault === 'unavailable')) {
        call.error = order.fault
      }
      return typeof outcome === 'string' ? outcome : dated(outcome, cloud.clock.now())
    },
  }
}

const READS = /^(Describe|List|Get|Head|Check|Retrieve|Validate|AssumeRole|TestDNSAnswer)/
/** Elastic Beanstalk, its groups and buckets are those of one account. */
const OF_EVERY_ACCOUNT = new Set(['sts', 'route53'])
/** "Calling AssumeRoleWithWebIdentity does not require the use of AWS security credentials." [BC:sts] */
const WITHOUT_CREDENTIALS = new Set(['AssumeRoleWithWebIdentity'])

const dated = (response: WireResponse, now: number): WireResponse => ({
  ...response,
  headers: { ...response.headers, date: new Date(now).toUTCString() },
})

function createOpener(parts: EndpointParts): (request: WireRequest, id: string) => Exchange {
  const { services, openS3 } = parts
  const models = createModels()
  const rest = createRestModel()
  return (request, requestId) => {
    const signed = signatureOf(request)
    const scope = signed?.service
    const caller = signed && parts.sessions?.callerOf(signed.accessKeyId)
    const zones = services.find((one) => one.scope === rest.scope)
    if (zones && (scope === rest.scope || (scope === undefined && request.path.startsWith(rest.prefix))))
      return openRest(request, { model: rest, service: zones, requestId, caller })
    if (scope === 's3' || (scope === undefined && hasPath(request))) return openS3(request, requestId)
    const version = readForm(request).get('Version')
    const model = models.find((one) => one.scope === scope) ?? models.find((one) => one.version === version)
    const service = services.find((one) => one.scope === model?.scope)
    if (model && service) return openQuery(request, { model, service, requestId, caller })
    return openAbsent(request, { model: models[0] as QueryModel, scope, requestId })
  }
}

function signatureOf(request: WireRequest): Signed | undefined {
  try {
    return readSignature(request)
  } catch {
    return undefined
  }
}

const hasPath = (request: WireRequest) => !/^\/?$/.test(splitPath(request.path).path)

/** A service that the simulator does not have, or a request that names none. */
function openAbsent(
  request: WireRequest,
  { model, scope, requestId }: { model: QueryModel; scope: string | undefined; requestId: string },
): Exchange {
  const nothing: Service = { scope: scope ?? model.scope, operations: {} }
  return {
    ...openQuery(request, { model, service: nothing, requestId }),
    service: nothing.scope,
    run: async () => {
      throw new AwsError('NotImplemented', `The simulator has no service '${nothing.scope}'`, 501)
    },
  }
}

function unsigned(service: string): AwsError {
  return service === 's3'
    ? new AwsError('AccessDenied', 'Access Denied', 403)
    : new AwsError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403)
}
