import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Server } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { startProxy } from '../../simulator/proxy.ts'
import { httpProbe } from '../../src/system/http-probe.ts'
import { authority, type Certificate, certificateFor } from '../helpers/certificates.ts'

const usual = getCACertificates('default')
const closing: (() => Promise<unknown> | unknown)[] = []
let ca: Certificate
let shop: Certificate

beforeAll(async () => {
  ca = await authority()
  shop = await certificateFor('shop.example.com', ca)
  setDefaultCACertificates([...usual, ca.cert])
})
afterAll(() => setDefaultCACertificates(usual))
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const probe = httpProbe({ environment: {}, resolve: async () => [], aliasOf: async () => undefined })

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** Answers as a load balancer with a host rule does, and says in a header by which TLS name it was called. */
const onlyShop: RequestListener = (incoming, outgoing) => {
  const isShop = incoming.headers.host?.startsWith('shop.example.com') === true
  outgoing.writeHead(isShop ? 204 : 404).end()
}

it('a request to another host keeps its name in the TLS handshake and in the Host header', async () => {
  const names: (string | undefined)[] = []
  const server = createSecureServer({
    ...shop,
    SNICallback: (name, done) => {
      names.push(name)
      done(null)
    },
  }).on('request', onlyShop)
  const port = await portOf(server)

  const answer = await probe.ask(`https://shop.example.com:${port}/`, undefined, '127.0.0.1')

  expect(answer).toMatchObject({ is: 'answer', status: 204 })
  expect(names).toEqual(['shop.example.com'])
})

it('a certificate for another name than the one that is asked for is not accepted', async () => {
  const other = await certificateFor('other.example.com', ca)
  const port = await portOf(createSecureServer(other).on('request', onlyShop))

  expect(await probe.ask(`https://shop.example.com:${port}/`, undefined, '127.0.0.1')).toEqual({
    is: 'no answer',
    why: 'certificate is for another name',
  })
})

it('a certificate by an unknown issuer is not accepted', async () => {
  const stranger = await certificateFor('shop.example.com', await authority())
  const port = await portOf(createSecureServer(stranger).on('request', onlyShop))

  const answer = await probe.ask(`https://shop.example.com:${port}/`, undefined, '127.0.0.1')

  expect(answer).toMatchObject({ is: 'no answer', why: expect.stringMatching(/^certificate/) })
})

it('plain HTTP goes to another host under its name too, and a redirect says where it leads', async () => {
  const port = await portOf(
    createServer((incoming, outgoing) =>
      outgoing.writeHead(301, { location: `https://${incoming.headers.host}/` }).end(),
    ),
  )

  expect(await probe.ask(`http://shop.example.com:${port}/`, undefined, '127.0.0.1')).toMatchObject({
    is: 'answer',
    status: 301,
    location: `https://shop.example.com:${port}/`,
  })
})

it('goes through a proxy under its name as well', async () => {
  const port = await portOf(createSecureServer(shop).on('request', onlyShop))
  const proxy = await startProxy({ resolve: () => [], portOf: () => undefined })
  closing.push(() => proxy.close())
  const proxied = httpProbe({
    environment: { HTTPS_PROXY: proxy.url },
    resolve: async () => [],
    aliasOf: async () => undefined,
  })

  const answer = await proxied.ask(`https://shop.example.com:${port}/`, undefined, '127.0.0.1')

  expect(answer).toMatchObject({ is: 'answer', status: 204 })
})
