import type { Clock } from '../clock.ts'
import { connectionRefused, createAddresses, withoutPort } from './addresses.ts'
import { type AppBehaviour, answer, good } from './behaviour.ts'
import type { AppRequest, AppResponse, DataPlane, InstanceOrder } from './data-plane.ts'
import { type Targets, targetOfTurn } from './targets.ts'
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
  const targets = new Map<string, Targets>()
  const nextAddress = createAddresses()
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

  const throughFront = (front: Front, request: AppRequest): AppResponse => {
    const instance = targetOfTurn(targets.get(front.environment) ?? { instances: [] }, front.turn++)
    if (instance === undefined) return { status: 503, headers: {}, body: 'No instance is in service.' }
    const response = ask(instance, request) ?? {
      status: 502,
      headers: {},
      body: 'Nothing answers behind nginx.',
    }
    const app = apps.get(instance)
    const { latency = 0.01 } = behaviourOf(app?.version ?? '')
    if (request.check) return response
    front.window.count(response.status, latency)
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
    log: (instance) => logs.get(instance) ?? '',
    async openFront(environment) {
      const front: Front = fronts.get(environment) ?? {
        environment,
        address: nextAddress(),
        window: createTrafficWindow(clock),
        turn: 0,
      }
      fronts.set(environment, front)
      return [front.address]
    },
    setTargets(environment, instances, split) {
      targets.set(environment, { instances: [...instances], split })
    },
    async closeFront(environment) {
      fronts.delete(environment)
      targets.delete(environment)
    },
    check: async (instance, path) =>
      ask(instance, { method: 'GET', host: instance, path, check: true })?.status,
    traffic: (environment) => (fronts.get(environment)?.window ?? createTrafficWindow(clock)).read(),
    trafficOf: (instance) => (apps.get(instance)?.window ?? createTrafficWindow(clock)).read(),
    async request(address, request) {
      const front = [...fronts.values()].find((one) => one.address === withoutPort(address))
      if (!front) throw connectionRefused(address)
      return throughFront(front, request)
    },
    async close() {
      apps.clear()
      fronts.clear()
      targets.clear()
    },
  }
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
  readonly window: TrafficWindow
  turn: number
}
