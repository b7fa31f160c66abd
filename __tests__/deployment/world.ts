import { type VirtualClock, virtualClock } from '../../simulator/clock.ts'
import { deploy } from '../../src/deployment/deploy.ts'
import { dryRun } from '../../src/deployment/dry-run.ts'
import { Cancelled } from '../../src/deployment/errors.ts'
import type { Operation } from '../../src/deployment/operate.ts'
import type { Outcome } from '../../src/deployment/outcome.ts'
import type { Clock, Instant, Ports, Report, Tests, Version } from '../../src/deployment/ports.ts'
import { promote } from '../../src/deployment/promote.ts'
import { recover, settleCancelled } from '../../src/deployment/recover.ts'
import { retire } from '../../src/deployment/retire.ts'
import { rollback } from '../../src/deployment/rollback.ts'
import { newRun, type Run } from '../../src/deployment/run.ts'
import type { Settings } from '../../src/deployment/settings.ts'
import { status } from '../../src/deployment/status.ts'
import { verify } from '../../src/deployment/verify.ts'
import { type Account, createAccount, domain, type Member, production } from './account.ts'
import { createJournal, newStateObject, type StateObject } from './journal.ts'
import { beanstalkOf, capacityOf, logsOf, probeOf, routerOf, versionsOf } from './ports-of.ts'
import { ownName, shareOf, weightedRouterOf, weightsOn } from './weights.ts'
import { type Call, createWire, type Wire } from './wire.ts'

export { type Member, production, takes } from './account.ts'
export type { Call } from './wire.ts'

/** A pair's world in virtual time: an account, its journal, and runs of the domain's operations in it. */
export interface World {
  readonly clock: VirtualClock
  readonly aws: Account
  readonly wire: Wire
  readonly object: StateObject
  /** What the runner can see; everything when not changed. */
  canSee: (host: string) => boolean
  /** When the AWS credentials of runs that begin from here on end. */
  credentialsEnd: Instant | undefined
  /** The user's tests; passing when not changed. */
  tests: Tests['run']
  /** Which settings the operations of this world have looked at so far. */
  readonly heeded: ReadonlyMap<OperationOf, ReadonlySet<string>>
  /** Starts an operation and goes on. */
  start(operation: OperationOf, settings?: Partial<Settings>): Running
  /** Runs an operation to its end. */
  run(operation: OperationOf, settings?: Partial<Settings>): Promise<Ended>
  /** A bare run that holds the lock, for parts of operations. */
  bare(settings?: Partial<Settings>): Promise<Bare>
  /** Names of writes to AWS since `from` (a length of `wire.calls`), the journal's left out. */
  changes(from?: number): readonly string[]
  /** Whose production address it is. */
  live(): string | undefined
}

export type OperationOf =
  | 'deploy'
  | 'verify'
  | 'promote'
  | 'rollback'
  | 'retire'
  | 'recover'
  | 'status'
  | 'post'

/** What a user saw of a run. */
export interface Said {
  readonly log: string[]
  readonly warnings: string[]
}

export type Ended = Outcome & Said

export interface Running extends Said {
  readonly ended: Promise<Ended>
  readonly ports: Ports
  readonly journal: ReturnType<typeof createJournal>
  cancel(): void
  /** The process is gone: nothing of it goes on. */
  kill(): void
  /** How many timers of it are running. */
  timers(): number
}

export interface Bare extends Said {
  readonly run: Run
  readonly journal: ReturnType<typeof createJournal>
  readonly closed: readonly string[]
  cancel(): void
  /** Drives time until it has settled. */
  drive<T>(work: (run: Run) => Promise<T>): Promise<T>
}

const operations: Readonly<Record<OperationOf, Operation>> = {
  deploy,
  verify,
  promote,
  rollback,
  retire,
  recover,
  status,
  post: settleCancelled,
}

const standard: Settings = {
  operation: 'deploy',
  application: 'shop',
  blueEnvironment: 'shop-blue',
  greenEnvironment: 'shop-green',
  version: '1.1.0',
  versionDescription: '',
  package: undefined,
  kmsKeyId: undefined,
  template: undefined,
  platform: undefined,
  optionSettings: [],
  tags: {},
  configuration: 'auto',
  copyVariables: true,
  healthPath: '/health',
  healthStatus: [{ first: 200, last: 399 }],
  minimumHealth: 'Ok',
  healthStableFor: 30_000,
  probe: 'auto',
  productionUrl: undefined,
  productionExpect: undefined,
  testCommand: 'npm test',
  shell: 'bash',
  testTimeout: 1_800_000,
  afterVerify: 'keep',
  maxVerifiedAge: 24 * 3_600_000,
  isMerged: true,
  wayBack: 'overwrite',
  testReport: [],
  productionName: 'shop',
  trafficInputs: {},
  trafficSteps: [10, 50, 100],
  stepInterval: 300_000,
  bakeTime: 300_000,
  failureThreshold: 3,
  standby: 'keep',
  rollbackWindow: 0,
  drainTimeout: 600_000,
  retireAfter: 0,
  leftovers: undefined,
  onFailure: 'keep',
  instanceLogs: 'on-failure',
  allowOlder: false,
  to: undefined,
  force: false,
  dryRun: false,
  timeout: 3 * 3_600_000,
  waitForReady: 1_800_000,
  lockWait: 1_800_000,
  lock: 'required',
}

