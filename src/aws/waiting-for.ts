import { HeldBy, LostLock } from '../deployment/errors.ts'
import type { Clock, Holder, Instant, Ms } from '../deployment/ports.ts'
import type { Found } from './state-object.ts'

const lookEvery: Ms = 10_000
const sayEvery: Ms = 60_000

/** Who has the lock, if it may not be taken: it is free, ours already, its holder dead by S3's own clock, or baking. */
export function whoIsInTheWay(
  found: Found | undefined,
  { nonce, over }: { readonly nonce: string; readonly over: 'nobody' | 'a bake' },
): Held | undefined {
  const holder = found?.state.holder
  if (!found || !holder || holder.nonce === nonce) return undefined
  if (found.modified + holder.ttl < found.date) return undefined
  if (over === 'a bake' && holder.baking) return undefined
  return { found, holder }
}

/** A lock in somebody else's hands. */
export interface Held {
  readonly found: Found
  readonly holder: Holder
  /** Of another pair, that has an environment in common with ours. */
  readonly shared?: {
    readonly environment: string
    /** For people. */
    readonly pair: string
    /** Of that pair's state object. */
    readonly url: string
  }
}

/** For a while, pauses at each call, and says now and then for whom. Throws HeldBy when the while is
 * over, and the signal's reason when cancelled. */
export function createPatience(parts: {
  readonly clock: Clock
  readonly random: () => number
  readonly say: (text: string) => void
  readonly waitFor: Ms
  readonly url: () => Promise<string>
  readonly cancelled?: AbortSignal | undefined
}): (held: Held) => Promise<void> {
  const { clock, random, say, waitFor, url, cancelled } = parts
  const began = clock.now()
  let told: { readonly nonce: string; readonly at: Instant } | undefined
  return async (held) => {
    const now = clock.now()
    const left = began + waitFor - now
    if (left <= 0) throw heldBy(held, { waited: now - began, url: held.shared?.url ?? (await url()) })
    if (told?.nonce !== held.holder.nonce || now - told.at >= sayEvery) {
      told = { nonce: held.holder.nonce, at: now }
      say(`waiting for ${whoHas(held)}`)
    }
    await clock.sleep(Math.min(left, lookEvery * (0.9 + 0.2 * random())), cancelled)
  }
}

function heldBy(held: Held, { waited, url }: { readonly waited: Ms; readonly url: string }): HeldBy {
  const { found, holder, shared } = held
  const until = time(found.modified + holder.ttl)
  const what = shared ? `The environment ${shared.environment}` : 'The pair'
  return new HeldBy(
    `${what} is held by ${whoHas(held)}, until ${until} and for as long as that run renews it. Waited ${Math.round(waited / 1000)} s.`,
    [
      {
        why: `Wait for the end of that run, or cancel it${holder.link ? `: ${holder.link}` : ''}. If it died, the lock ends by itself at ${until}.`,
      },
      { why: 'What the lock says:', command: `aws s3 cp '${url}' -` },
    ],
  )
}

/** What to say to the one who lost the lock; `found` is what took its place. */
export function lostTo(found: Found | undefined): LostLock {
  if (!found) return new LostLock('The lock is lost: somebody deleted its object.', 'nobody')
  const { holder } = found.state
  if (!holder) return new LostLock('The lock is lost: another run had it meanwhile.')
  return new LostLock(`The lock is lost to ${whoHas({ found, holder })}.`)
}

function whoHas({ found, holder, shared }: Held): string {
  const since = found.heldSince === undefined ? '' : ` since ${time(found.heldSince)}`
  const where = shared ? ` on the pair ${shared.pair}, which has ${shared.environment} too` : ''
  return `${holder.run}${holder.link ? ` (${holder.link})` : ''}: ${holder.operation}${holder.baking ? ' (baking)' : ''}${where}${since}`
}

const time = (at: Instant): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z')
