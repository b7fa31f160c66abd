import { type Environment, type Health, isAtLeast, isReady } from './environment.ts'
import { memoryOf } from './memory-of.ts'
import { scalar } from './next-step.ts'
import type { Promotion } from './ports.ts'

/** Where production could go from a live that it went back to already. */
export interface WayOnward {
  /** After a name: `runs 1.1.0 and is Ok`. */
  readonly name: string
  readonly says: string
  /** It is well, and nothing was held against its version. */
  readonly isFit: boolean
  /** Lines of a workflow. */
  readonly workflow: string
}

/** Is this worth a red step? An unknown health is none. */
export const isSick = (health: Health): boolean => health !== 'unknown' && !isAtLeast(health, 'Warning')

/** The other environment as a place to go to on purpose; undefined when nothing there could take production. */
export function wayOnward(
  live: Environment,
  other: Environment | undefined,
  promotions: readonly Promotion[],
): WayOnward | undefined {
  if (!other || !isReady(other) || other.version === undefined) return undefined
  const isBetter =
    isAtLeast(other.health, 'Warning') ||
    (isSick(live.health) && isAtLeast(other.health, live.health) && other.health !== live.health)
  if (!isBetter) return undefined
  const isTakenBack = memoryOf(promotions, other.version) === 'taken back'
  return {
    name: other.name,
    says: `runs ${other.version} and is ${other.health}${isTakenBack ? ', but was taken back from its bake' : ''}`,
    isFit: !isTakenBack,
    workflow: `operation: rollback\nto: ${scalar(other.name)}${isTakenBack ? '\nforce: true' : ''}`,
  }
}
