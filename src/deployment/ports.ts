import type { Durations, Span } from './durations.ts'
import type { Effect } from './effects.ts'
import type { Environment } from './environment.ts'
import type { Remedy } from './errors.ts'
import type { OptionSetting } from './settings.ts'
import type { TestResults } from './test-results.ts'

export type { OptionSetting }

/** A duration in milliseconds. */
export type Ms = number
/** Milliseconds since 1970. What is compared with AWS comes from AWS's own answers, never from the runner's clock. */
export type Instant = number

/** Everything that the domain needs from outside, in its own words. */
export interface Ports {
  readonly clock: Clock
  /** From 0 to 1; spreads polls of deployments that started together. */
  readonly random: () => number
  readonly beanstalk: Beanstalk
  readonly versions: Versions
  readonly capacity: Capacity
  readonly journal: Journal
  /** The router of this pair; asked for once the plan knows the production CNAME. */
  readonly routerFor: (pair: RoutedPair) => TrafficRouter
  readonly probe: Probe
  readonly tests: Tests
  readonly logs: Logs
  readonly report: Report
  /** The commit that is at work, when the job has one. */
  readonly commit?: string | undefined
  /** When the AWS credentials end, by AWS's clock; absent when they are renewed, or nobody knows. */
  readonly credentialsEnd?: Instant | undefined
  /** Aborted when the user or the runner cancels. */
  readonly cancelled: AbortSignal
}

/** The only source of time. */
export interface Clock {
  now(): Instant
  /** Rejects with the signal's reason when it is aborted meanwhile. */
  sleep(ms: Ms, signal?: AbortSignal): Promise<void>
}

/** One line of an environment's history, in Beanstalk's words. */
export interface BeanstalkEvent {
  readonly at: Instant
  readonly message: string
  readonly severity: 'info' | 'warn' | 'error'
  /** Health transitions and instance events have none. */
  readonly requestId: string | undefined
  /** What it says about the operation it belongs to; `looked`: it is one that changes nothing. */
  readonly says: 'started' | 'completed' | 'failed' | 'progress' | 'looked'
}

/** What enhanced health reporting knows of an environment, over the last ten seconds. */
export interface EnhancedHealth {
  readonly perSecond: number
  /** Of a hundred answers within those ten seconds, how many were server errors (5xx). */
  readonly serverErrorShare: number
  /** Of any colour. */
  readonly instances: number
  readonly causes: readonly string[]
}

/** An accepted request. */
export interface Accepted {
  readonly requestId: string
}

/** Options to set, and to take out. */
export interface OptionChange {
  readonly optionSettings: readonly OptionSetting[]
  readonly optionsToRemove: readonly Omit<OptionSetting, 'value'>[]
}

/** How to create an environment. Exactly one base; `optionsToRemove`: what of it carries another one's own ids. */
export interface NewEnvironment extends OptionChange {
  readonly name: string
  readonly version: string
  readonly base: { readonly template: string } | { readonly platform: string }
  readonly tags: Readonly<Record<string, string>>
  /** Carries the nonce by which a later run knows it as ours. */
  readonly description: string
  /** The production CNAME's prefix; only a first environment gets it. */
  readonly cnamePrefix: string | undefined
}

/** Requests per second and their failures, as an environment's instances counted them over the last ten seconds. */
export interface RequestRate {
  readonly perSecond: number
}

/**
 * Elastic Beanstalk. Reads are retried patiently. Writes are sent once; when nobody knows whether one happened they
 * throw AnswerLost, and when Beanstalk said no they throw Refused.
 */
