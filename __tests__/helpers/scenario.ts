import type { GivenEnvironment } from '../../simulator/beanstalk/given.ts'
import { type VirtualClock, virtualClock } from '../../simulator/clock.ts'
import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import { fetchOf } from '../../simulator/github/fetch.ts'
import type { LocalGithub } from '../../simulator/github/github.ts'
import { inProcess } from '../../simulator/in-process.ts'
import { createSimulator, type Simulator } from '../../simulator/simulator.ts'
import type { Switches } from '../../simulator/switches.ts'
import { startUsers, type Users, type UsersOrder } from '../../simulator/users.ts'
import { Cancelled } from '../../src/deployment/errors.ts'
import type { Clock, Probe, Tests } from '../../src/deployment/ports.ts'
import type { TestResults } from '../../src/deployment/test-results.ts'
import { main } from '../../src/main.ts'
import { post } from '../../src/post.ts'
import { whyNoAnswer } from '../../src/system/no-answer.ts'
import type { UserCommand } from '../../src/system/user-command.ts'
import type { World } from '../../src/world.ts'
import { downloadOf } from './download.ts'
import { libraryOf } from './github-library.ts'
import { fakeToolkit, type Seen } from './runner.ts'

/** One story: a local AWS in virtual time, apps that behave as the story wants, and runs of the action. */
export interface Scenario {
  readonly clock: VirtualClock
  readonly aws: Simulator
  /** Behaviour by version label; what is not here behaves well. */
  readonly apps: Map<string, AppBehaviour>
  /** Runs the action to its end. */
  run(inputs?: Inputs, how?: How): Promise<Seen>
  /** Starts the action and goes on; `ended` settles when it has ended. */
  start(inputs?: Inputs, how?: How): Running
  /** The post step of a run. */
  post(seen: Seen, inputs?: Inputs, how?: How): Promise<Seen>
  /** `order` as in UsersOrder. */
  users(
    address?: string,
    order?: Partial<Pick<UsersOrder, 'ttlFactor' | 'tls' | 'inside' | 'everyMs' | 'keepCookies'>>,
  ): Users
  /** Names of mutating calls since `from` (a length of `aws.calls`). */
  changes(from?: number): readonly string[]
  /** What the story's AWS shows: environment name → what matters of it. */
  pair(): Record<
    string,
    { version: string | undefined; cname: string | undefined; status: string; min: number | undefined }
  >
}

export interface Running {
  readonly ended: Promise<Seen>
  readonly seen: Seen
  cancel(): void
  /** The process is gone: nothing of it goes on, nothing it waits for arrives. */
  kill(): void
}

export type Inputs = Readonly<Record<string, string>>

/** What the user's tests and the runner's network are like. */
export interface How {
  /** The user's tests: may ask the candidate. Passing when left out. */
  readonly tests?: (
    variables: Readonly<Record<string, string>>,
    ask: Probe['ask'],
  ) => Promise<boolean | 'timed out'>
  /** Is production reachable from the runner? True when left out. */
  readonly canSee?: boolean
  /** What answers instead of the commands that read and write traffic. */
  readonly command?: UserCommand
  /** What the user's tests write into their reports. */
  readonly results?: TestResults
  /** The GitHub that the job's token is good for; none when left out. */
  readonly github?: LocalGithub
  /** Environment variables that differ from the usual ones. */
  readonly environment?: Readonly<Record<string, string>>
  /** How far the runner's clock is ahead of AWS's, in ms; 0 when left out. */
  readonly clockAheadMs?: number
}

const standard: Inputs = {
  operation: 'deploy',
  application: 'shop',
  'blue-environment': 'shop-blue',
  'green-environment': 'shop-green',
  'production-cname': 'shop',
  'health-path': '/health',
  'test-command': 'npm run test:integration',
  'aws-region': 'us-east-1',
}

/** What every job runs on, unless its environment says otherwise. */
export const commit = 'c0ffee'.padEnd(40, '0')

export const production = 'shop.us-east-1.elasticbeanstalk.com'