/** An empty account, and nobody at work. */
export function emptyWorld(): World {
  const clock = virtualClock()
  const aws = createAccount(clock)
  const object = newStateObject()
  const wire = createWire(clock, () => object.state.pending)
  const heeded = new Map<OperationOf, Set<string>>()
  let runs = 0

  const begin = (operation: OperationOf, changes: Partial<Settings>, nonce: string) => {
    const cancelling = new AbortController()
    const life = { dead: false, die: () => {}, timers: 0 }
    const died = new Promise<void>((resolve) => {
      life.die = resolve
    })
    const by = `${operation} ${runs}`
    const runClock = mortal(clock, life)
    const said: Said = { log: [], warnings: [] }
    const journal = createJournal({
      clock,
      runClock,
      wire: mortalWire(wire, life),
      object,
      run: by,
      nonce,
      operation,
      cancelled: cancelling.signal,
    })
    const reach = { account: aws, wire: mortalWire(wire, life), by }
    const versions = versionsOf(reach)
    const ports: Ports = {
      clock: runClock,
      random: () => 0.5,
      beanstalk: beanstalkOf(reach),
      versions,
      capacity: capacityOf(reach),
      journal,
      routerFor: (pair) =>
        aws.weights ? weightedRouterOf({ ...reach, clock }, pair, aws.weights) : routerOf(reach, pair),
      probe: probeOf(reach, (host) => world.canSee(host)),
      tests: { run: (order) => world.tests(order) },
      logs: logsOf(reach),
      report: reportTo(said),
      commit: 'c0ffee',
      credentialsEnd: world.credentialsEnd,
      cancelled: cancelling.signal,
    }
    const name = aws.weights ? { productionName: ownName } : {}
    const named = { ...standard, ...name }
    const settings = { ...named, operation: operation === 'post' ? 'deploy' : operation, ...changes }
    const cancel = () => cancelling.abort(new Cancelled())
    const kill = () => {
      life.dead = true
      life.die()
    }
    const timers = () => life.timers
    return { ports, settings, journal, versions, said, cancel, kill, died, timers }
  }

  const listening = (settings: Settings, operation: OperationOf): Settings => {
    const seen = heeded.get(operation) ?? new Set()
    heeded.set(operation, seen)
    return new Proxy(settings, {
      get: (target, name) => {
        seen.add(String(name))
        return Reflect.get(target, name)
      },
    })
  }

  const world: World = {
    clock,
    aws,
    wire,
    object,
    heeded,
    canSee: () => true,
    credentialsEnd: undefined,
    tests: async () => ({ is: 'passed', says: 'exit code 0' }),
    start(operation, changes = {}) {
      if (operation !== 'post') runs += 1
      const { ports, settings, journal, said, cancel, kill, died, timers } = begin(
        operation,
        changes,
        `nonce${runs}`,
      )
      // A moment later, so that whoever started it can watch its first call.
      const asked = settings.dryRun ? dryRun(operations[operation]) : operations[operation]
      const begun = Promise.resolve().then(() => asked(ports, listening(settings, operation)))
      const work = begun.then((outcome) => ({ ...outcome, ...said }))
      const killed = died.then(() => {
        throw new Error('killed')
      })
      const ended = Promise.race([work, killed])
      ended.catch(() => {})
      return { ...said, ended, ports, journal, cancel, kill, timers }
    },
    run: (operation, changes) => clock.run(world.start(operation, changes).ended),
    async bare(changes = {}) {
      runs += 1
      const { ports, settings, journal, versions, said, cancel } = begin('deploy', changes, `nonce${runs}`)
      await clock.run(journal.take(0, 'nobody'))
      const run = newRun({ ports, settings, signal: AbortSignal.any([ports.cancelled, journal.lost]) })
      return {
        ...said,
        run,
        journal,
        closed: versions.closed,
        cancel,
        drive: (work) => clock.run(work(run)),
      }
    },
    changes: (from = 0) =>
      wire.calls
        .slice(from)
        .filter(isChange)
        .map(({ name }) => name),
    live: () =>
      aws.members.find(({ id, cname }) => (aws.weights ? shareOf(aws, id) === 100 : cname === production))
        ?.name,
  }
  return world
}

