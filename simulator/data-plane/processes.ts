import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Authority, createAuthority } from '../certificates/authority.ts'
import type { Clock } from '../clock.ts'
import { connectionRefused, connectionTimedOut, createAddresses, isPrivate, placeOf } from './addresses.ts'
import { type AppProcess, launch } from './app-process.ts'
import type { DataPlane, InstanceOrder } from './data-plane.ts'
import { createFront, type Front } from './front.ts'
import { sendTo } from './http-get.ts'
import { plainHttp } from './listeners.ts'
import { createOutput, type Output } from './output.ts'
import { startReaper } from './reaper.ts'
import { createRoutes } from './routes.ts'
import { createTrafficWindow, type TrafficWindow } from './traffic.ts'
import { unpack } from './unpack.ts'
import { webCommand, writeSampleApplication } from './web-command.ts'

/** A data plane whose fronts really listen somewhere. */
export interface Processes extends DataPlane {
  /**
   * The port of 127.0.0.1 behind a port of a virtual address; undefined when nothing listens there, or when it is
   * private, and so not to be reached from outside.
   */
  portOf(address: string, port?: number): number | undefined
}

/** What real processes need. */
export interface ProcessesOrder {
  readonly clock: Clock
  readonly workDirectory: string
  readonly authority?: Authority
}

/**
 * A data plane of real processes behind real HTTP fronts. Bundles are unpacked below `workDirectory`, one directory
 * per instance and deployment. Windows of traffic are of simulated time; latencies are real seconds. Fronts show
 * certificates of `authority`; one is made when none is given and one is needed.
 */
export function createProcesses(order: ProcessesOrder): Processes {
  const { clock, workDirectory } = order
  const instances = new Map<string, Instance>()
  const fronts = new Map<string, Front & { readonly address: string }>()
  const routes = createRoutes(clock)
  const addresses = createAddresses()
  const reaper = startReaper()
  let made: Promise<Authority> | undefined
  let deployments = 0
  let closed = false

  const authority = () => {
    made ??= order.authority ? Promise.resolve(order.authority) : createAuthority()
    return made
  }

  const instanceOf = (name: string): Instance => {
    const instance = instances.get(name) ?? {
      output: createOutput(),
      window: createTrafficWindow(clock),
      idle: Promise.resolve(),
    }
    instances.set(name, instance)
    return instance
  }

  /** One thing at a time per instance, so that a stop during a start leaves nothing behind. */
  const inTurn = (instance: Instance, job: () => Promise<void>): Promise<void> => {
    const done = instance.idle.then(job)
    instance.idle = done.catch(() => {})
    return done
  }

  const end = async (instance: Instance) => {
    await instance.app?.stop()
    delete instance.app
    if (instance.directory) await rm(instance.directory, { recursive: true, force: true })
  }

  const replace = async (instance: Instance, { instance: name, bundle, variables }: InstanceOrder) => {
    await end(instance)
    if (closed) throw new Error('The simulator is closing')
    const label = bundle.version.replace(/[^\w.-]/g, '_')
    const directory = join(workDirectory, name, `${++deployments}-${label}`)
    instance.directory = directory
    await mkdir(directory, { recursive: true })
    if (bundle.content) await unpack(bundle.content, directory)
    else await writeSampleApplication(directory)
    const command = await webCommand(directory)
    const app = await launch({ command, directory, variables, output: instance.output, reaper })
    instance.starting = app
    try {
      if (instance.stopped) throw new Error('It was stopped while it started')
      await app.comeUp()
      instance.app = app
    } catch (error) {
      await app.stop()
      throw error
    } finally {
      delete instance.starting
    }
  }

  const start = (wanted: InstanceOrder) => {
    const instance = instanceOf(wanted.instance)
    return inTurn(instance, () => replace(instance, wanted))
  }

  const stop = async (name: string) => {
    const instance = instances.get(name)
    if (!instance) return
    instances.delete(name)
    instance.stopped = true
    await instance.starting?.stop()
    await inTurn(instance, () => end(instance))
    await rm(join(workDirectory, name), { recursive: true, force: true })
  }

  const closeFront = async (environment: string) => {
    const front = fronts.get(environment)
    fronts.delete(environment)
    routes.remove(environment)
    await front?.close()
  }

  const frontAt = (ip: string) => [...fronts.values()].find((front) => front.address === ip)

  const portOf = (address: string, port?: number) => {
    const place = placeOf(address)
    return isPrivate(place.ip) ? undefined : frontAt(place.ip)?.portOf(port ?? place.port)
  }

  return {
    start,
    deploy: start,
    stop,
    async crash(name) {
      const instance = instances.get(name)
      if (!instance) return
      await inTurn(instance, async () => {
        await instance.app?.stop()
        delete instance.app
      })
    },
    portOf,
    log: (name) => instances.get(name)?.output.text() ?? '',
    async openFront(environment, { internal = false, listeners = [plainHttp] } = {}) {
      const known = fronts.get(environment)
      if (known) return [known.address]
      const front = createFront({
        environment,
        targetOf: (decision) => {
          const of = decision.environment
          const route = of === undefined ? undefined : routes.of(of)
          const name = decision.is === 'instance' ? decision.instance : route?.next()
          if (name === undefined) return undefined
          const instance = instances.get(name)
          return { port: instance?.app?.port, windows: [route?.window, instance?.window] }
        },
        authority,
      })
      await front.listen(listeners)
      const address = internal ? addresses.nextPrivate() : addresses.next()
      fronts.set(environment, { ...front, address })
      return [address]
    },
    setListeners: async (environment, listeners) => fronts.get(environment)?.listen(listeners),
    setTargets(environment, names, split) {
      routes.set(environment, { instances: [...names], split })
    },
    closeFront,
    async check(name, path) {
      const port = instances.get(name)?.app?.port
      if (port === undefined) return undefined
      const asked = sendTo(port, { method: 'GET', host: '127.0.0.1', path, check: true })
      return asked.then(({ status }) => status).catch(() => undefined)
    },
    traffic: (environment) => routes.of(environment).window.read(),
    trafficOf: (name) => (instances.get(name)?.window ?? createTrafficWindow(clock)).read(),
    async request(address, wanted) {
      const place = placeOf(address, wanted.tls)
      if (isPrivate(place.ip) && !wanted.inside) throw connectionTimedOut(place)
      const front = frontAt(place.ip)
      if (!front) throw connectionRefused(place)
      const port = front.portOf(place.port)
      if (port === undefined) throw connectionTimedOut(place)
      return sendTo(port, wanted, wanted.tls ? (await authority()).cert : undefined)
    },
    async close() {
      closed = true
      await Promise.all([...[...fronts.keys()].map(closeFront), ...[...instances.keys()].map(stop)])
      reaper.close()
    },
  }
}

interface Instance {
  readonly output: Output
  readonly window: TrafficWindow
  /** Resolves when what was ordered so far has been done. */
  idle: Promise<void>
  app?: AppProcess
  starting?: AppProcess
  /** It is on its way out: what still starts on it must end. */
  stopped?: true
  directory?: string
}
