import type { HttpRequest } from '@smithy/core/protocols'
import type { VirtualClock } from '../../simulator/clock.ts'
import { type InProcessHandler, inProcess, type Reachable } from '../../simulator/in-process.ts'
import { Cancelled } from '../../src/deployment/errors.ts'
import type { Clock, Probe, Tests } from '../../src/deployment/ports.ts'
import { main } from '../../src/main.ts'
import { post } from '../../src/post.ts'
import type { UserCommand } from '../../src/system/user-command.ts'
import type { World } from '../../src/world.ts'
import { fakeToolkit, type Seen } from '../helpers/runner.ts'
import { seeded } from './dice.ts'
import type { Chapter, Moment } from './history.ts'

/** One process of the action: the step itself or its post step. */
export interface Process {
  /** Of its chapter, from 1 on; the post step has the same. */
  readonly number: number
  readonly part: 'main' | 'post'
  readonly chapter: Chapter
  readonly seen: Seen
  /** What main had saved, for its post step. */
  readonly saved: Readonly<Record<string, string>>
  readonly beganAt: number
  /** Resolves when it has ended, or died. */
  readonly over: Promise<void>
  state(): 'running' | 'ended' | 'dead'
  /** Infinity while it runs. */
  endedAt(): number
  /** The stage it is in, or was in last. */
  stage(): string
  /** When the stage of this title began last; undefined when it has not. */
  stageBeganAt(title: string): number | undefined
  /** What it said that could not be awaited: a mistake of the product. */
  thrown(): unknown
  cancel(): void
  /** Nothing of it goes on, nothing it waits for arrives. */
  kill(): void
  /** Does `job` at that moment of its life, if it comes. */
  at(moment: Moment, job: () => void): void
}

/** What a process is put into. */
export interface Surroundings {
  readonly clock: VirtualClock
  readonly aws: Reachable
  readonly seed: number
  readonly probe: Probe
  readonly tests: Tests
  /** What moves traffic where commands do. */
  readonly command?: UserCommand | undefined
}

export interface ProcessOrder {
  readonly number: number
  readonly part: 'main' | 'post'
  readonly chapter: Chapter
  /** What main had saved. */
  readonly saved?: Readonly<Record<string, string>>
}

/** Starts the action in virtual time. */
export function startProcess(
  { clock, aws, seed, probe, tests, command }: Surroundings,
  { number, part, chapter, saved = {} }: ProcessOrder,
): Process {
  const { toolkit, seen } = fakeToolkit(chapter.inputs, saved)
  const life: Life = { is: 'running', stage: 'Start' }
  const stagesBegan = new Map<string, number>()
  const waiting: Waiting[] = []
  const cancelling = new AbortController()
  let thrown: unknown
  let endedAt = Number.POSITIVE_INFINITY
  let die = () => {}
  const died = new Promise<void>((resolve) => {
    die = resolve
  })

  const happen = (fits: (moment: Moment) => boolean) => {
    for (const one of waiting) {
      if (one.left === 0 || !fits(one.moment)) continue
      one.left -= 1
      if (one.left > 0) continue
      if (one.moment.ms === 0) one.job()
      else clock.at(clock.now() + one.moment.ms, one.job)
    }
  }

  const world: World = {
    clock: mortalClock(clock, life),
    random: seeded(seed * 64 + number * 2 + (part === 'post' ? 1 : 0)),
    environment: {
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret-of-anyone',
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_RUN_ID: String(1000 + number),
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_SERVER_URL: 'https://github.com',
    },
    toolkit: {
      ...toolkit,
      startGroup: (title) => {
        life.stage = title
        stagesBegan.set(title, clock.now())
        toolkit.startGroup(title)
        happen((moment) => 'stage' in moment && moment.stage === title)
      },
    },
    command: (order) => {
      if (!command) throw new Error('No command moves traffic here.')
      return life.is === 'dead' ? never : mortal(life, command(order))
    },
    awsRequestHandler: mortalHandler(
      inProcess(aws, { timeoutMs: 30_000, skewMs: chapter.skewMs }),
      life,
      (operation) =>
        happen(
          (moment) =>
            'call' in moment &&
            (moment.in === undefined || moment.in === life.stage) &&
            (moment.call === '*' || moment.call === operation),
        ),
    ),
    probe: {
      ask: (url, signal, at) => mortal(life, probe.ask(url, signal, at)),
      addresses: (host) => mortal(life, probe.addresses(host)),
      alias: (host) => mortal(life, probe.alias(host)),
    },
    tests: { run: (order) => mortal(life, tests.run(order)) },
    download: () => mortal(life, Promise.resolve('The application ended.')),
    cancelled: cancelling.signal,
  }

  const step = part === 'main' ? main : post
  // Not at once: the first stage begins before anything can be planned for it.
  const ended = Promise.resolve()
    .then(() => step(world))
    .then(
      () => undefined,
      (error: unknown) => {
        thrown = error ?? 'nothing'
      },
    )
  return {
    number,
    part,
    chapter,
    seen,
    saved,
    beganAt: clock.now(),
    over: Promise.race([
      ended.then(() => {
        if (life.is !== 'running') return
        life.is = 'ended'
        endedAt = clock.now()
      }),
      died,
    ]),
    state: () => life.is,
    endedAt: () => endedAt,
    stage: () => life.stage,
    stageBeganAt: (title) => stagesBegan.get(title),
    thrown: () => thrown,
    cancel: () => cancelling.abort(new Cancelled()),
    kill: () => {
      if (life.is !== 'running') return
      life.is = 'dead'
      die()
    },
    at: (moment, job) => {
      waiting.push({ moment, job, left: 'nth' in moment ? moment.nth : 1 })
    },
  }
}

interface Life {
  is: 'running' | 'ended' | 'dead'
  stage: string
}

interface Waiting {
  readonly moment: Moment
  readonly job: () => void
  left: number
}

const never = new Promise<never>(() => {})

/** What a dead process waits for does not arrive. */
async function mortal<T>(life: Life, work: Promise<T>): Promise<T> {
  try {
    return await work
  } finally {
    if (life.is === 'dead') await never
  }
}

/** A clock whose sleeps never end once its process is dead. */
const mortalClock = (clock: VirtualClock, life: Life): Clock => ({
  now: clock.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason)
        return
      }
      const onAbort = () => {
        cancel()
        if (life.is !== 'dead') reject(signal?.reason)
      }
      const cancel = clock.at(clock.now() + ms, () => {
        signal?.removeEventListener('abort', onAbort)
        if (life.is !== 'dead') resolve()
      })
      signal?.addEventListener('abort', onAbort, { once: true })
    }),
})

/** Requests of a dead process are not sent, and answers do not reach it. */
function mortalHandler(
  handler: InProcessHandler,
  life: Life,
  sending: (operation: string) => void,
): InProcessHandler {
  return {
    ...handler,
    handle: (request, options) => {
      if (life.is !== 'dead') sending(operationOf(request))
      return life.is === 'dead' ? never : mortal(life, handler.handle(request, options))
    },
  }
}

/** What a request asks for, by AWS's names; Route 53's and S3's only as far as moments speak of them. */
function operationOf({ body, method, path }: HttpRequest): string {
  if (path.startsWith('/2013-04-01/'))
    return method === 'POST' && path.includes('/rrset') ? 'ChangeResourceRecordSets' : `${method} of Route 53`
  const named = typeof body === 'string' ? /(?:^|&)Action=(\w+)/.exec(body)?.[1] : undefined
  return named ?? ({ PUT: 'PutObject', GET: 'GetObject', HEAD: 'HeadBucket' }[method] || method)
}
