import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { AppResponse } from './data-plane.ts'
import { endToEnd } from './headers.ts'
import type { Listener } from './listeners.ts'
import type { TrafficWindow } from './traffic.ts'

/** Where a request goes, and by which listener it came. */
export interface Passage {
  readonly listener: Listener
  readonly target: Target
  /** What the load balancer sets along with the answer. */
  readonly cookies: readonly string[]
}

/** Where a target listens now; one without an application listens nowhere. */
export interface Target {
  readonly port: number | undefined
  /** Where its answers are counted. */
  readonly windows: readonly (TrafficWindow | undefined)[]
}

/** Passes a request on to a target and its answer back; 502 when the application does not answer, as nginx says it. */
export async function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { listener, target: { port, windows }, cookies }: Passage,
): Promise<void> {
  countOnce(outgoing, windows)
  if (port === undefined) return refuse(outgoing, 502, 'Nothing answers behind nginx.')
  try {
    const answer = await ask(incoming, outgoing, { listener, port })
    const all = [answer.headers['set-cookie'] ?? [], cookies].flat()
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, {
      ...endToEnd(answer.headers),
      ...(all.length > 0 && { 'set-cookie': all }),
    })
    await pipeline(answer, outgoing)
  } catch {
    if (outgoing.headersSent) outgoing.destroy()
    else refuse(outgoing, 502, 'The application hung up.')
  }
}

function countOnce(outgoing: ServerResponse, windows: readonly (TrafficWindow | undefined)[]) {
  const began = performance.now()
  let counted = false
  const count = () => {
    // A client that left before the answer began was not answered: nothing to count.
    if (!counted && outgoing.headersSent) {
      const seconds = (performance.now() - began) / 1_000
      for (const window of windows) window?.count(outgoing.statusCode, seconds)
    }
    counted = true
  }
  outgoing.once('finish', count).once('close', count)
}

/** A connection per request: one that is kept may be closed by the application at the very moment it is used. */
const ask = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { listener, port }: { readonly listener: Listener; readonly port: number },
) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { method, url, headers, socket } = incoming
    const framing = headers['transfer-encoding']
    const upstream = request({
      host: '127.0.0.1',
      port,
      method,
      path: url,
      agent: false,
      headers: {
        ...endToEnd(headers),
        ...(framing !== undefined && { 'transfer-encoding': framing }),
        'x-forwarded-for': socket.remoteAddress,
        'x-forwarded-port': String(listener.port),
        'x-forwarded-proto': listener.protocol.toLowerCase(),
      },
    })
    outgoing.once('close', () => upstream.destroy())
    upstream.once('response', resolve).on('error', reject)
    pipeline(incoming, upstream).catch(reject)
  })

/** An answer that a rule of the load balancer gives. */
export function answerItself(outgoing: ServerResponse, { status, headers, body }: AppResponse) {
  outgoing.writeHead(status, headers).end(body)
}

/** A refusal of the load balancer's own. */
export function refuse(outgoing: ServerResponse, status: number, why: string) {
  outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(`${why}\n`)
}
