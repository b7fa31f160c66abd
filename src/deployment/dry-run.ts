import type { Operation } from './operate.ts'
import { type Outcome, succeeded } from './outcome.ts'
import type { Ports } from './ports.ts'
import { pretend } from './pretend.ts'
import type { Settings } from './settings.ts'
import { membersNow } from './tell.ts'

/**
 * The very same operation, with its changes only pretended: its stages, and the calls that it would make when all goes
 * well. So the plan cannot differ from what is carried out. Nothing is changed, and no lock is taken.
 */
export const dryRun =
  (operation: Operation): Operation =>
  async (ports, settings) => {
    const began = ports.clock.now()
    ports.report.line(
      'Dry run: nothing is changed. What begins with “would” is what it would do and say when all goes well; what AWS, the tests and users would answer nobody knows.',
    )
    const { ports: pretended, stages } = pretend(ports, settings)
    const outcome = await operation(pretended, settings)
    const now = await membersNow(ports, namesIn(outcome, settings), outcome.productionName)
    const took = ports.clock.now() - began
    const elsewhere = now.live ? undefined : (outcome.elsewhere ?? now.elsewhere)
    return { ...asPlan(ports, settings, outcome), ...now, elsewhere, took, plan: stages }
  }

/** Whom the operation took for the pair, if it came that far. */
function namesIn(
  { live, standby, liveBefore, otherBefore }: Outcome,
  { blueEnvironment, greenEnvironment }: Settings,
): readonly string[] {
  const seen = [live, standby, liveBefore, otherBefore].flatMap((member) => member?.name ?? [])
  return seen.length === 0 ? [blueEnvironment, greenEnvironment] : [...new Set(seen)]
}

/** What was only pretended is not told as if it had been seen. */
function asPlan({ cancelled }: Ports, { operation }: Settings, outcome: Outcome): Outcome {
  const is = succeeded(outcome) && !cancelled.aborted ? 'reported' : 'failed'
  const ending = cancelled.aborted
    ? 'It was cancelled.'
    : is === 'reported'
      ? `When all goes well, \`${operation}\` would end \`${outcome.is}\` and say: ${outcome.says}`
      : `\`${operation}\` would end \`${outcome.is}\`: ${outcome.says}`
  return {
    ...outcome,
    is,
    says: `Dry run, nothing was changed. ${ending}`,
    lastSeen: outcome.liveBefore,
    candidateUrl: undefined,
    proof: undefined,
    testsPassed: undefined,
    users: undefined,
    undone: [],
    left: [],
    bringUpTook: undefined,
    switchTook: undefined,
    wayBackTook: undefined,
  }
}
