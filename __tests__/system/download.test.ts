import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { downloader } from '../../src/system/download.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const read = (url: string, longest = 1_000, environment = {}) =>
  downloader(environment)(url, { signal: new AbortController().signal, longest })

it('the whole text is read', async () => {
  expect(await read(await serving((_, answer) => answer.end('one\ntwo\n')))).toBe('one\ntwo\n')
})

it('what is too long is cut at a whole line, and not read on', async () => {
  const url = await serving((_, answer) => {
    answer.write(`${'first line\n'.repeat(20)}half of a secret`)
    // Never ends.
  })
  const text = await read(url, 230)
  expect(text).toBe('first line\n'.repeat(20))
})

it('it goes through the proxy', async () => {
  const proxy = await serving(({ url }, answer) => answer.end(`asked for ${url}`))
  expect(await read('http://bucket.example/log', 1_000, { HTTP_PROXY: proxy })).toBe(
    'asked for http://bucket.example/log',
  )
})

it('a redirect is not followed, and no error has the address', async () => {
  const url = await serving((_, answer) => answer.writeHead(302, { location: 'http://elsewhere/' }).end())
  await expect(read(`${url}/?X-Amz-Signature=feed`)).rejects.toThrow(/^the answer was status 302$/)
  await expect(read('http://127.0.0.1:1/?X-Amz-Signature=feed')).rejects.toThrow(/^connection refused$/)
  await expect(read('no address X-Amz-Signature=feed')).rejects.toThrow(/^((?!feed).)*$/)
})

it('whoever waits can give up', async () => {
  const url = await serving(() => {})
  const giveUp = new AbortController()
  const reading = downloader({})(url, { signal: giveUp.signal, longest: 1_000 })
  giveUp.abort()
  await expect(reading).rejects.toThrow()
})
