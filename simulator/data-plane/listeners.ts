import type { Certificate } from '../certificates/store.ts'

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

/** Where a listener sends a request. */
export const destinationOf = ({ rules, otherwise }: Listener, request: RuleInput): Destination =>
  (firstMatch(rules, request) ?? { to: otherwise }).to

/** What the front answers by itself instead of passing a request on. */
export function ownAnswer(
  destination: Destination,
): { readonly status: number; readonly text: string } | undefined {
  if (destination === 'nothing') return { status: 502, text: '502 Bad Gateway' }
  return destination === 'not found' ? { status: 404, text: '404 Not Found' } : undefined
}

/** The environment that a destination is in, for a front of this environment. */
export const environmentOf = (destination: Destination, own: string): string =>
  typeof destination === 'object' ? destination.environment : own

const matches = (patterns: readonly string[], text: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => asExpression(pattern).test(text))

const asExpression = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/\W/g, (one) => ({ '*': '.*', '?': '.' })[one] ?? `\\${one}`)}$`, 's')
