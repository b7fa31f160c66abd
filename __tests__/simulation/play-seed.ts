import type { History } from './history.ts'
import { type Played, play } from './play.ts'
import { writeHistory } from './write-history.ts'

/** Plays the history of a seed; whatever is thrown on the way, also where nobody awaits it, breaks a rule. */
export const playSeed = (seed: number): Promise<Played> => playSafely(writeHistory(seed))

/** The same for any history. */
export async function playSafely(history: History): Promise<Played> {
  const loose: unknown[] = []
  const onLoose = (error: unknown) => loose.push(error)
  process.on('unhandledRejection', onLoose)
  try {
    const played = await play(history)
    await new Promise((resolve) => setImmediate(resolve))
    return loose.length === 0 ? played : { ...played, violations: [...played.violations, ...loose.map(bug)] }
  } catch (thrown) {
    return { ...nothing, violations: [bug(thrown)] }
  } finally {
    process.off('unhandledRejection', onLoose)
  }
}

const nothing: Played = {
  violations: [],
  story: [],
  looked: {},
  outcomes: [],
  faults: [],
  calls: 0,
  runs: 0,
  took: 0,
}

const bug = (thrown: unknown) => ({
  rule: 'bug: neither product nor simulator makes a mistake of its own' as const,
  at: 0,
  says: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
})
