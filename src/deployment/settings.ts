import type { Health } from './environment.ts'
import type { Expectation } from './expectation.ts'
import type { Ms } from './ports.ts'

export type { Expectation }

/** What can be asked for. */
export type OperationName = 'deploy' | 'verify' | 'promote' | 'rollback' | 'retire' | 'recover' | 'status'

/** One option of an environment, as Beanstalk names it. */
export interface OptionSetting {
  readonly namespace: string
  readonly name: string
  readonly value: string
  readonly resource?: string | undefined
}

/** HTTP statuses from `first` to `last`, both included. */
export interface StatusRange {
  readonly first: number
  readonly last: number
}

/** What the user asked for, checked and typed; every duration is in milliseconds. */
export interface Settings {
  readonly operation: OperationName
  readonly application: string
  readonly blueEnvironment: string
  readonly greenEnvironment: string
  /** The version label to bring up; there for every `deploy`, `verify` and `promote`. */
  readonly version: string
  readonly versionDescription: string
  /** A zip, war or jar, or a folder; absent when the version exists already. */
  readonly package: string | undefined
  readonly kmsKeyId: string | undefined

  /** A saved configuration to create a missing environment from. */
  readonly template: string | undefined
  /** A solution stack's name or a platform's ARN, to create the very first environment from. */
  readonly platform: string | undefined
  readonly optionSettings: readonly OptionSetting[]
  readonly tags: Readonly<Record<string, string>>
  /** What is done about a candidate that is configured otherwise than live; `auto`: it depends on who created it. */
  readonly configuration: 'auto' | 'fail' | 'keep' | 'sync'
  /** Does an environment that is cloned from live get live's environment properties? */
  readonly copyVariables: boolean

  readonly healthPath: string
  readonly healthStatus: readonly StatusRange[]
  readonly minimumHealth: Exclude<Health, 'unknown'>
  readonly healthStableFor: Ms
  readonly probe: 'auto' | 'required' | 'off'
  readonly productionUrl: string | undefined
  readonly productionExpect: Expectation | undefined
  readonly testCommand: string | undefined
  readonly shell: string
  readonly testTimeout: Ms
  /** Globs of the JUnit files that the test command writes. */
  readonly testReport: readonly string[]

  /** What becomes of a candidate that was verified. */
  readonly afterVerify: 'keep' | 'scale-down' | 'terminate'
  /** How old a verification may be that is promoted. */
  readonly maxVerifiedAge: Ms
  /** Is the code merged that this run brings? Not so in jobs of pull requests and merge queues. */
  readonly isMerged: boolean
  /** May a verification overwrite the environment that production could go back to? */
  readonly wayBack: 'keep' | 'overwrite'

  /** A prefix (no dot) or a whole name. */
  readonly productionName: string | undefined
  /** The inputs that say how production is routed, as they were given, where it is not by a CNAME swap. */
  readonly trafficInputs: Readonly<Record<string, string>>
  /** Per cent that go to the new version, one after the other; the last is 100. For routers that move in steps. */
  readonly trafficSteps: readonly [number, ...number[]]
  /** How long each step but the last is watched, once clients follow it. */
  readonly stepInterval: Ms
  /** The team's own target groups, by environment name, where a load balancer's weights move production. */
  readonly targetGroups?: Readonly<Record<string, string>> | undefined
  readonly bakeTime: Ms
  readonly failureThreshold: number
  readonly standby: 'keep' | 'scale-down' | 'terminate'
  /** So long after a promotion nothing is deployed to its standby. */
  readonly rollbackWindow: Ms
  readonly drainTimeout: Ms
  /** How long an environment must have been without production, or unchanged, before `retire` takes it. */
  readonly retireAfter: Ms
  /** Names (with `*`) of environments outside the pair that `retire` ends, if this action created them. */
  readonly leftovers: string | undefined
  readonly onFailure: 'keep' | 'terminate'
  /** Are the last lines of the instances' logs shown when a version fails? */
  readonly instanceLogs: 'on-failure' | 'never'
  readonly allowOlder: boolean
  /** Where a rollback goes: an environment of the pair, or a version label. */
  readonly to: string | undefined
  /** A rollback goes to a sick or small environment all the same. */
  readonly force: boolean
  /** Nothing is changed: the plan is told. */
  readonly dryRun: boolean

  readonly timeout: Ms
  readonly waitForReady: Ms
  readonly lockWait: Ms
  /** `none`: nobody keeps two runs apart, and nothing is remembered beyond the job. */
  readonly lock: 'required' | 'none'
}