export interface Beanstalk {
  /** The application's environments of these names, terminated ones left out. */
  find(names: readonly string[]): Promise<readonly Environment[]>
  read(ids: readonly string[]): Promise<readonly Environment[]>
  /** Of one environment, oldest first, from `since` on. */
  events(id: string, since: Instant): Promise<readonly BeanstalkEvent[]>
  /** The time of the environment's newest event: Beanstalk's own clock. 0 when it has none. */
  newestEventAt(id: string): Promise<Instant>
  create(order: NewEnvironment): Promise<Accepted & { readonly id: string }>
  /** With options in the same update it throws NotTogether where Beanstalk does not take both. */
  deploy(id: string, version: string, options?: OptionChange): Promise<Accepted>
  /** Changes the configuration alone: its options, or its platform. */
  configure(id: string, change: OptionChange | { readonly platform: string }): Promise<Accepted>
  terminate(id: string): Promise<Accepted>
  /** Copies an environment's configuration into a saved configuration. */
  createTemplate(name: string, fromId: string): Promise<void>
  /** No error when it is not there. */
  deleteTemplate(name: string): Promise<void>
  /** The deployed option settings of an environment; values may be secrets. */
  options(name: string): Promise<readonly OptionSetting[]>
  /** The option settings of a saved configuration; values may be secrets. */
  templateOptions(name: string): Promise<readonly OptionSetting[]>
  /** Version labels by instance, of those that have deployment data; undefined with basic health reporting. */
  versionsOnInstances(id: string): Promise<Readonly<Record<string, string>> | undefined>
  /** Why the environment's health is what it is; empty with basic health reporting. */
  causes(id: string): Promise<readonly string[]>
  /** Undefined with basic health reporting. */
  requestRate(id: string): Promise<RequestRate | undefined>
  /** All of that in one call; undefined with basic health reporting. */
  enhancedHealth(id: string): Promise<EnhancedHealth | undefined>
  /** Every environment of the application. */
  all(): Promise<readonly Environment[]>
  /** The names of the applications in this region and account. */
  applications(): Promise<readonly string[]>
  /** The whole name of a CNAME prefix, from AWS's own answer. */
  cnameOf(prefix: string): Promise<string>
}

/** An application version. */
export interface Version {
  readonly label: string
  readonly state: 'deployable' | 'processing' | 'failed'
  readonly created: Instant
  /** SHA-256 of its bundle, when we published it. */
  readonly digest: string | undefined
}

/** A bundle on the runner's disk, ready to go up. */
export interface Bundle {
  readonly digest: string
  readonly bytes: number
  /** Puts it where Beanstalk finds it, unless the same content is there already. */
  upload(): Promise<{ readonly bucket: string; readonly key: string }>
  /** Removes what was written to disk on the way. */
  close(): Promise<void>
}

/** What a version was proven in, as its tags remember it. A hint, never an order: AWS is looked at as well. */
export interface Verification {
  /** The candidate's id. */
  readonly environment: string
  readonly commit: string | undefined
  readonly tests: 'passed' | 'none'
  /** By S3's clock. */
  readonly at: Instant
  /** By Beanstalk's clock: the candidate's newest event when its verification began. Whatever came later changed it. */
  readonly unchangedSince: Instant
  /** What was live then. */
  readonly live: { readonly environment: string; readonly version: string | undefined }
}

/** Application versions and their bundles. */
export interface Versions {
  /** The last verification of the version; undefined when there is none, or it does not count any more. */
  verified(label: string): Promise<Verification | undefined>
  /** Remembers a verification in the version's tags; undefined: none counts from here on. Doing it twice is harmless. */
  remember(label: string, verification: Verification | undefined): Promise<void>
  /** The digest costs a call of its own: it is there only when it is asked for. */
  read(label: string, asked?: 'with its digest'): Promise<Version | undefined>
  open(path: string, label: string): Promise<Bundle>
  create(version: {
    readonly label: string
    readonly description: string
    readonly digest: string
    readonly source: { readonly bucket: string; readonly key: string }
  }): Promise<void>
}

/** The sizes of an Auto Scaling group. */
export interface GroupSize {
  readonly min: number
  readonly max: number
  readonly desired: number
}

/** An environment's Auto Scaling group. */
export interface Group extends GroupSize {
  readonly name: string
  /** Instances in service. */
  readonly inService: number
}

/** Auto Scaling, directly: an update through Beanstalk would take the environment out of Ready. */
export interface Capacity {
  /** Undefined when the environment has no group any more. */
  read(environment: string): Promise<Group | undefined>
  /** By the group's name; undefined when it is gone. */
  readGroup(name: string): Promise<Group | undefined>
  /** Sent once; throws AnswerLost when nobody knows whether it happened. */
  resize(name: string, size: Partial<GroupSize>): Promise<void>
}

/** Who works on the pair. */
export interface Holder {
  /** For people: repository, run and attempt, or who and where. */
  readonly run: string
  readonly link: string | undefined
  readonly nonce: string
  /** Without a renewal for this long the holder is dead. */
  readonly ttl: Ms
  readonly operation: string
  /**
   * While true, a rollback may take over at once: while a step is watched, and from the bake to the end, but not while a
   * standby is ended.
   */
  readonly baking: boolean
}

