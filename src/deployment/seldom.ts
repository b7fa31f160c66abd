import type { Gate, GateVerdict } from './hold.ts'
import type { Instant, Ms } from './ports.ts'
import type { Run } from './run.ts'

/** Some times in `lasts`, from every ten to every thirty seconds: enough for what is counted over ten seconds anyway. */
export const someTimesIn = (lasts: Ms): Ms => Math.min(30_000, Math.max(10_000, lasts / 10))

/**
 * A gate that costs calls to several services, and whose good news keeps for a while: what passed is looked at again only
 * when it is so old, in ms. What did not pass is looked at every time.
 */
export function seldom({ ports }: Run, every: Ms, gate: Gate): Gate {
  let passed: { readonly at: Instant; readonly verdict: GateVerdict } | undefined
  return {
    name: gate.name,
    look: async () => {
      const now = ports.clock.now()
      if (passed && now - passed.at < every) return passed.verdict
      const verdict = await gate.look()
      passed = verdict.is === 'pass' ? { at: now, verdict } : undefined
      return verdict
    },
  }
}
