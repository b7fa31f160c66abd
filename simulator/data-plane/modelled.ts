import { covers, nameMismatch, shownTo } from '../certificates/covers.ts'
import type { Clock } from '../clock.ts'
import { connectionRefused, connectionTimedOut, createAddresses, isPrivate, placeOf } from './addresses.ts'
import { type AppBehaviour, answer, good } from './behaviour.ts'
import type { AppRequest, AppResponse, DataPlane, InstanceOrder } from './data-plane.ts'
import { type Decision, type Listener, plainHttp } from './listeners.ts'
import { createRoutes } from './routes.ts'
import { createTrafficWindow, type TrafficWindow } from './traffic.ts'

/**
 * A data plane of modelled apps: no process, no socket, no time; everything resolves in microtasks. An app answers by
 * its version label's behaviour, read anew at every request, so that a test can change the map under way.
 */
export function createModelledApps(
  clock: Clock,
  behaviours: ReadonlyMap<string, AppBehaviour> = new Map(),
): DataPlane {
  const apps = new Map<string, App>()
  const logs = new Map<string, string>()
  const fronts = new Map<string, Front>()
  const routes = createRoutes(clock)
  const addresses = createAddresses()
  const behaviourOf = (version: string) => behaviours.get(version) ?? good

  const start = async ({ instance, bundle: { version } }: InstanceOrder) => {
    apps.delete(instance)
    const { starts = true, output } = behaviourOf(version)
    const said = output ?? (starts ? `${version} listens` : `${version} cannot start: exit status 1`)
    logs.set(instance, [logs.get(instance), said].filter(Boolean).join('\n'))
    if (!starts) throw new Error(`The application of ${instance} did not come up:\n${said}`)
    apps.set(instance, { version, since: clock.now(), served: 0, window: createTrafficWindow(clock) })
  }

  const ask = (instance: string, request: AppRequest): AppResponse | undefined => {
    const app = apps.get(instance)
    if (!app) return undefined
    const life = { served: app.served, upForMs: clock.now() - app.since }
    if (!request.check) app.served += 1
    return answer(app.version, behaviourOf(app.version), request, life)
  }

  const toApplication = (decision: Decision, request: AppRequest): AppResponse => {
    if (decision.is === 'answer') return decision.response
    const response = toInstance(decision, request)
    const cookies = [response.headers['set-cookie'] ?? [], decision.cookies].flat()
    if (cookies.length === 0) return response
    return { ...response, headers: { ...response.headers, 'set-cookie': cookies.join(', ') } }
  }

  const toInstance = (decision: Exclude<Decision, { is: 'answer' }>, request: AppRequest): AppResponse => {
    const { environment } = decision
    const route = environment === undefined ? undefined : routes.of(environment)
    const instance = decision.is === 'instance' ? decision.instance : route?.next()
    if (instance === undefined) return { status: 503, headers: {}, body: 'No instance is in service.' }
    const response = ask(instance, request) ?? {
      status: 502,
      headers: {},
      body: 'Nothing answers behind nginx.',
    }
    const app = apps.get(instance)
    const { latency = 0.01 } = behaviourOf(app?.version ?? '')
    if (request.check) return response
    route?.window.count(response.status, latency)
    app?.window.count(response.status, latency)
    return response
  }

  return {
    start,
    deploy: start,
    async stop(instance) {
      apps.delete(instance)
      logs.delete(instance)
    },
    async crash(instance) {
      apps.delete(instance)
    },
    log: (instance) => logs.get(instance) ?? '',
    async openFront(environment, { internal = false, listeners = [plainHttp] } = {}) {
      const front: Front = fronts.get(environment) ?? {
        environment,
        address: internal ? addresses.nextPrivate() : addresses.next(),
        listeners,
      }
      fronts.set(environment, front)
      return [front.address]
    },
    async setListeners(environment, listeners) {
      const front = fronts.get(environment)
      if (front) front.listeners = listeners
    },
    setTargets(environment, instances, split) {
      routes.set(environment, { instances: [...instances], split })
    },
    async closeFront(environment) {
      fronts.delete(environment)
      routes.remove(environment)
    },
    check: async (instance, path) =>
      ask(instance, { method: 'GET', host: instance, path, check: true })?.status,
    traffic: (environment) => routes.of(environment).window.read(),
    trafficOf: (instance) => (apps.get(instance)?.window ?? createTrafficWindow(clock)).read(),
    async request(address, request) {
      const place = placeOf(address, request.tls)
      if (isPrivate(place.ip) && !request.inside) throw connectionTimedOut(place)
      const front = [...fronts.values()].find((one) => one.address === place.ip)
      if (!front) throw connectionRefused(place)
      const listener = front.listeners.find(({ port }) => port === place.port)
      if (!listener) throw connectionTimedOut(place)
      return throughListener(listener, request, (passed) =>
        toApplication(listener.decide(passed, front.environment), passed),
      )
    },
    async close() {
      apps.clear()
      fronts.clear()
    },
  }
}

/** TLS, rules, and the headers that a load balancer adds. */
function throughListener(
  listener: Listener,
  request: AppRequest,
  pass: (request: AppRequest) => AppResponse,
): AppResponse {
  const { protocol, port } = listener
  if (protocol === 'HTTPS' && !request.tls)
    return { status: 400, headers: {}, body: 'The plain HTTP request was sent to HTTPS port' }
  if (request.tls) shakeHands(listener, request.host)
  const added = { 'x-forwarded-proto': protocol.toLowerCase(), 'x-forwarded-port': String(port) }
  return pass({ ...request, headers: { ...request.headers, ...added } })
}

/** Throws what a client says that does not get the certificate it wants. */
function shakeHands({ protocol, certificates }: Listener, host: string): void {
  const shown = protocol === 'HTTPS' ? shownTo(host, certificates) : undefined
  if (!shown) throw Object.assign(new Error('write EPROTO: wrong version number'), { code: 'EPROTO' })
  if (!covers(shown, host)) throw nameMismatch(host, shown)
}

interface App {
  readonly version: string
  readonly since: number
  readonly window: TrafficWindow
  served: number
}

interface Front {
  readonly environment: string
  readonly address: string
  listeners: readonly Listener[]
}
