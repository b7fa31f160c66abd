import type { DriftReport } from './configuration/drift-report.ts'
import type { Environment } from './environment.ts'
import type { Remedy } from './errors.ts'

/** What `status` tells of a pair. Sentences may quote between backticks; no secrets. */
export interface PairReport {
  readonly members: readonly MemberSeen[]
  /** Who is live, and why we think so. */
  readonly witnesses: readonly Witness[]
  /** For how long both exist. */
  readonly sideBySide: string
  readonly lock: readonly string[]
  readonly journal: readonly string[]
  readonly wayBack: WayBackSeen
  /** How the one beside live is configured otherwise. */
  readonly drift?: DriftReport | undefined
  /** What stands in the way of blue/green deployments here. */
  readonly obstacles: readonly Obstacle[]
  /** What could not be read, and what is missing for it. */
  readonly unread: readonly Unread[]
  readonly notLookedAt: readonly Remedy[]
}

/** One member of the pair; `now` is undefined while it does not exist, the role while nobody can tell. */
export interface MemberSeen {
  readonly name: string
  readonly role: 'live' | 'other' | undefined
  readonly now: Environment | undefined
}

/** Something that tells where production is. */
export interface Witness {
  readonly name: string
  readonly says: string
  readonly is: 'for' | 'against' | 'silent'
}

/** Whether a `rollback` would bring production back now, and how. */
export interface WayBackSeen {
  readonly is: 'open' | 'slow' | 'closed' | 'unknown'
  readonly says: string
}

/** Something that stands in the way, with its mend. */
export interface Obstacle {
  readonly what: string
  readonly mend: Remedy
}

/** A read that failed. */
export interface Unread {
  readonly what: string
  readonly mends: readonly Remedy[]
}
