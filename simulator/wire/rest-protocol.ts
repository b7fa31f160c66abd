import { AwsError, type Caller, type Service } from '../cloud.ts'
import { assertOutput } from './checked-output.ts'
import type { Exchange } from './exchange.ts'
import { splitPath, text, type WireRequest, type WireResponse } from './request.ts'
import { decodeRest } from './rest-input.ts'
import type { FoundOperation, RestModel } from './rest-model.ts'
import { element, escapeXml, xmlOf } from './xml.ts'

/** Makes the exchange of a REST XML request. An answer's `Location` member travels as a header. */
export function openRest(
  request: WireRequest,
  about: {
    readonly model: RestModel
    readonly service: Service
    readonly requestId: string
    readonly caller?: Caller | undefined
  },
): Exchange {
  const { model, service, requestId, caller } = about
  const found = model.find(request.method, splitPath(request.path).path)
  const operation = found?.name ?? 'Unknown'
  const decoded = attempt(() => decode(request, found, service))
  return {
    service: model.scope,
    operation,
    input: 'error' in decoded ? (found?.labels ?? {}) : decoded.value.input,
    action: `${model.scope}:${operation}`,
    resource: resourceOf(found),
    async run() {
      if ('error' in decoded) throw decoded.error
      const { input, known, run } = decoded.value
      const output = await run(input, {
        service: model.scope,
        operation,
        requestId,
        host: request.headers.host,
        caller,
      })
      return answer(output ?? {}, known, { model, requestId })
    },
    fail: (error) => answerError(error, { model, requestId }),
  }
}

function decode(request: WireRequest, known: FoundOperation | undefined, { scope, operations }: Service) {
  if (!known) throw new AwsError('UnknownOperationException', 'There is no such operation', 404)
  // Before the input is looked at: what is lacking must not look like a mistake in it.
  const run = operations[known.name]
  if (!run)
    throw new AwsError('NotImplemented', `The simulator has no operation '${known.name}' of '${scope}'`, 501)
  return { known, run, input: decodeRest(request, known) }
}

/** As AccessDenied names it. [Service Authorization Reference, Route 53] */
function resourceOf(found: FoundOperation | undefined): string {
  const { HostedZoneId, HealthCheckId, Id } = found?.labels ?? {}
  if (found?.name === 'GetChange') return `arn:aws:route53:::change/${Id}`
  if (HealthCheckId) return `arn:aws:route53:::healthcheck/${HealthCheckId}`
  const zone = HostedZoneId ?? Id
  return zone ? `arn:aws:route53:::hostedzone/${zone}` : '*'
}

interface Answering {
  readonly model: RestModel
  readonly requestId: string
}

function answer(
  output: unknown,
  { name, status, output: shape }: FoundOperation,
  about: Answering,
): WireResponse {
  assertOutput(output, shape, `${name} output`)
  const body = element(`${name}Response`, xmlOf(output, shape), about.model.namespace)
  const { Location: location } = output as { readonly Location?: string }
  return response({ status, body, ...(location !== undefined && { location }) }, about)
}

/** In the form that SDKs understand (§1.2): `Sender` for a client's mistake, `Receiver` for AWS's. */
function answerError({ status, code, message }: AwsError, about: Answering): WireResponse {
  const detail =
    element('Type', status >= 500 ? 'Receiver' : 'Sender') +
    element('Code', code) +
    element('Message', escapeXml(message))
  const content = element('Error', detail) + element('RequestId', about.requestId)
  return response({ status, body: element('ErrorResponse', content, about.model.namespace) }, about)
}

const response = (
  { status, body, location }: { readonly status: number; readonly body: string; readonly location?: string },
  { requestId }: Answering,
): WireResponse => ({
  status,
  headers: {
    'x-amzn-requestid': requestId,
    'content-type': 'text/xml',
    ...(location !== undefined && { location }),
  },
  body: text(`<?xml version="1.0"?>\n${body}`),
})

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}
