import type * as library from '@actions/github/lib/utils'
import type { Clock, Ms } from '../deployment/ports.ts'
import { conceal } from './conceal.ts'
import { isLimit, isPassing, isPermission, reasonOf } from './refusal.ts'

/** GitHub's own client, as far as it is used. Its `defaults` say how requests are sent. */
export type Library = Pick<typeof library, 'GitHub' | 'getOctokitOptions' | 'defaults'>

/** GitHub's REST API, with types. */
export type Rest = InstanceType<Library['GitHub']>['rest']

/** A line of a workflow's `permissions:`. */
export type Permission = 'deployments: write' | 'checks: write' | 'pull-requests: write'

/** One thing to tell GitHub. */
export interface Telling<T> {
  readonly needs: Permission
  /** In a sentence: "the deployment". */
  readonly what: string
  /** May it be sent again when nobody knows whether it arrived? */
  readonly repeatable: boolean
  readonly send: (rest: Rest, request: { readonly signal: AbortSignal }) => Promise<{ readonly data: T }>
}

/** Tells GitHub, as far as it listens. */
export interface Client {
  /** What GitHub answered, or undefined. Never throws, and always ends soon. */
  tell<T>(telling: Telling<T>): Promise<T | undefined>
  /** What the token lacks, as far as it showed. */
  readonly missing: ReadonlySet<Permission>
  /** Sentences: what else GitHub was not told, and why. */
  readonly troubles: readonly string[]
  /** From now on everything together may take this long, in ms; then nothing more is sent. */
  limit(within: Ms): Promise<void>
  /** Gives up what is under way; nothing keeps the process alive any more. */
  close(): void
}

/** What a client needs. */
export interface Connection {
  readonly clock: Clock
  readonly token: string
  /** GITHUB_API_URL: another one on an Enterprise server. */
  readonly apiUrl: string
  /** Values that must not be in what is sent. */
  readonly secrets: readonly string[]
  /** Loads GitHub's own client: it would cost every start of the process its time. */
  readonly load: () => Promise<Library>
}

/** One request may take this long. */
const requestWithin: Ms = 10_000
const tryAgainAfter: Ms = 1_000

/**
 * A client that is never in anybody's way: every request is limited in time, one that got lost is sent once more if
 * that does no harm, a rate limit is the end of it, and a permission that is missing is asked for only once.
 */
export function createClient(connection: Connection): Client {
  const { clock } = connection
  const missing = new Set<Permission>()
  const troubles: string[] = []
  const over = new AbortController()
  let opened: Promise<Rest> | undefined
  const rest = () => {
    opened ??= open(connection)
    return opened
  }
  const once = async <T>({ send }: Telling<T>): Promise<T> => {
    const api = await rest()
    const done = new AbortController()
    const timeUp = new AbortController()
    clock.sleep(requestWithin, done.signal).then(
      () => timeUp.abort(new Error(`no answer within ${requestWithin / 1000} s`)),
      () => undefined,
    )
    const signal = AbortSignal.any([over.signal, timeUp.signal])
    try {
      signal.throwIfAborted()
      const { data } = await Promise.race([send(api, { signal }), aborted(signal)])
      return data
    } finally {
      done.abort()
    }
  }
  const attempt = async <T>(telling: Telling<T>): Promise<T> => {
    try {
      return await once(telling)
    } catch (thrown) {
      if (!telling.repeatable || over.signal.aborted || !isPassing(thrown)) throw thrown
      await clock.sleep(tryAgainAfter, over.signal)
      return once(telling)
    }
  }
  return {
    missing,
    troubles,
    async limit(within) {
      // Loading takes the processor's time, which is none of GitHub's.
      await rest()
      clock.sleep(within, over.signal).then(
        () => over.abort(new Error('GitHub took too long')),
        () => undefined,
      )
    },
    close: () => over.abort(new Error('it is over')),
    async tell(telling) {
      if (over.signal.aborted || missing.has(telling.needs)) return undefined
      try {
        return await attempt(telling)
      } catch (thrown) {
        if (isPermission(thrown)) missing.add(telling.needs)
        else if (!over.signal.aborted || troubles.length === 0)
          troubles.push(`GitHub was not told of ${telling.what}: ${reasonOf(thrown)}`)
        // Whoever goes on knocking on a closed door is kept out for longer.
        if (isLimit(thrown)) over.abort(thrown)
        return undefined
      }
    },
  }
}

async function open({ token, apiUrl, secrets, load }: Connection): Promise<Rest> {
  const { GitHub, defaults, getOctokitOptions } = await load()
  const send = defaults.request?.fetch as typeof globalThis.fetch
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  return new GitHub({
    ...getOctokitOptions(token),
    baseUrl: apiUrl,
    log: silent,
    request: {
      fetch: (url: string, init: RequestInit) =>
        send(url, typeof init.body === 'string' ? { ...init, body: conceal(init.body, secrets) } : init),
    },
  }).rest
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
