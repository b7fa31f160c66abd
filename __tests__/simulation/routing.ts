import type { BeanstalkState } from '../../simulator/beanstalk/state.ts'
import type { RecordedCall } from '../../simulator/cloud.ts'
import type { UserCommand } from '../../src/system/user-command.ts'
import type { Colour } from './history.ts'

/** What decides where production goes in one history, and how it stands there before the first run. */
export type Routing =
  | { readonly by: 'cname-swap' }
  | {
      readonly by: 'route53'
      readonly name: typeof www | typeof apex
      readonly recordType: 'cname' | 'alias'
      /** What leads to live. */
      readonly stands: 'nothing' | 'a record' | 'a record of its CNAME' | 'an alias' | 'a pair'
      /** Of the records that stand there, and of those that the action writes, in s. */
      readonly ttl: number
      readonly recordTtl: number
    }
  | {
      readonly by: 'load-balancer'
      readonly groups: 'own' | 'shared'
      readonly rules: 1 | 2
      /** Clients stay at a target group for so long, in s. */
      readonly stickyFor?: number
    }
  | {
      readonly by: 'command'
      /** Of the provider's answers, in s. */
      readonly ttl: number
      /** Of its commands, from 0 to 1: how many fail. */
      readonly share: { readonly fails: number }
    }

/** The names that users know where it is not Beanstalk's own. */
export const www = 'www.example.com'
export const apex = 'example.com'

/** Per cent of production by environment id; what leads to no environment is named as it is. */
export type Shares = Readonly<Record<string, number>>

/** What somebody else does to how production is routed. */
export type Meddled =
  | { readonly how: 'weights'; readonly other: number }
  | { readonly how: 'deleted'; readonly of: 'live' | 'other' }
  | { readonly how: 'a stranger' }
  | { readonly how: 'targets taken away' }
  | { readonly how: 'zone busy' }

/** How production is routed in one simulated world, as it truly is. */
export interface Traffic {
  readonly by: Routing['by']
  /** The name that users know. */
  readonly address: string
  /** What the action has to be told of it, given what else it is told. */
  inputs(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>>
  /** As whoever decides about it says now; empty while it goes nowhere, or while a swap is half done. */
  shares(state: BeanstalkState): Shares
  /** What clients who ask now may be led to. */
  led(state: BeanstalkState): readonly string[]
  /** How long they may go on following that, in ms. */
  readonly followMs: number
  /** Everything that decides about it, for `move`. */
  exact(): unknown
  /** What a call makes of it when it is carried out; undefined for calls that are about something else. */
  move(call: RecordedCall, before: Before): Move | undefined
  /** Has what routes production found it healthy, where it looks at all? */
  isFoundHealthy(id: string): boolean
  /** What names an environment that is gone. */
  left(state: BeanstalkState): readonly string[]
  /** Somebody else changes it; throws when AWS refuses that. Answers what it makes of it. */
  meddle(meddled: Meddled, pair: { readonly live: string; readonly other: string | undefined }): Promise<void>
  /** The team's commands, where they move traffic. */
  readonly command?: UserCommand
  /** What templates of the team's do for environments that are made. */
  tend(state: BeanstalkState): void
}

/** How it was when a call arrived. */
export interface Before {
  readonly state: BeanstalkState
  /** What has all of it, or had it last. */
  readonly holder: string | undefined
  /** What `exact` said. */
  readonly exact: unknown
}

/** A change of where production goes. */
export interface Move {
  readonly before: Shares
  readonly after: Shares
}

/** The one that gets everything, if one does. */
export const wholeOf = (shares: Shares): string | undefined =>
  Object.keys(shares).find((id) => (shares[id] ?? 0) > 99.99)

/** Does it get any of it? */
export const gets = (shares: Shares, id: string): boolean => (shares[id] ?? 0) > 0

/** Weights as per cent of their sum; all zero: nobody. */
export function perCent(weights: readonly (readonly [string, number])[]): Shares {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0)
  const shares: Record<string, number> = {}
  for (const [id, weight] of weights) if (sum > 0) shares[id] = (shares[id] ?? 0) + (100 * weight) / sum
  return shares
}

/** The environment whose share grows most; undefined when none does. */
export function towards({ before, after }: Move): string | undefined {
  const growth = (id: string) => (after[id] ?? 0) - (before[id] ?? 0)
  const [most] = Object.keys(after).sort((one, other) => growth(other) - growth(one))
  return most !== undefined && growth(most) > 0.01 ? most : undefined
}

/** For stories: `90 % e-1, 10 % e-2`. */
export const inWords = (shares: Shares): string =>
  Object.entries(shares)
    .map(([id, percent]) => `${Math.round(percent)} % ${id}`)
    .join(', ') || 'nobody'

/** Which of the pair is live at the start, for those who set routing up. */
export interface Standing {
  readonly live: Colour | undefined
  readonly ids: Readonly<Partial<Record<Colour, string>>>
}
