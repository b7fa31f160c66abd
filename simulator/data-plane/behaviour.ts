import type { AppRequest, AppResponse } from './data-plane.ts'

/** How a modelled version behaves; what is left out behaves well. Rules that fail are tried in the order written here. */
export interface AppBehaviour {
  /** False: the application exits as soon as it is started. */
  readonly starts?: boolean
  /** What it writes on standard output when it starts, or before it exits. */
  readonly output?: string
  /** Status by path (without query). */
  readonly failsPath?: Readonly<Record<string, number>>
  /** Answers 500 after so many requests on one instance; load balancers' checks do not count. */
  readonly failsAfterRequests?: number
  /** Answers 500 when it has been up for so many ms of simulated time. */
  readonly failsAfterMs?: number
  /** Whether `/health` fails along with the rest after `failsAfterRequests` and `failsAfterMs`; it does not by itself. */
  readonly failsHealthToo?: boolean
  /** The status of everything else; 200 when left out. */
  readonly status?: number
  /** Seconds that an answer is reported to take; 0.01 when left out. The answer itself takes no time. */
  readonly latency?: number
  /** Answers itself; undefined leaves the answer to the rules above. */
  readonly respond?: (request: AppRequest, life: AppLife) => Partial<AppResponse> | undefined
}

/** What a running application remembers. */
export interface AppLife {
  /** Requests answered before this one, checks excluded. */
  readonly served: number
  /** Since it was started, in ms of simulated time. */
  readonly upForMs: number
}

/** Everything well: 200, the version as a header and in the body. */
export const good: AppBehaviour = {}

/** What a version answers to one request. */
export function answer(version: string, behaviour: AppBehaviour, to: AppRequest, life: AppLife): AppResponse {
  const own = behaviour.respond?.(to, life)
  const status = own?.status ?? statusOf(behaviour, to, life)
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-version': version, ...own?.headers },
    body: own?.body ?? JSON.stringify({ version, ...(status >= 400 && { error: `status ${status}` }) }),
  }
}

function statusOf(behaviour: AppBehaviour, request: AppRequest, life: AppLife): number {
  const path = request.path.split('?')[0] ?? '/'
  const ofPath = behaviour.failsPath?.[path]
  if (ofPath !== undefined) return ofPath
  const spared = path === '/health' && behaviour.failsHealthToo !== true
  if (!spared && life.served >= (behaviour.failsAfterRequests ?? Number.POSITIVE_INFINITY)) return 500
  if (!spared && life.upForMs >= (behaviour.failsAfterMs ?? Number.POSITIVE_INFINITY)) return 500
  return behaviour.status ?? 200
}
