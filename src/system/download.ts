import { Agent, ProxyAgent, request } from 'undici'
import type { Download } from '../world.ts'
import { whyNoAnswer } from './no-answer.ts'
import { proxyFor } from './proxy.ts'

/**
 * Reads the text at an address, through the proxy that `environment` names; redirects are not followed. What is longer
 * than allowed is cut at a whole line. The address is in no error: it may be all that is needed to read there.
 */
export const downloader =
  (environment: Readonly<Record<string, string | undefined>>): Download =>
  async (url, { signal, longest }) => {
    const target = new URL(url)
    const proxy = proxyFor(target, environment)
    const dispatcher = proxy ? new ProxyAgent({ uri: proxy, proxyTunnel: false }) : new Agent()
    try {
      const { statusCode, body } = await request(target, { dispatcher, signal, reset: true })
      if (statusCode !== 200) throw new Error(`the answer was status ${statusCode}`)
      return await textOf(body, longest)
    } catch (thrown) {
      throw new Error(whyNoAnswer(thrown))
    } finally {
      await dispatcher.destroy()
    }
  }

async function textOf(body: AsyncIterable<Buffer>, longest: number): Promise<string> {
  const parts: Buffer[] = []
  let read = 0
  for await (const part of body) {
    parts.push(part)
    read += part.length
    if (read > longest) break
  }
  const text = Buffer.concat(parts).subarray(0, longest).toString()
  // Half of a secret would not be known as one.
  return read > longest ? text.slice(0, text.lastIndexOf('\n') + 1) : text
}
