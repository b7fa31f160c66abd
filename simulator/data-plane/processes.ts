import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../clock.ts'
import { connectionRefused, createAddresses, withoutPort } from './addresses.ts'
import { type AppProcess, launch } from './app-process.ts'
import type { DataPlane, InstanceOrder } from './data-plane.ts'
import { type Front, openFront } from './front.ts'
import { sendTo } from './http-get.ts'
import { createOutput, type Output } from './output.ts'
import { startReaper } from './reaper.ts'
import { type Targets, targetOfTurn } from './targets.ts'
import { createTrafficWindow, type TrafficWindow } from './traffic.ts'
import { unpack } from './unpack.ts'
import { webCommand, writeSampleApplication } from './web-command.ts'

/** A data plane whose fronts really listen somewhere. */
export interface Processes extends DataPlane {
  /** The port of 127.0.0.1 at which a virtual address really listens; undefined when none does. */
  portOf(address: string): number | undefined
}

/**
 * A data plane of real processes behind real HTTP fronts. Bundles are unpacked below `workDirectory`, one directory
 * per instance and deployment. Windows of traffic are of simulated time; latencies are real seconds.
 */
export function createProcesses(order: { readonly clock: Clock; readonly workDirectory: string }): Processes {
  const { clock, workDirectory } = order
  const instances = new Map<string, Instance>()
  const fronts = new Map<string, Front & { readonly address: string }>()
  const targets = new Map<string, Targets>()
  const nextAddress = createAddresses()
  const reaper = startReaper()
  let deployments = 0
  let closed = false

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
    targets.delete(environment)
    await front?.close()
  }

  const portOf = (address: string) =>
    [...fronts.values()].find((front) => front.address === withoutPort(address))?.port

  return {
    start,
    deploy: start,
    stop,
    portOf,
    log: (name) => instances.get(name)?.output.text() ?? '',
    async openFront(environment) {
      const known = fronts.get(environment)
      if (known) return [known.address]
      const front = await openFront({
        window: createTrafficWindow(clock),
        targetOf: (turn) => {
          const name = targetOfTurn(targets.get(environment) ?? { instances: [] }, turn)
          const instance = name === undefined ? undefined : instances.get(name)
          return name === undefined ? undefined : { port: instance?.app?.port, window: instance?.window }
        },
      })
      const address = nextAddress()
      fronts.set(environment, { ...front, address })
      return [address]
    },
    setTargets(environment, names, split) {
      targets.set(environment, { instances: [...names], split })
    },
    closeFront,
    async check(name, path) {
      const port = instances.get(name)?.app?.port
      if (port === undefined) return undefined
      const asked = sendTo(port, { method: 'GET', host: '127.0.0.1', path, check: true })
      return asked.then(({ status }) => status).catch(() => undefined)
    },
    traffic: (environment) => (fronts.get(environment)?.window ?? createTrafficWindow(clock)).read(),
    trafficOf: (name) => (instances.get(name)?.window ?? createTrafficWindow(clock)).read(),
    async request(address, wanted) {
      const port = portOf(address)
      if (port === undefined) throw connectionRefused(address)
      return sendTo(port, wanted)
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