/** An empty account in virtual time. */
export function scenario(
  options: { readonly switches?: Partial<Switches>; readonly seed?: number } = {},
): Scenario {
  const clock = virtualClock()
  const apps = new Map<string, AppBehaviour>()
  const random = seeded(options.seed ?? 1)
  const dataPlane = createModelledApps(clock, apps)
  const aws = createSimulator({ clock, dataPlane, random, switches: options.switches ?? {} })
  const runs = { count: 0 }

  const start = (
    inputs: Inputs = {},
    how: How = {},
    state: Record<string, string> = {},
    step = main,
  ): Running => {
    const token = how.github ? { 'github-token': 'ghs_of-the-job' } : {}
    const { toolkit, seen } = fakeToolkit({ ...standard, ...token, ...inputs }, state)
    const life = { dead: false }
    const cancelling = new AbortController()
    const probe = probeOf({ aws, dataPlane, clock: mortal(clock, life), how })
    runs.count += 1
    const world: World = {
      clock: mortal(clock, life, how.clockAheadMs),
      random: seeded(100 + runs.count),
      environment: {
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'not-a-secret-of-anyone',
        GITHUB_REPOSITORY: 'acme/shop',
        GITHUB_RUN_ID: String(1000 + runs.count),
        GITHUB_RUN_ATTEMPT: '1',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_SHA: commit,
        ...how.environment,
      },
      toolkit,
      awsRequestHandler: mortalHandler(
        inProcess(aws, { timeoutMs: 30_000, skewMs: how.clockAheadMs ?? 0 }),
        life,
      ),
      ...(how.github && { github: libraryOf(how.github, mortalFetch(fetchOf(how.github), life)) }),
      probe,
      download: downloadOf(aws),
      tests: testsOf(how, probe),
      command: async (order) => {
        if (!how.command) throw new Error('No command was expected.')
        const ran = life.dead ? never : await how.command(order)
        return life.dead ? never : ran
      },
      cancelled: cancelling.signal,
    }
    const killed = new Promise<void>((resolve) => {
      Object.assign(life, { die: resolve })
    })
    const ended = Promise.race([step(world), killed]).then(() => seen)
    return {
      ended,
      seen,
      cancel: () => cancelling.abort(new Cancelled()),
      kill: () => {
        life.dead = true
        ;(life as unknown as { die: () => void }).die()
      },
    }
  }

  return {
    clock,
    aws,
    apps,
    start: (inputs, how) => start(inputs, how),
    run: (inputs, how) => clock.run(start(inputs, how).ended),
    post: (seen, inputs, how) => clock.run(start(inputs, how, seen.state, post).ended),
    users: (address = production, order = {}) =>
      startUsers({
        clock,
        names: aws.names,
        send: dataPlane.request,
        address,
        count: 10,
        everyMs: 1_000,
        ...order,
        random: seeded(7),
      }),
    changes: (from = 0) =>
      aws.calls
        .slice(from)
        .filter(({ mutating }) => mutating)
        .map(({ operation }) => operation),
    pair: () =>
      Object.fromEntries(
        aws.beanstalk
          .state()
          .environments.filter(({ status }) => status !== 'Terminated')
          .map((environment) => [
            environment.name,
            {
              version: environment.version,
              cname: environment.cname,
              status: environment.status,
              min: environment.group?.min,
            },
          ]),
      ),
  }
}

/** A pair as teams have it: both members there, 1.0.0 live on blue. Answers when it stands. */
export async function standingPair(
  story: Scenario,
  {
    liveInstances = 2,
    otherInstances = 1,
    policy,
    options,
    other,
  }: {
    liveInstances?: number
    otherInstances?: number
    policy?: string
    /** Of both, by `namespace/option`. */
    options?: Readonly<Record<string, string>>
    /** Of the one that is not live; its options come on top. */
    other?: Pick<GivenEnvironment, 'options' | 'stack' | 'description'>
  } = {},
): Promise<{ blue: string; green: string }> {
  const { given } = story.aws.beanstalk
  given.application('shop')
  given.version('shop', '1.0.0')
  const shared = {
    application: 'shop',
    version: '1.0.0',
    ...(policy && { policy }),
    ...(options && { options }),
  }
  const blue = await given.environment({
    ...shared,
    name: 'shop-blue',
    cnamePrefix: 'shop',
    minSize: 1,
    maxSize: 4,
    instances: liveInstances,
  })
  const green = await given.environment({
    ...shared,
    ...other,
    options: { ...options, ...other?.options },
    name: 'shop-green',
    minSize: 1,
    maxSize: 4,
    instances: otherInstances,
  })
  // Versions get their age from the clock.
  await story.clock.runUntil(story.clock.now() + 60_000)
  return { blue: blue.id, green: green.id }
}

