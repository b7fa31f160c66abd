import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answerControl, isControl } from './control.ts'
import { listen } from './listen.ts'
import type { Simulator } from './simulator.ts'
import type { WireRequest } from './wire/request.ts'

export interface SimulatorServer {
  readonly port: number
  /** What AWS_ENDPOINT_URL has to be. */
  readonly url: string
  /** Ends every connection, answered or not. */
  close(): Promise<void>
}

/** Serves a simulator on 127.0.0.1; port 0 is any that is free. Throws (EADDRINUSE) when the port is taken. */
export async function serveSimulator(simulator: Simulator, port: number): Promise<SimulatorServer> {
  const server = createServer((incoming, outgoing) => {
    serve(simulator, incoming, outgoing).catch(() => outgoing.destroy())
  })
  // Longer than any client keeps a connection, so that none is closed under a request.
  server.keepAliveTimeout = 300_000
  // A large bundle over a slow line, and calls that are never answered.
  server.requestTimeout = 0
  return listen(server, port)
}

async function serve(simulator: Simulator, incoming: IncomingMessage, outgoing: ServerResponse) {
  const request = await readRequest(incoming)
  const outcome = isControl(request) ? answerControl(simulator, request) : await simulator.handle(request)
  if (outcome === 'never') return
  if (outcome === 'reset') {
    incoming.socket.resetAndDestroy()
    return
  }
  const { status, headers, body } = outcome
  const bodiless = status === 204 || status === 304 || request.method === 'HEAD'
  outgoing.writeHead(status, bodiless ? headers : { ...headers, 'content-length': String(body.length) })
  outgoing.end(bodiless ? undefined : body)
}

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Uint8Array[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value
  }
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers,
    body: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks),
  }
}
