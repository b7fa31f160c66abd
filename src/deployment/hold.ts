import { Cancelled, LostLock, messageOf } from './errors.ts'
import type { Ms } from './ports.ts'
import type { Run } from './run.ts'
import { inWords } from './wait-until.ts'

/** What one look of a gate showed. `unreadable` and `waiting` neither pass nor fail. */
export interface GateVerdict {
  readonly is: 'pass' | 'fail' | 'doomed' | 'unreadable' | 'waiting'
  readonly saw: string
  /** It has seen enough before: what it cannot read in the end is no reason to take traffic back. */
  readonly hasSeenEnough?: true
}

/** A condition that must hold for traffic to stay. */
export interface Gate {
  readonly name: string
  look(): Promise<GateVerdict>
}

/** How long, how often, and how many failures in a row are too many. */
export interface Holding {
  readonly gates: readonly Gate[]
  readonly for: Ms
  readonly every: Ms
  readonly threshold: number
  /** How much longer a gate that cannot be read may take to become readable. */
  readonly grace: Ms
}

/** Watches all gates. Answers what failed, or undefined when everything held and was readable at the end. */
export async function hold(run: Run, holding: Holding): Promise<string | undefined> {
  const { clock, report } = run.ports
  const began = clock.now()
  const failures = new Map<string, number>()
  let said = ''
  while (true) {
    const looks = await Promise.all(
      holding.gates.map(async (gate) => ({ gate, verdict: await lookAt(run, gate) })),
    )
    for (const { gate, verdict } of looks) {
      if (verdict.is === 'doomed') return `${gate.name}: ${verdict.saw}`
      if (verdict.is === 'pass') failures.set(gate.name, 0)
      if (verdict.is !== 'fail') continue
      const inARow = (failures.get(gate.name) ?? 0) + 1
      failures.set(gate.name, inARow)
      report.line(`${gate.name} failed (${inARow} of ${holding.threshold} in a row): ${verdict.saw}`)
      if (inARow >= holding.threshold) return `${gate.name}: ${verdict.saw}`
    }
    const held = clock.now() - began
    const open = looks.filter(({ verdict }) => verdict.is !== 'pass')
    if (held >= holding.for && open.length === 0) return undefined
    if (held >= holding.for + holding.grace) {
      const unproven = open.filter(({ verdict }) => !verdict.hasSeenEnough)
      if (unproven.length === 0) return undefined
      return unproven.map(({ gate, verdict }) => `${gate.name}: ${verdict.saw}`).join('; ')
    }
    const now = looks.map(({ gate, verdict }) => `${gate.name} ${verdict.is}`).join(', ')
    if (now !== said) report.line(`${now} (${inWords(held)} of ${inWords(holding.for)})`)
    said = now
    // The last look is at the very end, when everything held so far.
    const left = holding.for - held
    await clock.sleep(left > 0 ? Math.min(holding.every, left) : holding.every, run.signal)
  }
}

/** A look that throws says nothing about the gate, unless nothing may go on. */
async function lookAt(run: Run, gate: Gate): Promise<GateVerdict> {
  try {
    return await gate.look()
  } catch (thrown) {
    if (run.signal.aborted || thrown instanceof LostLock || thrown instanceof Cancelled) throw thrown
    return { is: 'unreadable', saw: messageOf(thrown) }
  }
}
