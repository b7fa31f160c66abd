import type { Clock } from '../clock.ts'
import { answerOf, type FaultOrder, type OrderedFault, takeFault } from './faults.ts'
import { answerIdToken, idTokenPath } from './id-token.ts'
import { acceptedPermissions, everything, isAllowed, type Permissions } from './permissions.ts'
import { forbidden, invalidRequest, notFound, Refusal, refusal } from './refusals.ts'
import type { GithubAnswer, GithubOutcome, GithubRequest } from './request.ts'
import { type Route, routeOf } from './routes.ts'
import { isObject } from './shape.ts'
import { type GithubState, newState } from './state.ts'

export interface GithubOrder {
  readonly clock: Clock
  /** The only repository that there is; every one when left out. */
  readonly repository?: string
  /** What the token may do; everything when left out. */
  readonly permissions?: Permissions
  /** The only token that is good; every one when left out. */
  readonly token?: string
  /** Told of every request, accepted or refused. Nothing in it is secret. */
  readonly log?: (entry: LogEntry) => void
}

/** One request and what became of it. */
export interface LogEntry {
  /** ISO 8601. */
  readonly at: string
  readonly method: string
  readonly path: string
  /** The body, when it is JSON. */
  readonly sent: unknown
  readonly status: number | 'no answer'
  /** Why it was refused. */
  readonly refused?: string
}

/** A local GitHub: the part of its REST API that deployments, checks, comments and ID tokens need. */
export interface LocalGithub {
  handle(request: GithubRequest): Promise<GithubOutcome>
  readonly state: GithubState
  readonly requests: readonly LogEntry[]
  readonly clock: Clock
  permit(permissions: Permissions): void
  order(fault: FaultOrder): void
  clearFaults(): void
}

/** The requests that a job's token may send in an hour [docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api]. */
const hourly = 1_000

/** An empty GitHub. Throws nothing; what is wrong with a request is its answer. */
export function createLocalGithub(order: GithubOrder): LocalGithub {
  const { clock, log = () => {} } = order
  const state = newState()
  const requests: LogEntry[] = []
  const faults: OrderedFault[] = []
  let permissions = order.permissions ?? everything

  const answer = async (request: GithubRequest): Promise<GithubOutcome> => {
    const fault = takeFault(faults, request)
    const refused = fault ? await answerOf(fault, clock) : 'go on'
    if (refused !== 'go on') return refused
    const { pathname } = addressOf(request)
    if (pathname === idTokenPath) return answerIdToken(request, clock.now())
    const answered = answerApi(request, { order, state, permissions })
    return fault?.fault === 'lost' ? 'reset' : answered
  }

  return {
    state,
    requests,
    clock,
    permit: (given) => {
      permissions = given
    },
    order: (fault) => {
      faults.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY })
    },
    clearFaults: () => {
      faults.length = 0
    },
    async handle(request) {
      const outcome = await answer(request)
      const entry = entryOf(request, outcome, clock.now())
      requests.push(entry)
      log(entry)
      return typeof outcome === 'string' ? outcome : withHeaders(outcome, requests.length, clock.now())
    },
  }
}

interface Surroundings {
  readonly order: GithubOrder
  readonly state: GithubState
  readonly permissions: Permissions
}

function answerApi(request: GithubRequest, { order, state, permissions }: Surroundings): GithubAnswer {
  try {
    const url = addressOf(request)
    checkHeaders(request, order)
    const found = routeOf(request.method, url.pathname.replace(/^\/api\/v3(?=\/)/, ''))
    if (!found || (order.repository !== undefined && found.repository !== order.repository)) return notFound()
    const { route, repository, id } = found
    if (!isAllowed(permissions, route.needs))
      return {
        ...forbidden(route.page),
        headers: { 'x-accepted-github-permissions': acceptedPermissions(route.needs) },
      }
    const body = bodyOf(request, route)
    return route.answer(state, {
      repository,
      id,
      query: url.searchParams,
      body,
      now: order.clock.now(),
      base: url.origin,
    })
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.answer
    throw thrown
  }
}

/** [docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api, troubleshooting-the-rest-api] */
function checkHeaders({ headers }: GithubRequest, { token }: GithubOrder): void {
  if (!headers['user-agent'])
    throw new Refusal(
      refusal(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      ),
    )
  const [, given] = /^(?:bearer|token) (\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (given === undefined) throw new Refusal(refusal(401, 'Requires authentication'))
  if (token !== undefined && given !== token) throw new Refusal(refusal(401, 'Bad credentials'))
  const accept = headers.accept ?? '*/*'
  if (!/application\/(?:json|vnd\.github(?:\.[\w-]+)*(?:\+json)?)\b|\*\/\*/.test(accept))
    throw new Refusal(
      refusal(415, `Unsupported 'Accept' header: '${accept}'. Must accept 'application/json'.`),
    )
  const version = headers['x-github-api-version']
  if (version !== undefined && !['2022-11-28', '2026-03-10'].includes(version))
    throw new Refusal(refusal(400, `Invalid API version: ${version}`))
}

function bodyOf({ body }: GithubRequest, route: Route): Readonly<Record<string, unknown>> {
  if (!route.body) return {}
  const given = parsed(body)
  if (given === undefined) throw new Refusal(refusal(400, 'Problems parsing JSON', { page: route.page }))
  if (!isObject(given)) throw new Refusal(refusal(400, 'Body should be a JSON object', { page: route.page }))
  const complaints = route.body(given, '')
  if (complaints.length > 0) throw new Refusal(invalidRequest(complaints, route.page))
  return given
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const addressOf = ({ path, headers }: GithubRequest): URL =>
  new URL(path, `http://${headers.host ?? 'api.github.test'}`)

function entryOf({ method, path, body }: GithubRequest, outcome: GithubOutcome, now: number): LogEntry {
  const entry = { at: new Date(now).toISOString(), method, path, sent: parsed(body) }
  if (typeof outcome === 'string') return { ...entry, status: 'no answer', refused: outcome }
  if (outcome.status < 400) return { ...entry, status: outcome.status }
  const { body: answered } = outcome
  return {
    ...entry,
    status: outcome.status,
    refused: isObject(answered) ? String(answered.message) : String(answered),
  }
}

const withHeaders = (answer: GithubAnswer, count: number, now: number): GithubAnswer => ({
  ...answer,
  headers: {
    'content-type': 'application/json; charset=utf-8',
    date: new Date(now).toUTCString(),
    'x-github-request-id': `L0CA:${count.toString(16).toUpperCase()}`,
    'x-ratelimit-limit': String(hourly),
    'x-ratelimit-remaining': String(Math.max(hourly - count, 0)),
    'x-ratelimit-reset': String(Math.ceil(now / 1000) + 3_600),
    'x-ratelimit-used': String(count),
    'x-ratelimit-resource': 'core',
    ...answer.headers,
  },
})
