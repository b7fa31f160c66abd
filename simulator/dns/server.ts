import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { decode, encode, type Packet, TRUNCATED_RESPONSE } from 'dns-packet'
import { answerTo } from './answer.ts'
import type { Names } from './names.ts'

export interface DnsServerOrder {
  readonly names: Names
  /** The same for UDP and TCP; 0 or left out: any that is free. */
  readonly port?: number
  readonly host?: string
}

export interface DnsServer {
  readonly port: number
  close(): Promise<void>
}

/** The authoritative servers of the simulated world, over UDP and TCP. Throws when the port is taken. */
export async function startDnsServer({
  names,
  port = 0,
  host = '127.0.0.1',
}: DnsServerOrder): Promise<DnsServer> {
  for (let attempt = 1; ; attempt++) {
    const connections = new Set<Socket>()
    const tcp = createServer((socket) => {
      connections.add(socket)
      socket.once('close', () => connections.delete(socket))
      serveConnection(socket, names)
    })
    tcp.listen(port, host)
    await once(tcp, 'listening')
    const address = tcp.address()
    const bound = typeof address === 'object' && address ? address.port : port
    const close = async () => {
      for (const connection of connections) connection.destroy()
      await new Promise<void>((resolve) => tcp.close(() => resolve()))
    }
    try {
      const udp = await serveDatagrams(names, bound, host)
      return {
        port: bound,
        close: async () => {
          await Promise.all([close(), new Promise<void>((resolve) => udp.close(resolve))])
        },
      }
    } catch (error) {
      await close()
      // Somebody may have the UDP port of the TCP port that was found.
      if (port !== 0 || attempt === MOST_ATTEMPTS) throw error
    }
  }
}

const MOST_ATTEMPTS = 10

async function serveDatagrams(names: Names, port: number, host: string): Promise<UdpSocket> {
  const udp = createSocket('udp4')
  udp.bind(port, host)
  await once(udp, 'listening')
  udp.on('error', () => {})
  udp.on('message', (message, { port: client, address }) => {
    const response = respond(message, names)
    if (!response) return
    const whole = encode(response)
    const cut = { ...response, answers: [], authorities: [] }
    const fits = whole.length <= LARGEST_DATAGRAM
    udp.send(
      fits ? whole : encode({ ...cut, flags: (response.flags ?? 0) | TRUNCATED_RESPONSE }),
      client,
      address,
    )
  })
  return udp
}

/** Bytes, for clients that do not say that they take more [RFC 1035]. */
const LARGEST_DATAGRAM = 512

/** Each message on a connection has its length in front, in two bytes [RFC 1035]. */
function serveConnection(socket: Socket, names: Names) {
  let received = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (part) => {
    received = Buffer.concat([received, part])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE()) {
      const end = 2 + received.readUInt16BE()
      const response = respond(received.subarray(2, end), names)
      received = received.subarray(end)
      if (!response) {
        socket.destroy()
        return
      }
      const body = encode(response)
      const length = Buffer.alloc(2)
      length.writeUInt16BE(body.length)
      socket.write(Buffer.concat([length, body]))
    }
  })
}

/** Nothing for bytes that are no DNS query. */
function respond(message: Uint8Array, names: Names): Packet | undefined {
  try {
    const query = decode(Buffer.from(message))
    return query.type === 'query' ? answerTo(query, names) : undefined
  } catch {
    return undefined
  }
}
