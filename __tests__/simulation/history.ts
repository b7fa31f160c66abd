import type { CallFaultOrder, EnvironmentFaultOrder } from '../../simulator/faults.ts'
import type { Switches } from '../../simulator/switches.ts'
import type { Meddled, Routing } from './routing.ts'

/** Everything that will happen in one simulated world, as plain data: it can be printed, compared and shrunk. */
export interface History {
  readonly seed: number
  readonly switches: Switches
  readonly start: Start
  readonly routing: Routing
  /** By version label; what is not here behaves well. */
  readonly apps: Readonly<Record<string, Manner>>
  readonly users: { readonly count: number; readonly everyMs: number }
  readonly chapters: readonly Chapter[]
}

/** What AWS looks like before the first run. */
export interface Start {
  readonly members: Readonly<Partial<Record<Colour, GivenMember>>>
  /** Who has the production name; absent when nobody exists. */
  readonly live?: Colour
  /** The prefix of the production name. */
  readonly prefix: string
  readonly healthReporting: 'basic' | 'enhanced'
  readonly policy: 'AllAtOnce' | 'Immutable'
  readonly single: boolean
  /** Terminated environments that had the members' names. */
  readonly ghosts: readonly Colour[]
  /** An environment of another application, with the same version labels. */
  readonly foreign: boolean
}

export type Colour = 'blue' | 'green'

export interface GivenMember {
  readonly version: string
  readonly min: number
  readonly max: number
  readonly instances: number
}

/** How a version behaves. */
export type Manner =
  | 'good'
  | 'fails its tests'
  | 'fails under traffic'
  | 'fails under traffic, health too'
  | 'never starts'
  | 'breaks after a while'
  | 'breaks after a while, health too'
  | 'red from the start'

/** One run of the step, and what happens meanwhile. */
export interface Chapter {
  readonly inputs: Readonly<Record<string, string>>
  readonly begins: Begins
  /** Is production reachable from the runner? */
  readonly canSee: boolean
  /** How far the runner's clock is ahead of AWS's, in ms. */
  readonly skewMs: number
  readonly testsTakeMs: number
  readonly mishaps: readonly Mishap[]
  /** What follows when the process was cancelled or killed. */
  readonly afterwards: 'post' | 'post that dies' | 'nothing'
}

/** So long after the run before it has ended, or in the midst of it. */
export type Begins =
  | { readonly when: 'after'; readonly ms: number }
  | { readonly when: 'during'; readonly at: Moment }

/** A moment in the life of a run: so long into a stage, or so long after its nth call of an operation was sent (in a stage). */
export type Moment =
  | { readonly stage: string; readonly ms: number }
  | { readonly call: string; readonly nth: number; readonly ms: number; readonly in?: string }

export type Mishap = { readonly at: Moment } & (
  | { readonly what: 'death' }
  | { readonly what: 'cancellation' }
  | { readonly what: 'call fault'; readonly order: CallFaultOrder }
  | { readonly what: 'environment fault'; readonly order: EnvironmentFaultOrder }
  | { readonly what: 'swap by hand' }
  | { readonly what: 'route by hand'; readonly meddled: Meddled }
  | { readonly what: 'managed update'; readonly of: Role }
  | { readonly what: 'group by hand'; readonly of: Role; readonly min: number; readonly max: number }
)

/** By what AWS truly is at that moment. */
export type Role = 'live' | 'other'

/** A fault, or somebody's meddling, that struck, and the stage that it struck. */
export interface AnyFault {
  readonly kind: string
  readonly stage: string
}

/** What a mishap is counted as. */
export const kindOf = (mishap: Mishap): string =>
  'order' in mishap
    ? `${mishap.what}: ${mishap.order.fault}`
    : mishap.what === 'route by hand'
      ? `${mishap.what}: ${mishap.meddled.how}`
      : mishap.what

/** Names of members, as every run is given them. */
export const nameOf: Readonly<Record<Colour, string>> = { blue: 'shop-blue', green: 'shop-green' }

/** An environment of a pull request's own, beside the pair. */
export const ownName = 'shop-pr-7'

export const application = 'shop'
export const region = 'us-east-1'

/** Values that must never be seen outside AWS. */
export const secrets = ['planted-Zq81-of-live', 'planted-Xw27-of-inputs', 'planted-Pv64-of-options'] as const

/** The versions that exist in the application, oldest first. */
export const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0'] as const
