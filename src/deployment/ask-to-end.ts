import type { TerminateEffect } from './effects.ts'
import { Conflict, messageOf, Refused } from './errors.ts'
import { intend, type Run, settled, warn } from './run.ts'
import { terminate, untilItEnds } from './terminate.ts'

/**
 * Writes down that an environment is ended, and asks for it. What was refused did not happen, and is not left for the
 * next run: it is settled before that is thrown.
 */
export async function askToEnd(
  run: Run,
  { environment, name }: Pick<TerminateEffect, 'environment' | 'name'>,
): Promise<TerminateEffect> {
  const at = run.ports.journal.serverTime()
  const effect = await intend(run, { what: 'terminate', way: 'finish', environment, name, at })
  try {
    await terminate(run, environment)
  } catch (thrown) {
    if (isNothing(thrown)) await settled(run, effect)
    throw thrown
  }
  return effect
}

/** Ends what an earlier run was about to end. When that is refused it stays, and stands in nobody's way. */
export async function askAgainToEnd(run: Run, effect: TerminateEffect): Promise<void> {
  const { environment: id, name } = effect
  try {
    await terminate(run, id)
  } catch (thrown) {
    if (!isNothing(thrown)) throw thrown
    warn(
      run,
      `An earlier run was about to terminate ${name} (${id}), which stays and is not tried again: ${messageOf(thrown)}`,
    )
    return
  }
  await untilItEnds(run, effect)
}

/** The environment is what it was. */
const isNothing = (thrown: unknown): boolean => thrown instanceof Refused || thrown instanceof Conflict
