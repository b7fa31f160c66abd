import type { LocalGithub } from './github.ts'
import type { GithubOutcome } from './request.ts'

/** A `fetch` whose requests reach this GitHub in process, in the time of its clock; 40 ms there and back. */
export function fetchOf(github: LocalGithub): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input as string, init as RequestInit)
    const { pathname, search, host } = new URL(request.url)
    const body = await request.text()
    const headers = { ...Object.fromEntries(request.headers), host }
    const exchange = async () => {
      await github.clock.sleep(20)
      const outcome = await github.handle({
        method: request.method,
        path: `${pathname}${search}`,
        headers,
        body,
      })
      await github.clock.sleep(20)
      return responseOf(outcome)
    }
    return Promise.race([exchange(), aborted(request.signal)])
  }
}

function responseOf(outcome: GithubOutcome): Response | Promise<never> {
  if (outcome === 'never') return new Promise<never>(() => {})
  if (outcome === 'reset')
    throw new TypeError('fetch failed', {
      cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    })
  const { status, headers, body } = outcome
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { ...headers },
  })
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