/** One move of all production traffic that stood its bake, or a rollback. */
export interface Promotion {
  readonly at: Instant
  readonly by: 'deploy' | 'rollback'
  readonly environment: string
  readonly version: string | undefined
  /** What was live before: where a rollback goes. */
  readonly before: { readonly environment: string; readonly version: string | undefined } | undefined
  /** The version that a human took production away from by a rollback: it comes back only by choice. */
  readonly left?: string | undefined
  /** What was live before had not stood its bake: its deployment was taken back, by itself or by a human. */
  readonly takenBack?: true
  /** Whose doing it was, for people; not known of the first ones. */
  readonly run?: string
  readonly link?: string | undefined
}

/** Lock and journal of a pair, one object. */
export interface PairState {
  readonly holder: Holder | undefined
  readonly productionName: string | undefined
  /** The inputs that said what moves production when it was last moved; none for the CNAME swap. */
  readonly trafficInputs?: Readonly<Record<string, string>> | undefined
  /** Effects of the run that holds the lock, newest first. */
  readonly pending: readonly Effect[]
  /** Effects that outlive their run by choice: the capacity held for a standby. */
  readonly kept: readonly Effect[]
  /** Newest first; the last few. */
  readonly promotions: readonly Promotion[]
  /** How long AWS's operations took for this pair: when to look again. */
  readonly durations?: Durations | undefined
}

/** What the state object says to those who only look. */
export interface Peeked {
  readonly state: PairState
  /** Who works on the pair now, and renews the lock: when it was taken, and when it ends by itself, by S3's clock. */
  readonly held:
    | { readonly holder: Holder; readonly since: Instant | undefined; readonly until: Instant }
    | undefined
}

/** What is done while the lock is being taken. */
export interface Taking {
  /**
   * Answers, once the state is known, which environments this run may change; both when left out. What is only read is
   * not kept from others.
   */
  readonly changes?: () => Promise<readonly string[]>
  /** Asked before the lock is taken from a run that bakes. `state` is what that run wrote. */
  readonly mayOvertake?: (state: PairState) => Promise<boolean>
  /** Called when the lock is held and the claims are still being looked at: what is read from here on is true. */
  readonly locked?: () => void
  /** Told of the claims that name another pair: who worked on an environment of this one before. */
  readonly shared?: (environment: string, pair: readonly string[]) => void
}

/** The state object of the pair. Every write is a compare-and-set; losing one means the lock is lost. */
export interface Journal {
  /**
   * Throws HeldBy when another run holds the lock for longer than `waitFor`. Undefined when it was left to a run that
   * bakes, because `mayOvertake` said so.
   */
  take(waitFor: Ms, over: 'nobody' | 'a bake', taking?: Taking): Promise<PairState | undefined>
  /** Looks, without the lock and without writing anything. */
  peek(): Promise<Peeked>
  /** Throws LostLock when somebody else wrote meanwhile. */
  write(change: (now: PairState) => PairState): Promise<PairState>
  /** Why another pair needs an environment outside of ours: a run works on it, or production is or was on it. Reads only. */
  otherNeed(environment: { readonly id: string; readonly name: string }): Promise<string | undefined>
  /** Gives the lock back. Never throws LostLock: then there is nothing to give back. */
  release(): Promise<void>
  /** The state as this run last wrote or read it. */
  readonly state: PairState
  /** Aborted as soon as a renewal finds that the lock is lost. */
  readonly lost: AbortSignal
  /** S3's own time now: its last answer's Date and what has passed since. */
  serverTime(): Instant
  /** What this run is called, for people. */
  readonly run: string
  /** Marks what this run creates. */
  readonly nonce: string
}

/** The members that traffic moves between. */
export interface RoutedPair {
  readonly ids: readonly string[]
  readonly productionName: string
}

/** Where production traffic goes. */
export interface Route {
  /** Per cent by environment id; empty while it cannot be told, or when it goes to none of the pair. */
  readonly share: Readonly<Record<string, number>>
  /** The router's own exact state, as JSON, for compare-and-set; the same in whichever order the pair is given. */
  readonly exact: unknown
}

/** A route as it was just read. */
export interface Reading extends Route {
  /** Nothing is on its way any more that was asked for. */
  readonly settled: boolean
  /** What is under way, in words, where that is known. */
  readonly under?: string
  /** By environment id: why it cannot be given traffic yet, in words (“1 of 2 targets is healthy”). */
  readonly notReady?: Readonly<Record<string, string>>
  /** Nothing stands at the production name yet; how it is pointed at one environment by hand. */
  readonly leadsNowhere?: Remedy
  /** Why an environment is not well where production comes from, in words for people; not told with every reading. */
  readonly obstacles?: readonly { readonly what: string; readonly mend: Remedy }[]
  /** What a human should know of how production is routed. */
  readonly notes?: readonly string[]
}

