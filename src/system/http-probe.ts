import { Agent, type Dispatcher, ProxyAgent, request } from 'undici'
import type { Answer, Probe } from '../deployment/ports.ts'
import type { AliasOf, Resolve } from './dns.ts'
import { whyNoAnswer } from './no-answer.ts'
import { proxyFor } from './proxy.ts'

const limit = 10_000
const enough = 64 * 1024

/**
 * HTTP requests from where the action runs, as a user without a cache would send them: each on a connection of its
 * own (a kept one would hide a switch), ten seconds at most, redirects not followed, through the proxy that
 * `environment` names. An answer that breaks off is no answer. Never throws.
 */
export function httpProbe({
  environment,
  resolve,
  aliasOf,
}: {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly resolve: Resolve
  readonly aliasOf: AliasOf
}): Probe {
  return {
    addresses: resolve,
    alias: aliasOf,
    async ask(url, signal, at) {
      try {
        const { target, host, servername } = under(new URL(url), at)
        const dispatcher = connectionFor(proxyFor(target, environment), servername)
        try {
          return await send({ target, host }, dispatcher, signal)
        } finally {
          await dispatcher.destroy()
        }
      } catch (thrown) {
        return { is: 'no answer', why: whyNoAnswer(thrown) }
      }
    },
  }
}

interface Target {
  readonly target: URL
  readonly host: string | undefined
  readonly servername: string | undefined
}

/** The same request at another host: the name goes into the Host header and into the TLS handshake. */
function under(url: URL, at: string | undefined): Target {
  if (at === undefined) return { target: url, host: undefined, servername: undefined }
  const target = new URL(url)
  target.hostname = at
  return { target, host: url.host, servername: url.hostname }
}

/** With `proxyTunnel` off plain HTTP is forwarded, since many proxies refuse tunnels to port 80; HTTPS is tunnelled. */
function connectionFor(proxy: string | undefined, servername: string | undefined): Dispatcher {
  const tls = servername === undefined ? undefined : { servername }
  if (proxy === undefined) return new Agent(tls && { connect: tls })
  return new ProxyAgent({ uri: proxy, proxyTunnel: false, ...(tls && { requestTls: tls }) })
}

async function send(
  { target, host }: Pick<Target, 'target' | 'host'>,
  dispatcher: Dispatcher,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const timeout = AbortSignal.timeout(limit)
  const began = Date.now()
  try {
    const { statusCode, headers, body } = await request(target, {
      dispatcher,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      reset: true,
      headers: { 'user-agent': 'beanstalk-blue-green', accept: '*/*', ...(host && { host }) },
    })
    const took = Date.now() - began
    const read = await beginningOf(body, timeout)
    if (typeof read !== 'string') return read
    const location = [headers.location].flat()[0]
    const answer = { status: statusCode, took, headers: plain(headers), body: read }
    return { is: 'answer', ...answer, ...(location && { location }) }
  } catch (thrown) {
    if (signal?.aborted) return { is: 'no answer', why: 'no longer asked' }
    if (timeout.aborted) return { is: 'no answer', why: `timed out after ${limit / 1000} s` }
    throw thrown
  }
}

const plain = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))

/** Reads as much as tells that the answer is a whole one; a stream without end counts as answered. */
async function beginningOf(body: AsyncIterable<Buffer>, timeout: AbortSignal): Promise<string | Answer> {
  const parts: Buffer[] = []
  let read = 0
  const text = () => Buffer.concat(parts).subarray(0, enough).toString()
  try {
    for await (const part of body) {
      parts.push(part)
      read += part.length
      if (read >= enough) return text()
    }
    return text()
  } catch (thrown) {
    if (timeout.aborted) return text()
    return { is: 'no answer', why: `the answer broke off: ${whyNoAnswer(thrown)}` }
  }
}
