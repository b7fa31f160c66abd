import type { Certificate } from '../certificates/store.ts'
import type { AppRequest, AppResponse } from './data-plane.ts'

/** What a front does with the requests of one port. */
export interface Listener {
  readonly port: number
  readonly protocol: 'HTTP' | 'HTTPS'
  /** Of HTTPS; the first is the default. */
  readonly certificates: readonly Certificate[]
  /** In the order in which they are tried. */
  readonly rules: readonly ListenerRule<Destination>[]
  /** Where requests go that no rule matches. */
  readonly otherwise: Destination
  /** In place of rules: whoever keeps the load balancer decides anew for every request. */
  readonly decide?: (request: AppRequest) => Decision
}

/** What a front does with one request; `cookies` are set along with the answer. */
export type Decision =
  | { readonly is: 'answer'; readonly response: AppResponse }
  /** The next instance of this environment. */
  | { readonly is: 'environment'; readonly environment: string; readonly cookies: readonly string[] }
  /** This instance; what it answers is the traffic of that environment. */
  | {
      readonly is: 'instance'
      readonly instance: string
      readonly environment: string | undefined
      readonly cookies: readonly string[]
    }

/**
 * The application of the front's own environment, that of another one behind the same front, a port of the instances at which
 * nothing listens, or the load balancer's own 404.
 */
export type Destination = 'application' | { readonly environment: string } | 'nothing' | 'not found'

/** Both conditions must hold; one without values always does. */
export interface ListenerRule<To> {
  readonly hosts: readonly string[]
  readonly paths: readonly string[]
  readonly to: To
}

/** Port 80, plain, everything to the application: what an environment has when nobody asks for more. */
export const plainHttp: Listener = {
  port: 80,
  protocol: 'HTTP',
  certificates: [],
  rules: [],
  otherwise: 'application',
}

/** What rules go by. */
export interface RuleInput {
  /** As in the Host header, with or without a port. */
  readonly host: string
  /** With or without its query, which does not count. */
  readonly path: string
}

/** The first rule that matches. `*` is any text, `?` one character; hosts in any case. [ALB:load-balancer-listeners] */
export function firstMatch<To>(
  rules: readonly ListenerRule<To>[],
  { host, path }: RuleInput,
): ListenerRule<To> | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const plainPath = path.split('?')[0] ?? '/'
  return rules.find(
    ({ hosts, paths }) =>
      matches(
        hosts.map((one) => one.toLowerCase()),
        name,
      ) && matches(paths, plainPath),
  )
}

/** What a front of this environment does with a request. */
export function decisionOf(listener: Listener, request: AppRequest, own: string): Decision {
  if (listener.decide) return listener.decide(request)
  const { to } = firstMatch(listener.rules, request) ?? { to: listener.otherwise }
  switch (to) {
    case 'nothing':
      return ownAnswer(502, '502 Bad Gateway')
    case 'not found':
      return ownAnswer(404, '404 Not Found')
    case 'application':
      return { is: 'environment', environment: own, cookies: [] }
    default:
      return { is: 'environment', environment: to.environment, cookies: [] }
  }
}

const ownAnswer = (status: number, body: string): Decision => ({
  is: 'answer',
  response: { status, headers: {}, body },
})

const matches = (patterns: readonly string[], text: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => asExpression(pattern).test(text))

const asExpression = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/\W/g, (one) => ({ '*': '.*', '?': '.' })[one] ?? `\\${one}`)}$`, 's')
