import { type VirtualClock, virtualClock } from '../../simulator/clock.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import type { CallFault, CallFaultOrder } from '../../simulator/faults.ts'
import { type InProcessOptions, inProcess } from '../../simulator/in-process.ts'
import { createSimulator } from '../../simulator/simulator.ts'
import type { Switches } from '../../simulator/switches.ts'
import { createBeanstalk } from '../../src/aws/beanstalk.ts'
import { createCapacity } from '../../src/aws/capacity.ts'
import { createClients } from '../../src/aws/clients.ts'
import { cnameSwap } from '../../src/aws/cname-swap.ts'
import { createStorage } from '../../src/aws/storage.ts'
import type { Clock } from '../../src/deployment/ports.ts'

interface Options extends InProcessOptions {
  readonly switches?: Partial<Switches>
  readonly throttling?: boolean
  readonly stateBucket?: string
}

export const bucket = 'elasticbeanstalk-us-east-1-123456789012'

/** The adapters on the real SDK, a simulated AWS behind it, all of it in virtual time. Application `shop` with v1 and v2. */
export function awsWorld({ switches = {}, throttling = false, stateBucket, ...transport }: Options = {}) {
  const clock = virtualClock()
  const random = seeded(1)
  const aws = createSimulator({
    clock,
    random,
    throttling,
    dataPlane: createModelledApps(clock),
    switches: { staleReadsMs: 0, ...switches },
  })
  aws.beanstalk.given.application('shop')
  aws.beanstalk.given.version('shop', 'v1')
  aws.beanstalk.given.version('shop', 'v2')
  const connect = (seed = 2) =>
    createClients({
      region: 'us-east-1',
      clock: portClock(clock),
      random: seeded(seed),
      environment: { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      requestHandler: inProcess(aws, { timeoutMs: 30_000, ...transport }),
    })
  const clients = connect()
  const beanstalk = createBeanstalk({ clients, application: 'shop' })
  return {
    clock,
    aws,
    clients,
    /** Clients of another process. */
    connect,
    beanstalk,
    capacity: createCapacity({ clients }),
    storage: createStorage({ clients, stateBucket }),
    run: clock.run,
    seconds: (count: number) => clock.runUntil(clock.now() + count * 1_000),
    fault: (fault: CallFault, operation: string, more: Partial<CallFaultOrder> = {}) =>
      aws.cloud.faults.order({ fault, operation, ...more }),
    calls: (operation: string) => aws.calls.filter((call) => call.operation === operation),
    /** Two environments, `shop-blue` with the production CNAME. */
    async pair() {
      const { given } = aws.beanstalk
      const blue = await clock.run(
        given.environment({ application: 'shop', name: 'shop-blue', version: 'v1', cnamePrefix: 'shop' }),
      )
      const green = await clock.run(
        given.environment({ application: 'shop', name: 'shop-green', version: 'v1' }),
      )
      const pair = { ids: [blue.id, green.id], productionName: blue.cname }
      return { blue, green, pair, router: cnameSwap({ clients, beanstalk, pair }) }
    },
    /** The environment as it truly is. */
    environment(id: string) {
      const found = aws.beanstalk.state().environments.find((one) => one.id === id)
      if (!found) throw new Error(`no environment ${id}`)
      return found
    },
  }
}

export type AwsWorld = ReturnType<typeof awsWorld>

/** The virtual clock as the product sees a clock. */
export function portClock(clock: VirtualClock): Clock {
  return {
    now: clock.now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const cancel = clock.at(clock.now() + ms, resolve)
        signal?.addEventListener('abort', () => {
          cancel()
          reject(signal.reason)
        })
      }),
  }
}

export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return state / 2 ** 31
  }
}
