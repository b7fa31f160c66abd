import type { AwsError } from '../cloud.ts'
import { assertOutput } from './checked-output.ts'
import { jsonOf } from './json.ts'
import type { QueryModel } from './models.ts'
import { text, type WireResponse } from './request.ts'
import type { Shape } from './shapes.ts'
import { element, escapeXml, xmlOf } from './xml.ts'

/** What an answer has to know about the request it answers. */
export interface Answering {
  readonly model: QueryModel
  readonly operation: string
  readonly requestId: string
  /** Answer JSON, not XML. */
  readonly json: boolean
}

/**
 * The answer of an operation: its members inside `…Result`, or only ResponseMetadata for an operation without output
 * (§1.2). Throws a TypeError when the output is not what the API model says.
 */
export function answerOutput(output: unknown, shape: Shape, about: Answering): WireResponse {
  const { model, operation, requestId, json } = about
  assertOutput(output, shape, `${operation} output`)
  if (json) {
    const result = shape.kind === 'unit' ? {} : { [`${operation}Result`]: jsonOf(output, shape) }
    const body = { [`${operation}Response`]: { ...result, ResponseMetadata: { RequestId: requestId } } }
    return response(200, JSON.stringify(body), about)
  }
  const result = shape.kind === 'unit' ? '' : element(`${operation}Result`, xmlOf(output, shape))
  const metadata = element('ResponseMetadata', element('RequestId', requestId))
  return response(200, element(`${operation}Response`, result + metadata, model.namespace), about)
}

/** The answer of an error (§1.2): `Sender` for a client's mistake, `Receiver` for AWS's. */
export function answerError(error: AwsError, about: Omit<Answering, 'operation'>): WireResponse {
  const type = error.status >= 500 ? 'Receiver' : 'Sender'
  if (about.json) {
    const body = {
      Error: { Code: error.code, Message: error.message, Type: type },
      RequestId: about.requestId,
    }
    return response(error.status, JSON.stringify(body), about)
  }
  const detail =
    element('Type', type) + element('Code', error.code) + element('Message', escapeXml(error.message))
  const content = element('Error', detail) + element('RequestId', about.requestId)
  return response(error.status, element('ErrorResponse', content, about.model.namespace), about)
}

function response(
  status: number,
  body: string,
  { requestId, json }: Omit<Answering, 'operation'>,
): WireResponse {
  const headers = {
    // SDKs take the id of a query service's request only from this header (§1.2).
    'x-amzn-requestid': requestId,
    'content-type': json ? 'application/json' : 'text/xml',
  }
  return { status, headers, body: text(body) }
}
