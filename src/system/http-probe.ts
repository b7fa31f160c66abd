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
    async ask(url, signal) {
      try {
        const target = new URL(url)
        const dispatcher = connectionFor(proxyFor(target, environment))
        try {
          return await send(target, dispatcher, signal)
        } finally {
          await dispatcher.destroy()
        }
      } catch (thrown) {
        return { is: 'no answer', why: whyNoAnswer(thrown) }
      }
    },
  }
}

/** With `proxyTunnel` off plain HTTP is forwarded, since many proxies refuse tunnels to port 80; HTTPS is tunnelled. */
const connectionFor = (proxy: string | undefined): Dispatcher =>
  proxy === undefined ? new Agent() : new ProxyAgent({ uri: proxy, proxyTunnel: false })

async function send(url: URL, dispatcher: Dispatcher, signal: AbortSignal | undefined): Promise<Answer> {
  const timeout = AbortSignal.timeout(limit)
  const began = Date.now()
  try {
    const { statusCode, body } = await request(url, {
      dispatcher,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      reset: true,
      headers: { 'user-agent': 'beanstalk-blue-green', accept: '*/*' },
    })
    const took = Date.now() - began
    const broke = await drain(body, timeout)
    return broke ?? { is: 'answer', status: statusCode, took }
  } catch (thrown) {
    if (signal?.aborted) return { is: 'no answer', why: 'no longer asked' }
    if (timeout.aborted) return { is: 'no answer', why: `timed out after ${limit / 1000} s` }
    throw thrown
  }
}

/** Reads as much as tells that the answer is a whole one; a stream without end counts as answered. */
async function drain(body: AsyncIterable<Buffer>, timeout: AbortSignal): Promise<Answer | undefined> {
  let read = 0
  try {
    for await (const part of body) {
      read += part.length
      if (read >= enough) return undefined
    }
    return undefined
  } catch (thrown) {
    if (timeout.aborted) return undefined
    return { is: 'no answer', why: `the answer broke off: ${whyNoAnswer(thrown)}` }
  }
}