/** A clock whose sleeps never end once its process is dead. */
const mortal = (clock: VirtualClock, life: { readonly dead: boolean }, aheadMs = 0): Clock => ({
  now: () => clock.now() + aheadMs,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const cancel = clock.at(clock.now() + ms, () => {
        if (!life.dead) resolve()
      })
      signal?.addEventListener(
        'abort',
        () => {
          cancel()
          if (!life.dead) reject(signal.reason)
        },
        { once: true },
      )
      return undefined
    }),
})

const never = new Promise<never>(() => {})

/** Requests of a dead process are not sent, and answers do not reach it. */
function mortalHandler(
  handler: ReturnType<typeof inProcess>,
  life: { readonly dead: boolean },
): ReturnType<typeof inProcess> {
  return {
    ...handler,
    handle: async (request, options) => {
      if (life.dead) return never
      const answer = await handler.handle(request, options).finally(() => (life.dead ? never : undefined))
      return life.dead ? never : answer
    },
  }
}

/** The same for requests to GitHub. */
const mortalFetch =
  (fetch: typeof globalThis.fetch, life: { readonly dead: boolean }): typeof globalThis.fetch =>
  async (...order) => {
    if (life.dead) return never
    const answer = await fetch(...order)
    return life.dead ? never : answer
  }

/** Where a probe asks from: this AWS, in this time, with what the story says of the runner's network. */
interface Network {
  readonly aws: Simulator
  readonly dataPlane: ReturnType<typeof createModelledApps>
  readonly clock: Clock
  readonly how: How
}

/** As the real one, with time-outs that take their time: certificates are judged by the name that is asked for. */
function probeOf({ aws, dataPlane, clock, how }: Network): Probe {
  const addresses = (host: string) =>
    aws.names
      .resolve(host)
      .filter(({ type }) => type === 'A')
      .map(({ data }) => data)
  return {
    addresses: async (host) => (how.canSee === false ? [] : [...addresses(host)].sort()),
    alias: async (host) =>
      aws.names.resolve(host).find(({ name, type }) => name === host && type === 'CNAME')?.data,
    ask: async (url, signal, at) => {
      if (how.canSee === false) return { is: 'no answer', why: 'no route from here' }
      const { protocol, hostname, port, pathname, search } = new URL(url)
      const [address] = addresses(at ?? hostname)
      if (!address) return { is: 'no answer', why: `${at ?? hostname} is not known` }
      const request = { method: 'GET', host: hostname, path: pathname + search, tls: protocol === 'https:' }
      try {
        const answer = await dataPlane.request(port ? `${address}:${port}` : address, request)
        return { is: 'answer', took: 5, location: answer.headers.location, ...answer }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ETIMEDOUT')
          return { is: 'no answer', why: whyNoAnswer(error) }
        const waited = clock.sleep(10_000, signal).then(
          () => 'timed out after 10 s',
          () => 'no longer asked',
        )
        return { is: 'no answer', why: await waited }
      }
    },
  }
}

const testsOf = (how: How, probe: Probe): Tests => ({
  run: async ({ variables, within }) => {
    const passed = how.tests ? await how.tests(variables, probe.ask) : true
    if (passed === 'timed out')
      return { is: passed, says: `not done within ${within / 60_000} min, and ended` }
    const results = how.results && { results: how.results }
    return passed
      ? { is: 'passed', says: 'exit code 0', ...results }
      : { is: 'failed', says: 'exit code 1', ...results }
  },
})

/** A small seeded generator (mulberry32), so that every story is the same every time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
