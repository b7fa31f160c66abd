import { AwsError, type Caller, type Service } from '../cloud.ts'
import type { Exchange } from './exchange.ts'
import type { QueryModel } from './models.ts'
import { type Answering, answerError, answerOutput } from './query-answers.ts'
import { decodeQuery } from './query-input.ts'
import { splitPath, type WireRequest } from './request.ts'

/** The parameters of a query request: the form in its body, or for a GET the query of its URL (§1.1). */
export function readForm({ method, path, body }: WireRequest): URLSearchParams {
  return method === 'POST' ? new URLSearchParams(Buffer.from(body).toString('utf8')) : splitPath(path).query
}

/** Makes the exchange of a query request. `Operation` is a synonym of `Action` (§1.1). */
export function openQuery(
  request: WireRequest,
  about: {
    readonly model: QueryModel
    readonly service: Service
    readonly requestId: string
    readonly caller?: Caller | undefined
  },
): Exchange {
  const { model, requestId } = about
  const form = readForm(request)
  const operation = form.get('Action') ?? form.get('Operation') ?? ''
  const json = model.json && (request.headers.accept ?? '').includes('application/json')
  const answering: Answering = { model, operation, requestId, json }
  const decoded = attempt(() => decode(form, operation, about))
  return {
    service: model.scope,
    operation,
    input: 'error' in decoded ? Object.fromEntries(form) : decoded.value.input,
    action: `${model.scope}:${actionOf(operation, form)}`,
    resource: '*',
    async run() {
      if ('error' in decoded) throw decoded.error
      const { input, known, run } = decoded.value
      const output = await run(input, {
        service: model.scope,
        operation,
        requestId,
        host: request.headers.host,
        caller: about.caller,
      })
      return answerOutput(known.output.kind === 'unit' ? undefined : output, known.output, answering)
    },
    fail: (error) => answerError(error, answering),
  }
}

/** Changing tags is allowed by virtual actions, not by its operation's name. [BC:elasticbeanstalk UpdateTagsForResource] */
function actionOf(operation: string, form: URLSearchParams): string {
  if (operation !== 'UpdateTagsForResource') return operation
  return [...form.keys()].some((name) => name.startsWith('TagsToAdd')) ? 'AddTags' : 'RemoveTags'
}

function decode(
  form: URLSearchParams,
  operation: string,
  { model, service }: { readonly model: QueryModel; readonly service: Service },
) {
  const version = form.get('Version') ?? model.version
  const known = version === model.version ? model.operation(operation) : undefined
  if (!known) {
    throw new AwsError('InvalidAction', `Could not find operation ${operation} for version ${version}`)
  }
  // Before the input is looked at: what is lacking must not look like a mistake in it.
  const run = service.operations[operation]
  if (!run) {
    const message = `The simulator has no operation '${operation}' of '${model.scope}'`
    throw new AwsError('NotImplemented', message, 501)
  }
  return { known, run, input: decodeQuery(form, known.input) }
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    return { error }
  }
}
