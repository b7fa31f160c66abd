import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '../listen.ts'
import { answerControl, isControl } from './control.ts'
import type { LocalGithub } from './github.ts'
import type { GithubRequest } from './request.ts'

export interface GithubServer {
  /** What GITHUB_API_URL has to be. */
  readonly url: string
  /** Ends every connection, answered or not. */
  close(): Promise<void>
}

/** Serves a local GitHub on 127.0.0.1; port 0 is any that is free. Throws (EADDRINUSE) when the port is taken. */
export async function serveGithub(github: LocalGithub, port: number): Promise<GithubServer> {
  const server = createServer((incoming, outgoing) => {
    serve(github, incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.requestTimeout = 0
  return listen(server, port)
}

async function serve(
  github: LocalGithub,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming)
  const outcome = isControl(request) ? answerControl(github, request) : await github.handle(request)
  if (outcome === 'never') return
  if (outcome === 'reset') {
    incoming.socket.resetAndDestroy()
    return
  }
  const { status, headers, body } = outcome
  outgoing.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function readRequest(incoming: IncomingMessage): Promise<GithubRequest> {
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(',') : value] as const],
  )
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: Object.fromEntries(headers),
    body: await text(incoming),
  }
}
