import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect, isIPv4, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isPrivate } from './data-plane/addresses.ts'
import { endToEnd } from './data-plane/headers.ts'

export interface ProxyOrder {
  /** IPv4 addresses of a name, asked anew for every request; none when the name does not exist. */
  readonly resolve: (name: string) => readonly string[] | Promise<readonly string[]>
  /** The port of 127.0.0.1 behind a port of a virtual address, as `Processes.portOf`. */
  readonly portOf: (address: string, port: number) => number | undefined
  /** 0 or left out: any that is free. */
  readonly port?: number
}

export interface ForwardProxy {
  readonly port: number
  /** What goes into HTTP_PROXY. */
  readonly url: string
  close(): Promise<void>
}

/**
 * A forward proxy into the simulated network, so that any HTTP client reaches its names without root: whole URLs and
 * CONNECT. A name that the simulated DNS does not know is answered with 502 and a sentence; nothing leaves this
 * machine, and 127.0.0.1 and localhost are themselves.
 */
export async function startProxy({ port = 0, ...network }: ProxyOrder): Promise<ForwardProxy> {
  const tunnels = new Set<Duplex>()
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing, network))
  server.on('connect', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnels.add(socket)
    socket.once('close', () => tunnels.delete(socket))
    void tunnel({ to: incoming.url ?? '', socket, head }, network)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const bound = typeof address === 'object' && address ? address.port : port
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const socket of tunnels) socket.destroy()
      }),
  }
}

type Network = Pick<ProxyOrder, 'resolve' | 'portOf'>

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, network: Network) {
  const url = URL.parse(incoming.url ?? '')
  if (url?.protocol !== 'http:') return refuse(outgoing, 400, NO_PROXY_REQUEST)
  const place = await find(url.hostname, Number(url.port || 80), network)
  if ('why' in place) return refuse(outgoing, 502, place.why)
  if ('silent' in place) return incoming.socket.destroy()
  try {
    const answer = await ask(incoming, outgoing, { url, port: place.port })
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, endToEnd(answer.headers))
    await pipeline(answer, outgoing)
  } catch (error) {
    if (outgoing.headersSent) outgoing.destroy()
    else refuse(outgoing, 502, `${url.host} does not answer: ${(error as Error).message}`)
  }
}

const NO_PROXY_REQUEST =
  'This is a forward proxy: ask for a whole URL such as http://name.us-east-1.elasticbeanstalk.com/'

/** `silent`: a private address. Whoever asked directly would wait in vain; here the connection is cut. */
type Place = { readonly port: number } | { readonly why: string } | { readonly silent: true }

/** Where a host and port of the simulated network really is, on 127.0.0.1. */
async function find(host: string, port: number, { resolve, portOf }: Network): Promise<Place> {
  if (host === '127.0.0.1' || host === 'localhost') return { port }
  const [address] = isIPv4(host) ? [host] : await resolve(host)
  if (address === undefined) return { why: `The simulated DNS does not know ${host}` }
  if (isPrivate(address)) return { silent: true }
  const real = portOf(address, port)
  if (real === undefined) return { why: `Nothing listens at ${host} (${address}), port ${port}` }
  return { port: real }
}

/** A connection per request: a kept one would hide a switch of the name. */
const ask = (incoming: IncomingMessage, outgoing: ServerResponse, to: { url: URL; port: number }) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    const { method, headers } = incoming
    const framing = headers['transfer-encoding']
    const upstream = request({
      host: '127.0.0.1',
      port: to.port,
      method,
      path: to.url.pathname + to.url.search,
      headers: {
        ...endToEnd(headers),
        host: headers.host ?? to.url.host,
        ...(framing !== undefined && { 'transfer-encoding': framing }),
      },
      agent: false,
    })
    outgoing.once('close', () => upstream.destroy())
    upstream.once('response', resolve).on('error', reject)
    pipeline(incoming, upstream).catch(reject)
  })

interface Tunnel {
  /** HOST:PORT. */
  readonly to: string
  readonly socket: Duplex
  readonly head: Buffer
}

async function tunnel({ to, socket, head }: Tunnel, network: Network) {
  socket.on('error', () => socket.destroy())
  const url = URL.parse(`http://${to}`)
  const place: Place = url
    ? await find(url.hostname, Number(url.port || 80), network)
    : { why: `${to} is no HOST:PORT` }
  if ('silent' in place) return void socket.destroy()
  if ('why' in place) {
    socket.end(
      `HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${place.why}\n`,
    )
    return
  }
  const upstream: Socket = connect(place.port, '127.0.0.1')
  upstream.once('connect', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    upstream.write(head)
    upstream.pipe(socket).pipe(upstream)
  })
  upstream.once('error', () => socket.destroy())
  upstream.once('close', () => socket.destroy())
  socket.once('close', () => upstream.destroy())
}

function refuse(outgoing: ServerResponse, status: number, why: string) {
  outgoing.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${why}\n`)
}
