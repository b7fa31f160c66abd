import { AutoScaling } from '@aws-sdk/client-auto-scaling'
import { ElasticBeanstalk } from '@aws-sdk/client-elastic-beanstalk'
import type { HttpRequest } from '@smithy/core/protocols'
import type { Quotas } from '../../simulator/beanstalk/quotas.ts'
import { virtualClock } from '../../simulator/clock.ts'
import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import { inProcess } from '../../simulator/in-process.ts'
import { createSimulator } from '../../simulator/simulator.ts'
import type { Switches } from '../../simulator/switches.ts'
import { amzDate } from '../../simulator/wire/authorization.ts'

interface WorldOptions {
  readonly switches?: Partial<Switches>
  readonly behaviours?: Readonly<Record<string, AppBehaviour>>
  readonly seed?: number
  readonly quotas?: Partial<Quotas>
}

/** Elastic Beanstalk in virtual time with modelled apps, reached with the real SDK: application `shop`, versions v1, v2. */
export function beanstalkWorld({ switches = {}, behaviours = {}, seed = 1, quotas = {} }: WorldOptions = {}) {
  const clock = virtualClock()
  let state = seed
  const random = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state / 2 ** 31
  }
  const dataPlane = createModelledApps(clock, new Map(Object.entries(behaviours)))
  const simulator = createSimulator({
    clock,
    dataPlane,
    random,
    throttling: false,
    quotas,
    switches: { staleReadsMs: 0, ...switches },
  })
  const handler = inProcess(simulator)
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      ...handler,
      // The SDK learns the difference of the clocks once; virtual time then runs away from what it signs with.
      handle: (request: HttpRequest, options?: object) => {
        request.headers['x-amz-date'] = amzDate(clock.now())
        return handler.handle(request, options)
      },
    },
  }
  const eb = new ElasticBeanstalk(config)
  const autoScaling = new AutoScaling(config)
  const { given, byHand, state: stateNow } = simulator.beanstalk
  given.application('shop')
  given.version('shop', 'v1', zip)
  given.version('shop', 'v2', zip)

  const environment = (name: string) => {
    const found = stateNow().environments.findLast((one) => one.name === name)
    if (!found) throw new Error(`no environment ${name}`)
    return found
  }
  return {
    clock,
    simulator,
    dataPlane,
    eb,
    autoScaling,
    config,
    given,
    byHand,
    state: stateNow,
    /** The newest environment of that name, as it truly is. */
    environment,
    /** Runs work in virtual time. */
    run: clock.run,
    seconds: (count: number) => clock.runUntil(clock.now() + count * 1_000),
    /** Messages of an environment's events, oldest first. */
    async messages(name: string) {
      const { Events = [] } = await clock.run(eb.describeEvents({ EnvironmentId: environment(name).id }))
      return Events.map(({ Message = '' }) => Message).reverse()
    },
    /** Drives time until an environment has the status; how many seconds that took. */
    async until(name: string, status: string) {
      const start = clock.now()
      while (environment(name).status !== status) {
        if (clock.now() - start > 3_600_000)
          throw new Error(`${name} is ${environment(name).status} for an hour`)
        await clock.runUntil(clock.now() + 1_000)
      }
      return (clock.now() - start) / 1_000
    },
    /** What comes back from a name, through its DNS. */
    async get(name: string, path = '/') {
      const address = simulator.names.resolve(name).find(({ type }) => type === 'A')?.data
      if (address === undefined) return undefined
      return dataPlane.request(address, { method: 'GET', host: name, path })
    },
    /** Sends so many requests a second to an environment, until time stands at `end`. */
    load(
      name: string,
      { perSecond, forSeconds, path = '/' }: { perSecond: number; forSeconds: number; path?: string },
    ) {
      const end = clock.now() + forSeconds * 1_000
      const again = () => {
        const address = simulator.names.resolve(name).find(({ type }) => type === 'A')?.data
        for (let one = 0; one < perSecond && address; one++) {
          void dataPlane.request(address, { method: 'GET', host: name, path })
        }
        if (clock.now() < end) clock.at(clock.now() + 1_000, again)
      }
      again()
    },
  }
}

/** An empty zip. */
export const zip = Uint8Array.from([0x50, 0x4b, 0x05, 0x06, ...Array.from({ length: 18 }, () => 0)])

/** The message of an error that a call answers with, with its name. */
export const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  )
