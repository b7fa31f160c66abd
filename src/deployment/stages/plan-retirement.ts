import { describe, type Environment } from '../environment.ts'
import { refuseNeeded } from '../needed.ts'
import type { Run } from '../run.ts'
import { inWords } from '../wait-until.ts'
import { type Plan, planPair } from './plan.ts'

/** The environment without production that is to be retired, or why none is. */
export type Retirement =
  | { readonly is: 'due'; readonly pair: Plan; readonly target: Environment }
  | { readonly is: 'not due'; readonly pair: Plan | undefined; readonly why: string }

/** Which member has no production, for how long, and whether it may go: never the way back of a live that is sick. */
export async function planRetirement(run: Run): Promise<Retirement> {
  const pair = await planPair(run)
  if (!pair.live) return { is: 'not due', pair: undefined, why: 'Neither environment exists.' }
  const { live, other } = pair
  const target = other.now
  if (!target) return { is: 'not due', pair, why: `${other.name} does not exist.` }
  const { retireAfter } = run.settings
  const unusedFor = run.ports.journal.serverTime() - lastUseOf(run, target)
  if (unusedFor < retireAfter)
    return {
      is: 'not due',
      pair,
      why: `${describe(target)} was in use until ${inWords(Math.max(0, unusedFor))} ago, and is retired ${inWords(retireAfter)} after that.`,
    }
  refuseNeeded(live, target)
  return { is: 'due', pair, target }
}

/** The last promotion or the last change of the environment, whichever was later: a candidate has had no promotion. */
const lastUseOf = (run: Run, { updated }: Environment): number =>
  Math.max(updated, run.ports.journal.state.promotions[0]?.at ?? 0)
