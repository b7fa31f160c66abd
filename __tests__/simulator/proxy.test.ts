import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { ProxyAgent, request as undiciRequest } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ForwardProxy, startProxy } from '../../simulator/proxy.ts'

const shop = 'shop.us-east-1.elasticbeanstalk.com'
const [blue, green] = ['127.64.0.1', '127.64.0.2'] as const

let apps: readonly [Server, Server]
let ports: Map<string, number>
let production: string
let proxy: ForwardProxy

const app = (word: string) =>
  createServer((incoming, outgoing) => {
    outgoing.setHeader('x-seen', [incoming.method, incoming.url, incoming.headers.host].join(' '))
    if (incoming.url === '/hangs-up') return incoming.socket.destroy()
    if (incoming.method === 'POST') return incoming.pipe(outgoing)
    return outgoing.end(word)
  })

beforeEach(async () => {
  apps = [app('blue'), app('green')]
  for (const one of apps) await once(one.listen(0, '127.0.0.1'), 'listening')
  const [bluePort = 0, greenPort = 0] = apps.map((one) => (one.address() as AddressInfo).port)
  ports = new Map([
    [blue, bluePort],
    [green, greenPort],
  ])
  production = blue
  proxy = await startProxy({
    resolve: (name) => (name === shop ? [production] : []),
    portOf: (address, port) => (port === 80 ? ports.get(address) : undefined),
  })
})

afterEach(async () => {
  await proxy.close()
  for (const one of apps) one.close().closeAllConnections()
})

async function ask(path: string, { method = 'GET', body = '' } = {}) {
  const sent = request({ host: '127.0.0.1', port: proxy.port, method, path }).end(body)
  const [answer] = await once(sent, 'response')
  const seen = String(answer.headers['x-seen'])
  return { status: answer.statusCode, seen, body: (await buffer(answer)).toString() }
}

describe('the forward proxy', () => {
  it('brings any HTTP client to a simulated name', async () => {
    const { stdout } = await promisify(execFile)('curl', ['-sS', `http://${shop}/`], {
      env: { ...process.env, http_proxy: proxy.url, no_proxy: '' },
    })
    expect(stdout).toBe('blue')
  })

  it('passes method, path and body on, and the name as host', async () => {
    const body = 'x'.repeat(300_000)
    const answer = await ask(`http://${shop}/a?b=c`, { method: 'POST', body })
    expect(answer.seen).toMatch(/^POST \/a\?b=c /)
    expect(answer.body).toBe(body)
    expect((await ask(`http://${shop}/`)).seen).toContain('127.0.0.1')
  })

  it('asks the DNS anew for every request', async () => {
    expect((await ask(`http://${shop}/`)).body).toBe('blue')
    production = green
    expect((await ask(`http://${shop}/`)).body).toBe('green')
  })

  it('opens tunnels', async () => {
    const dispatcher = new ProxyAgent({ uri: proxy.url, proxyTunnel: true })
    const answer = await undiciRequest(`http://${shop}/tunnel`, { dispatcher })
    expect(answer.headers['x-seen']).toBe(`GET /tunnel ${shop}`)
    expect(await answer.body.text()).toBe('blue')
    await dispatcher.close()
  })

  it('says which name it does not know, and that nothing listens', async () => {
    expect(await ask('http://example.com/')).toMatchObject({
      status: 502,
      body: 'The simulated DNS does not know example.com\n',
    })
    expect((await ask(`http://${shop}:8080/`)).body).toContain('port 8080')
    ports.clear()
    expect(await ask(`http://${shop}/`)).toMatchObject({
      status: 502,
      body: `Nothing listens at ${shop} (${blue}), port 80\n`,
    })
  })

  it('refuses a tunnel to an unknown name in the same words', async () => {
    const socket = connect(proxy.port, '127.0.0.1')
    socket.write('CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n')
    expect((await buffer(socket)).toString()).toMatch(
      /^HTTP\/1.1 502[^\n]*\n[\s\S]*does not know example.com/,
    )
  })

  it('leaves 127.0.0.1 and localhost what they are', async () => {
    expect((await ask(`http://127.0.0.1:${ports.get(green)}/`)).body).toBe('green')
    expect((await ask(`http://localhost:${ports.get(green)}/`)).body).toBe('green')
  })

  it('answers 502 when the other side hangs up', async () => {
    expect(await ask(`http://${shop}/hangs-up`)).toMatchObject({ status: 502 })
  })

  it('explains itself to who takes it for a web server', async () => {
    expect(await ask('/')).toMatchObject({ status: 400, body: expect.stringContaining('forward proxy') })
  })
})
