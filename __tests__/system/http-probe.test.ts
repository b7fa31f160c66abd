import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type ForwardProxy, startProxy } from '../../simulator/proxy.ts'
import { httpProbe } from '../../src/system/http-probe.ts'

const probe = httpProbe({ environment: {}, resolve: async () => [], aliasOf: async () => undefined })

describe('an HTTP probe', () => {
  const closing: (() => Promise<unknown> | unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  const listen = async (server: Server | TcpServer): Promise<string> => {
    const sockets = new Set<Socket>()
    server.on('connection', (socket: Socket) => sockets.add(socket))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    })
    const address = server.address()
    if (typeof address !== 'object' || !address) throw new Error('no address')
    return `127.0.0.1:${address.port}`
  }
  const serve = (listener: RequestListener) => listen(createHttpServer(listener))
  const serveSocket = (listener: (socket: Socket) => void) =>
    listen(createTcpServer((socket) => listener(socket.on('error', () => {}))))

  it('answers the status, whatever it is, and follows no redirect', async () => {
    const host = await serve((incoming, outgoing) => {
      outgoing.writeHead(incoming.url === '/old' ? 302 : 503, { location: '/new' }).end('body')
    })
    expect(await probe.ask(`http://${host}/old`)).toMatchObject({ is: 'answer', status: 302 })
    expect(await probe.ask(`http://${host}/new`)).toMatchObject({ is: 'answer', status: 503 })
  })

  it('has the headers, and the beginning of the body', async () => {
    const host = await serve((_, outgoing) => {
      outgoing.writeHead(200, { 'X-Version': '1.1.0', 'set-cookie': ['a=1', 'b=2'] }).end('x'.repeat(100_000))
    })
    const answer = await probe.ask(`http://${host}/`)
    expect(answer).toMatchObject({ headers: { 'x-version': '1.1.0', 'set-cookie': 'a=1, b=2' } })
    expect(answer.is === 'answer' && answer.body).toBe('x'.repeat(65_536))
  })

  it('opens a connection of its own for each request', async () => {
    const ports = new Set<number | undefined>()
    const wishes = new Set<string | undefined>()
    const host = await serve((incoming, outgoing) => {
      ports.add(incoming.socket.remotePort)
      wishes.add(incoming.headers.connection)
      outgoing.end()
    })
    for (let i = 0; i < 3; i++) await probe.ask(`http://${host}/`)
    expect(ports.size).toBe(3)
    expect([...wishes]).toEqual(['close'])
  })

  it('is content with the beginning of an endless answer', async () => {
    let sent = 0
    const host = await serve((_, outgoing) => {
      const more = () => {
        sent += 65_536
        outgoing.write('x'.repeat(65_536), () => outgoing.destroyed || setImmediate(more))
      }
      more()
    })
    expect(await probe.ask(`http://${host}/`)).toMatchObject({ is: 'answer', status: 200 })
    expect(sent).toBeLessThan(64 * 2 ** 20)
  })

  it('takes an answer that breaks off for none', async () => {
    const host = await serveSocket((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'))
    })
    const answer = await probe.ask(`http://${host}/`)
    expect(answer.is === 'no answer' && answer.why).toMatch(/^the answer broke off: /)
  })

  it('says why nothing answered', async () => {
    const closed = await serve(() => {})
    await closing.pop()?.()
    expect(await probe.ask(`http://${closed}/`)).toEqual({ is: 'no answer', why: 'connection refused' })

    const silent = await serveSocket((socket) => socket.once('data', () => socket.end()))
    const hungUp = { is: 'no answer', why: 'connection closed before an answer' }
    expect(await probe.ask(`http://${silent}/`)).toEqual(hungUp)

    const rude = await serveSocket((socket) => socket.once('data', () => socket.resetAndDestroy()))
    expect(await probe.ask(`http://${rude}/`)).toEqual({ is: 'no answer', why: 'connection reset' })

    const strange = await serveSocket((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
    expect(await probe.ask(`http://${strange}/`)).toEqual({
      is: 'no answer',
      why: 'what came back is not HTTP',
    })

    const plain = await serve((_, outgoing) => outgoing.end())
    const handshake = { is: 'no answer', why: 'the TLS handshake failed' }
    expect(await probe.ask(`https://${plain}/`)).toEqual(handshake)
  })

  it('says that an address is none instead of throwing', async () => {
    const answer = await probe.ask('shop')
    expect(answer).toEqual({ is: 'no answer', why: expect.stringContaining('Invalid URL') })
  })

  it('stops when it is no longer wanted', async () => {
    const stop = new AbortController()
    const host = await serve(() => stop.abort())
    expect(await probe.ask(`http://${host}/`, stop.signal)).toEqual({
      is: 'no answer',
      why: 'no longer asked',
    })
    expect(await probe.ask(`http://${host}/`, stop.signal)).toMatchObject({ is: 'no answer' })
  })

  describe('through a proxy', () => {
    let proxy: ForwardProxy
    const through = async (environment: Record<string, string> = {}) => {
      const host = await serve((incoming, outgoing) => {
        outgoing
          .writeHead(incoming.headers.host === 'shop.test' && incoming.url === '/a?b=c' ? 204 : 400)
          .end()
      })
      const port = Number(host.split(':')[1])
      proxy = await startProxy({
        resolve: (name) => (name === 'shop.test' ? ['10.0.0.1'] : []),
        portOf: () => port,
      })
      closing.push(() => proxy.close())
      return httpProbe({
        aliasOf: async () => undefined,
        environment: { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, ...environment },
        resolve: async () => [],
      })
    }

    it('reaches what only the proxy can resolve', async () => {
      const proxied = await through()
      expect(await proxied.ask('http://shop.test/a?b=c')).toMatchObject({ is: 'answer', status: 204 })
    })

    it('takes the status of the proxy for an answer that is not good', async () => {
      const proxied = await through()
      expect(await proxied.ask('http://nobody.test/')).toMatchObject({ is: 'answer', status: 502 })
    })

    it('says that the proxy refused a tunnel', async () => {
      const proxied = await through()
      const answer = await proxied.ask('https://nobody.test/')
      expect(answer).toEqual({
        is: 'no answer',
        why: expect.stringMatching(/^the proxy refused the connection with status 50\d$/),
      })
    })

    it('goes around it for what NO_PROXY names', async () => {
      const proxied = await through({ NO_PROXY: '127.0.0.1' })
      const direct = await serve((_, outgoing) => outgoing.writeHead(201).end())
      await proxy.close()
      expect(await proxied.ask(`http://${direct}/`)).toMatchObject({ is: 'answer', status: 201 })
    })
  })
})
