import type { Cancel, Clock } from './clock.ts'
import { createCookieJar } from './cookie-jar.ts'
import type { AppResponse, DataPlane } from './data-plane/data-plane.ts'
import { createResolverCache, type Lookup } from './dns/cache.ts'

export interface UsersOrder {
  readonly clock: Clock
  /** The authoritative names; each user puts a cache of its own in front. */
  readonly names: { readonly resolve: Lookup }
  /** Usually `dataPlane.request`. */
  readonly send: DataPlane['request']
  /** The name that users know, for example the production CNAME. */
  readonly address: string
  readonly count: number
  /** Between two requests of one user, ± 10 %, in ms of simulated time. */
  readonly everyMs: number
  readonly random: () => number
  /** What they ask for, in turn; `/` and `/orders` when left out. */
  readonly paths?: readonly string[]
  /** Over TLS, under the address's name. */
  readonly tls?: boolean
  /** From within the VPC, where internal load balancers answer. */
  readonly inside?: boolean
  /** How many times its TTL a user keeps a DNS answer; 1 when left out. */
  readonly ttlFactor?: number
  /** They keep cookies, as browsers do: what makes a load balancer's stickiness show. */
  readonly keepCookies?: boolean
}

/** One request of one user. */
export interface UserRequest {
  /** When it was sent. */
  readonly at: number
  readonly user: number
  readonly path: string
  /** The virtual address; absent when the name had none. */
  readonly to?: string
  readonly status?: number
  /** What the answer says (`x-version`, else `version` in JSON); absent when nothing says it. */
  readonly version?: string
  /** Absent when it went well. A failure is no address, no answer, or a status of 400 and more. */
  readonly failure?: string
}

export interface UsersReport {
  readonly requests: number
  readonly failed: number
  /** The longest time between two successes (of anybody) in which somebody failed; 0 without failures, in ms. */
  readonly longestGapMs: number
  /** Answers by version; `unknown` are answers without one (a load balancer's own). */
  readonly byVersion: Readonly<Record<string, number>>
  /** Failures by version; `nobody` are requests that nothing answered. */
  readonly failuresByVersion: Readonly<Record<string, number>>
}

export interface Users {
  /** What they saw of the requests sent from `from` to `to` (both included); from the start and until now when left out. */
  report(from?: number, to?: number): UsersReport
  /** The requests behind the report, in the order in which they were sent. */
  requests(from?: number, to?: number): readonly UserRequest[]
  /** Ends them; resolves when what was under way has been answered and counted. */
  stop(): Promise<void>
}

/** Puts users on an address: they ask all the time, keep DNS answers for their TTL, and count everything. */
export function startUsers(order: UsersOrder): Users {
  const { clock, everyMs, random } = order
  const seen: UserRequest[] = []
  const underWay = new Set<Promise<void>>()
  const next = new Map<number, Cancel>()

  const begin = (user: number) => {
    const ask = createUser(order, user)
    const later = (ms: number) => next.set(user, clock.at(clock.now() + ms, tick))
    const tick = () => {
      later(everyMs * (0.9 + 0.2 * random()))
      const asked = ask().then((request) => {
        seen.push(request)
        underWay.delete(asked)
      })
      underWay.add(asked)
    }
    later(everyMs * random())
  }
  for (let user = 0; user < order.count; user++) begin(user)

  const requests = (from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY) =>
    seen.filter(({ at }) => at >= from && at <= to).sort((one, other) => one.at - other.at)
  return {
    requests,
    report: (from, to) => reportOf(requests(from, to), to ?? clock.now()),
    async stop() {
      for (const cancel of next.values()) cancel()
      next.clear()
      await Promise.all(underWay)
    },
  }
}

function createUser({ clock, names, send, address, random, ...order }: UsersOrder, user: number) {
  const { paths = ['/', '/orders'], ttlFactor = 1, tls = false, inside = false, keepCookies } = order
  const jar = keepCookies ? createCookieJar(clock) : undefined
  const resolve = createResolverCache(clock, names.resolve, { firstAge: random, ttlFactor })
  let asked = user
  return async (): Promise<UserRequest> => {
    const path = paths[asked++ % paths.length] ?? '/'
    const sent = { at: clock.now(), user, path }
    try {
      const addresses = await resolve(address)
      const to = addresses[Math.floor(random() * addresses.length)]
      if (to === undefined) return { ...sent, failure: 'the name has no address' }
      return { ...sent, to, ...(await reach(to)) }
    } catch (error) {
      return { ...sent, failure: messageOf(error) }
    }

    async function reach(to: string): Promise<Pick<UserRequest, 'status' | 'version' | 'failure'>> {
      try {
        const headers = jar?.headers() ?? {}
        const response = await send(to, { method: 'GET', host: address, path, tls, inside, headers })
        jar?.keep(response)
        const version = versionOf(response)
        return {
          status: response.status,
          ...(version !== undefined && { version }),
          ...(response.status >= 400 && { failure: `status ${response.status}` }),
        }
      } catch (error) {
        return { failure: messageOf(error) }
      }
    }
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

function versionOf({ headers, body }: AppResponse): string | undefined {
  const header = headers['x-version']
  if (header) return header
  if (!body.startsWith('{')) return undefined
  try {
    const { version } = JSON.parse(body)
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

function reportOf(requests: readonly UserRequest[], until: number): UsersReport {
  const failures = requests.filter(({ failure }) => failure !== undefined)
  return {
    requests: requests.length,
    failed: failures.length,
    longestGapMs: longestGap(requests, until),
    byVersion: countBy(requests.filter(({ status }) => status !== undefined)),
    failuresByVersion: countBy(failures),
  }
}

function countBy(requests: readonly UserRequest[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { version, status } of requests) {
    const who = version ?? (status === undefined ? 'nobody' : 'unknown')
    counts[who] = (counts[who] ?? 0) + 1
  }
  return counts
}

/** Before the first request nobody was there to fail; after the last one a failure lasts until the report's end. */
function longestGap(requests: readonly UserRequest[], until: number): number {
  let longest = 0
  let lastSuccess = requests[0]?.at ?? until
  let failing = false
  for (const { at, failure } of requests) {
    if (failure !== undefined) {
      failing = true
      continue
    }
    if (failing) longest = Math.max(longest, at - lastSuccess)
    lastSuccess = at
    failing = false
  }
  return failing ? Math.max(longest, until - lastSuccess) : longest
}
