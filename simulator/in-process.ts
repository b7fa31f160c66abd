import { Readable } from 'node:stream'
import { buildQueryString, type HttpRequest, HttpResponse } from '@smithy/core/protocols'
import type { Clock } from './clock.ts'
import { amzDate, parseAmzDate } from './wire/authorization.ts'
import type { WireOutcome, WireRequest } from './wire/request.ts'

export interface InProcessOptions {
  /** Simulated milliseconds that each call takes, half on the way there and half on the way back; 40 when left out. */
  readonly latencyMs?: number
  /** As NodeHttpHandler's `requestTimeout` with `throwOnRequestTimeout`, in simulated milliseconds; none when left out. */
  readonly timeoutMs?: number
  /** How far the client's clock is ahead of AWS's, in milliseconds, until the SDK has learned the difference. */
  readonly skewMs?: number
}

/** What the SDK's clients take as `requestHandler`. */
export interface InProcessHandler {
  handle(request: HttpRequest, options?: HandleOptions): Promise<{ response: HttpResponse }>
  updateHttpClientConfig(key: never, value: never): void
  httpHandlerConfigs(): Record<string, never>
  destroy(): void
}

interface HandleOptions {
  readonly abortSignal?: unknown
  readonly requestTimeout?: number
}

/** What a handler needs of a simulator. */
export interface Reachable {
  readonly cloud: { readonly clock: Clock }
  handle(request: WireRequest): Promise<WireOutcome>
}

/**
 * A request handler that carries the calls of real SDK clients into the simulator without sockets or timers. Faults
 * look as NodeHttpHandler would show them: a reset is an ECONNRESET, an unanswered call lasts until the abort signal
 * or the timeout ends it.
 */
export function inProcess(simulator: Reachable, options: InProcessOptions = {}): InProcessHandler {
  const { clock } = simulator.cloud
  const { latencyMs = 40, timeoutMs, skewMs = 0 } = options
  const exchange = async (request: HttpRequest): Promise<HttpResponse | 'never'> => {
    const wire = await toWire(request, { now: clock.now(), skewMs })
    await clock.sleep(latencyMs / 2)
    const outcome = await simulator.handle(wire)
    if (outcome === 'never') return outcome
    await clock.sleep(latencyMs / 2)
    if (outcome === 'reset') throw connectionReset()
    const { status, headers, body } = outcome
    // GetObject's body is a stream to the SDK; every other body is collected at once.
    const isObject = wire.method === 'GET' && headers.etag !== undefined && status < 300
    return new HttpResponse({
      statusCode: status,
      headers: { ...headers },
      body: isObject ? Readable.from([Buffer.from(body)]) : body,
    })
  }

  return {
    handle(request, { abortSignal, requestTimeout = timeoutMs } = {}) {
      return new Promise((resolve, reject) => {
        const signal = abortSignal as AbortSignal | undefined
        if (signal?.aborted) {
          reject(aborted(signal))
          return
        }
        const cancel = requestTimeout
          ? clock.at(clock.now() + requestTimeout, () => end(() => reject(timedOut(requestTimeout))))
          : () => {}
        const onAbort = () => end(() => reject(aborted(signal)))
        const end = (settle: () => void) => {
          cancel()
          signal?.removeEventListener?.('abort', onAbort)
          settle()
        }
        signal?.addEventListener?.('abort', onAbort)
        exchange(request).then(
          (response) => {
            if (response !== 'never') end(() => resolve({ response }))
          },
          (error) => end(() => reject(error)),
        )
      })
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  }
}

async function toWire(
  request: HttpRequest,
  { now, skewMs }: { readonly now: number; readonly skewMs: number },
): Promise<WireRequest> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value
  headers.host ??= request.hostname
  // The SDK signs with the machine's clock. In virtual time that means nothing, unless the SDK has learned the difference.
  const signedAt = headers['x-amz-date']
  if (signedAt && Math.abs(parseAmzDate(signedAt) - now) > LEARNED_MS) {
    headers['x-amz-date'] = amzDate(now + skewMs)
  }
  const query = buildQueryString(request.query ?? {})
  return {
    method: request.method,
    path: request.path + (query ? `?${query}` : ''),
    headers,
    body: await collect(request.body),
  }
}

/** The SDK corrects its clock once it is five minutes off. */
const LEARNED_MS = 300_000

/** The body's bytes, copied: the caller may use its buffer again. */
async function collect(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array()
  if (typeof body === 'string') return Buffer.from(body)
  if (ArrayBuffer.isView(body))
    return Buffer.from(new Uint8Array(body.buffer, body.byteOffset, body.byteLength))
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

// Named as NodeHttpHandler names them.

const connectionReset = () =>
  Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' })

const timedOut = (ms: number) =>
  Object.assign(
    new Error(
      `@smithy/node-http-handler - [ERROR] a request has exceeded the configured ${ms} ms requestTimeout.`,
    ),
    { name: 'TimeoutError', code: 'ETIMEDOUT' },
  )

function aborted(signal: AbortSignal | undefined): Error {
  const { reason } = signal ?? {}
  const error = new Error('Request aborted', reason instanceof Error ? { cause: reason } : {})
  error.name = 'AbortError'
  return error
}