/** What decides which environment production reaches. */
export interface TrafficRouter {
  /** In the log: `CNAME swap`. */
  readonly name: string
  /** Who says where production goes: `Beanstalk`. */
  readonly authority: string
  /** `whole`: all traffic at once, by names that only their CNAMEs follow. `in-steps`: any per cent of it. */
  readonly moves: 'whole' | 'in-steps'
  /** How long a change usually takes until it has settled. */
  readonly takes: Span
  /** How long clients may go on following an older route, in ms. */
  readonly clientsFollowWithin: Ms
  /** It knows both environments by itself: there is something to attach only while nothing stands at the production name. */
  readonly attaches?: 'only at first'
  read(): Promise<Reading>
  /** Which of these, as they were just read, production reaches, with the greatest share if there are several. */
  holder(among: readonly Environment[]): Promise<Environment | undefined>
  /** Pure: the route that sends so many per cent to `to`, and the rest to the other one of the pair. */
  plan(from: Route, to: string, percent?: number): Route
  /** Pure: the request that `apply` would send, for people. */
  call(from: Route, to: Route): string
  /**
   * Compare-and-set, sent once. Throws Conflict when the route is not `from` any more, Refused when the service said
   * no (NotYet: for now), AnswerLost when nobody knows whether it happened.
   */
  apply(from: Route, to: Route): Promise<void>
  /**
   * Makes both known to what routes traffic, with all of it on `live` as before: the other one gets none. Harmless when
   * it is so already. Answers how long clients may follow what stood there before, in ms. Throws as `apply` does.
   */
  attach(order: { readonly live: string; readonly candidate: string | undefined }): Promise<Ms>
  /**
   * Makes an environment without traffic unknown to it again, as far as it has to be: one that stays may be gone back to,
   * one that ends must not be named any more. Throws Conflict when it has traffic.
   */
  detach(id: string, why: 'it stays' | 'it ends'): Promise<void>
}

/** What one HTTP request showed. */
export type Answer =
  | {
      readonly is: 'answer'
      readonly status: number
      readonly took: Ms
      /** Where a redirect leads. */
      readonly location?: string | undefined
      /** By name in lower case. */
      readonly headers?: Readonly<Record<string, string>>
      /** The beginning of it. */
      readonly body?: string
      /** Nobody was asked: in a dry run everything is as it should. */
      readonly isPretended?: true
    }
  | { readonly is: 'no answer'; readonly why: string }

/** HTTP requests from where the action runs. Never throws. */
export interface Probe {
  /** With `at`, the request goes to that host, under the name that `url` has (as `curl --connect-to`). */
  ask(url: string, signal?: AbortSignal, at?: string): Promise<Answer>
  /** IPv4 addresses of a host name, sorted; empty when it cannot be told from here. */
  addresses(host: string): Promise<readonly string[]>
  /** The name that a host name is a CNAME of; undefined when it is none, or nobody can tell from here. */
  alias(host: string): Promise<string | undefined>
}

/** The user's own tests. */
export interface Tests {
  /** Runs the command to its end, its output in the log; `report` says where it writes JUnit files, as globs. */
  run(order: {
    readonly command: string
    readonly report?: readonly string[]
    readonly shell: string
    readonly variables: Readonly<Record<string, string>>
    readonly within: Ms
    readonly signal: AbortSignal
  }): Promise<{
    readonly is: 'passed' | 'failed' | 'timed out'
    readonly says: string
    /** What the reports say; absent when none were asked for. */
    readonly results?: TestResults
  }>
}

/** The last lines of one instance's log files, once Beanstalk has pulled them. */
export interface InstanceLog {
  readonly instance: string
  /** As they are: they may hold secrets, and whatever the application wrote. */
  read(signal: AbortSignal): Promise<string>
}

/** Instances' own logs. */
export interface Logs {
  /** Has Beanstalk pull the last lines, and waits until they are there. Throws when they cannot be had. */
  tail(id: string, signal: AbortSignal): Promise<readonly InstanceLog[]>
}

/** Everything said to the user while it happens. Text from outside is made harmless here. */
export interface Report {
  group<T>(title: string, work: () => Promise<T>): Promise<T>
  /** One line per change. */
  line(text: string): void
  /** Something that a human must do; scarce. */
  warn(text: string): void
}
