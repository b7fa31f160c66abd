import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { endToEnd } from './headers.ts'
import type { TrafficWindow } from './traffic.ts'

/** A load balancer (or the nginx of an only instance): one real port behind a virtual address. */
export interface Front {
  readonly port: number
  readonly window: TrafficWindow
  close(): Promise<void>
}

/** Where a target listens now; one without an application listens nowhere. */
export interface Target {
  readonly port: number | undefined
  /** What it answers is counted here too. */
  readonly window: TrafficWindow | undefined
}

/** What a front needs: the target of the request with a number, undefined when there is none. */
export interface FrontOrder {
  readonly window: TrafficWindow
  readonly targetOf: (turn: number) => Target | undefined
}

/**
 * A reverse proxy on 127.0.0.1 that takes its targets in turn. 503 without targets, which no instance sees and
 * nothing counts; 502 when the application does not answer, as nginx on the instance does.
 */
export async function openFront({ window, targetOf }: FrontOrder): Promise<Front> {
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    const target = targetOf(turn++)
    if (!target) return refuse(outgoing, 503, 'No instance is in service.')
    countOnce(outgoing, [window, target.window])
    void forward(incoming, outgoing, target.port)
  })
  server.keepAliveTimeout = IDLE_MS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    window,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A load balancer keeps an idle connection for 60 s [ELB classic: config-idle-timeout]; of real time here. */
const IDLE_MS = 60_000

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

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, port: number | undefined) {
  if (port === undefined) return refuse(outgoing, 502, 'Nothing answers behind nginx.')
  try {
    const answer = await ask(incoming, outgoing, port)
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers))
    await pipeline(answer, outgoing)
  } catch {
    if (outgoing.headersSent) outgoing.destroy()
    else refuse(outgoing, 502, 'The application hung up.')
  }
}

/** A connection per request: one that is kept may be closed by the application at the very moment it is used. */
const ask = (incoming: IncomingMessage, outgoing: ServerResponse, port: number) =>
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
        'x-forwarded-port': '80',
        'x-forwarded-proto': 'http',
      },
    })
    outgoing.once('close', () => upstream.destroy())
    upstream.once('response', resolve).on('error', reject)
    pipeline(incoming, upstream).catch(reject)
  })

function refuse(outgoing: ServerResponse, status: number, why: string) {
  outgoing.writeHead(status, { 'content-type': 'text/plain' }).end(`${why}\n`)
}
