import { describe, type Environment, isAtLeast } from './environment.ts'
import { Failure } from './errors.ts'

/** The way back of what is sick, or of what nobody can judge just now, stays. Throws Failure, with how to go back. */
export function refuseNeeded(live: Environment, wayBack: Environment): void {
  if (isAtLeast(live.health, 'Warning')) return
  throw new Failure(
    `${describe(live)} has production and its health is ${live.health}: ${describe(wayBack)} may be needed as the way back, and stays.`,
    [{ why: 'To go back to it: `operation: rollback`.' }],
  )
}
