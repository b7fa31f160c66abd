import type { Environment } from './environment.ts'
import type { Remedy } from './errors.ts'
import { hidesVersion } from './hides-version.ts'
import { atOwnAddress } from './own-address.ts'
import type { Run } from './run.ts'
import { type NameVerdict, underProductionName } from './under-production-name.ts'

/** What requests from where the action runs show of a candidate. */
export interface SeenFromHere {
  /** What is wrong with it; undefined when nothing is. */
  readonly bad?: string | undefined
  /** How it fails to show its version, where it must: it may still be starting. */
  readonly hides?: string | undefined
  /** How it compares with live under production's name, where it was asked. */
  readonly named?: NameVerdict['is'] | undefined
  /** What it takes to see that with one's own eyes. */
  readonly mend?: Remedy | undefined
  /** What is worth a line when it is well. */
  readonly told: readonly string[]
}

/** Who is asked, and what is known of who asks. */
export interface Asked {
  readonly candidate: Environment
  readonly version: string
  /** Did production answer from here before? If nothing does, silence proves nothing. */
  readonly canProbe: boolean
  /** What the candidate is compared with; undefined when nobody is live. */
  readonly live: Environment | undefined
}

/** Asks the candidate at its own address, for its version, and under production's name where that is another one. */
export async function seenFromHere(run: Run, asked: Asked): Promise<SeenFromHere> {
  const { candidate, canProbe, live } = asked
  const { probe, productionUrl: url } = run.settings
  if (probe === 'off') return { told: [] }
  const own = await atOwnAddress(run, asked)
  if (own.is === 'bad') return { bad: own.saw, told: [] }
  const told = own.is === 'good' ? [] : [`Not seen at its own address: ${own.saw}.`]
  const named = url && live && canProbe ? await underProductionName(run, { url, live, candidate }) : undefined
  if (named?.is === 'worse') return { bad: named.saw, named: named.is, mend: named.mend, told }
  const hides = await hidesVersion(run, asked, candidate)
  return { hides, named: named?.is, told: named ? [...told, inLine(named)] : told }
}

const inLine = ({ is, saw }: { readonly is: 'same' | 'not comparable'; readonly saw: string }): string =>
  is === 'same' ? `It ${saw}.` : `Not seen under production's name: ${saw}.`
