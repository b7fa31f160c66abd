import { fromClaimBody } from './claim-document.ts'
import { type ObjectParts, openConditionalObject } from './conditional-object.ts'
import { claimKey } from './keys.ts'
import { inWords } from './other-pair.ts'
import { type Found, openStateObject } from './state-object.ts'
import { whoIsInTheWay } from './waiting-for.ts'

/** The environment that is asked about, and the run that asks. */
export interface Wanted {
  readonly id: string
  readonly name: string
  /** This run's. */
  readonly nonce: string
}

/**
 * Why a pair that once claimed the environment needs it still, as that pair's state says; undefined when none does. Only
 * reads: what a dead run of that pair left is none of ours, as long as production is not on its way through it.
 */
export async function otherNeed(
  parts: Omit<ObjectParts, 'key'>,
  { id, name, nonce }: Wanted,
): Promise<string | undefined> {
  const claims = openConditionalObject({ ...parts, key: claimKey(name) })
  const found = await claims.read()
  const claim = found && fromClaimBody(found.body, { url: await claims.url(), environment: name })
  for (const key of claim ? [claim.pair, ...claim.besides] : []) {
    const pair = await openStateObject({ ...parts, key }).read()
    const holder = whoIsInTheWay(pair, { nonce, over: 'nobody' })?.holder
    if (holder) return `${holder.run} works on it now: ${holder.operation} on the pair ${inWords(key)}`
    if (pair && hasProductionIn(pair, id)) return `production of the pair ${inWords(key)} is or was on it`
  }
  return undefined
}

/** Is it what production was promoted to, the way back from there, or an end of a move that nobody has settled? */
function hasProductionIn({ state: { promotions, pending } }: Found, id: string): boolean {
  return (
    promotions.some(({ environment, before }) => environment === id || before?.environment === id) ||
    pending.some((effect) => effect.what === 'route' && (effect.from === id || effect.to === id))
  )
}