/** 1.0.0 is live on shop-blue with two instances, and runs on shop-green, idle with one. 1.1.0 is published. */
export function standingPair(): World {
  const world = emptyWorld()
  const { aws, clock } = world
  publish(world, '1.0.0', clock.now() - 3_600_000)
  publish(world, '1.1.0', clock.now() - 60_000)
  const blue = aws.add({ name: 'shop-blue', cname: production })
  blue.labels = { 'i-blue-1': '1.0.0', 'i-blue-2': '1.0.0' }
  Object.assign(blue.group as object, { desired: 2, inService: 2 })
  aws.add({ name: 'shop-green' })
  return world
}

/** The standing pair, with production under a name of the team's own that weights route. */
export function weightedPair(): World {
  const world = standingPair()
  world.aws.member('shop-blue').cname = `shop-blue.${domain}`
  world.aws.weights = weightsOn('e-blue')
  world.aws.member('shop-blue').rate = 20
  return world
}

/** The same, after 1.1.0 was promoted to shop-green: 1.0.0 on shop-blue is the way back. */
export async function promotedPair(settings: Partial<Settings> = {}): Promise<World> {
  const world = standingPair()
  const { is } = await world.run('deploy', settings)
  if (is !== 'promoted') throw new Error(`the pair was not promoted: ${is}`)
  await world.clock.runUntil(world.clock.now() + 600_000)
  return world
}

/** The standing pair, after 1.1.0 was verified on shop-green, which had three instances. */
export async function verifiedPair(settings: Partial<Settings> = {}): Promise<World> {
  const world = standingPair()
  Object.assign(world.aws.member('shop-green').group as object, { desired: 3, inService: 3 })
  const { is, says } = await world.run('verify', settings)
  if (is !== 'verified') throw new Error(`nothing was verified: ${says}`)
  await world.clock.runUntil(world.clock.now() + 3_600_000)
  return world
}

/** An environment that a pull request's tests left behind. */
export function addLeftover({ aws }: World, given: Partial<Member> = {}): Member {
  const name = given.name ?? 'shop-pr-12'
  return aws.add({
    name,
    cname: `${name}.eba-abcd1234.us-east-1.elasticbeanstalk.com`,
    description: 'Created by Beanstalk Blue/Green, verify 0 (nonce0)',
    ...given,
  })
}

/** A version that exists and can be deployed. */
export function publish({ aws }: World, label: string, created: number, given: Partial<Version> = {}): void {
  aws.versions.set(label, { label, state: 'deployable', created, digest: undefined, ...given })
}

/** Drives the world until the stage begins in the log. */
export async function untilStage(world: World, running: Running, title: string): Promise<void> {
  await until(world, () => running.log.includes(`▸ ${title}`))
}

/** Drives the world until it is so. */
export async function until({ clock }: World, isSo: () => boolean): Promise<void> {
  const giveUpAt = clock.now() + 24 * 3_600_000
  while (!isSo()) {
    if (clock.now() > giveUpAt) throw new Error('it never came to that')
    await clock.runUntil(clock.now() + 100)
  }
}

/** A write to AWS, not to the journal. */
export const isChange = ({ isWrite, name }: Call): boolean =>
  isWrite && name !== 'write' && name !== 'release'

const reportTo = ({ log, warnings }: Said): Report => ({
  group: async (title, work) => {
    log.push(`▸ ${title}`)
    return work()
  },
  line: (text) => void log.push(text),
  warn: (text) => void warnings.push(text),
})

/** A clock whose sleeps never end once its process is dead. */
const mortal = (clock: VirtualClock, life: { readonly dead: boolean; timers: number }): Clock => ({
  now: clock.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      life.timers += 1
      let isOver = false
      const end = () => {
        if (!isOver) life.timers -= 1
        isOver = true
      }
      const cancel = clock.at(clock.now() + ms, () => {
        end()
        if (!life.dead) resolve()
      })
      signal?.addEventListener('abort', () => {
        cancel()
        end()
        if (!life.dead) reject(signal.reason)
      })
    }),
})

const never = new Promise<never>(() => {})

/** A dead process sends nothing, and no answer reaches it. */
const mortalWire = (wire: Wire, life: { readonly dead: boolean }): Wire => ({
  ...wire,
  async pass(call, work) {
    if (life.dead) return never
    try {
      const answer = await wire.pass(call, work)
      return life.dead ? never : answer
    } catch (thrown) {
      return life.dead ? never : Promise.reject(thrown)
    }
  },
})
