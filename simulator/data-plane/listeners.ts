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

/** The application of the environment, or a port of its instances at which nothing listens. */
export type Destination = 'application' | 'nothing'

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

const matches = (patterns: readonly string[], text: string): boolean =>
  patterns.length === 0 || patterns.some((pattern) => asExpression(pattern).test(text))

const asExpression = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/\W/g, (one) => ({ '*': '.*', '?': '.' })[one] ?? `\\${one}`)}$`, 's')
