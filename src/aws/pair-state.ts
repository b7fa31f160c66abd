import { LostLock, messageOf } from '../deployment/errors.ts'
import type { Clock, Holder, Instant, Journal, PairState, Peeked, Taking } from '../deployment/ports.ts'
import { claimAll } from './claims.ts'
import type { Clients } from './clients.ts'
import { compareAndSet } from './compare-and-set.ts'
import { pairOf } from './keys.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { otherNeed } from './other-need.ts'
import { startRenewing } from './renewal.ts'
import { emptyState } from './state-document.ts'
import { type Found, openStateObject } from './state-object.ts'
import type { Storage } from './storage.ts'
import { createPatience, type Held, whoIsInTheWay } from './waiting-for.ts'

/** What a journal is made of. */
export interface JournalParts {
  readonly clients: Clients
  readonly storage: Storage
  readonly clock: Clock
  /** From 0 to 1. */
  readonly random: () => number
  /** Of the object, by `stateKey`: names the pair. */
  readonly key: string
  /** Who this run is. The same nonce again (the post step of the same run) takes the lock back at once. */
  readonly holder: Holder
  /** Tells the user for whom this run waits, and what goes wrong in the background. */
  readonly say: (text: string) => void
  /** Ends a wait for the lock, and the renewing: what is cancelled keeps the lock no longer than its ttl. */
  readonly cancelled?: AbortSignal | undefined
}

/**
 * Lock and journal of a pair: one object in S3 under compare-and-set, renewed while it is held (G); held only together
 * with the claims on the environments that its holder may change.
 */
export function createJournal(parts: JournalParts): Journal {
  const { clients, clock, random, holder, say } = parts
  const object = openStateObject(parts)
  const cell = compareAndSet(object, { backoff: clients.backoff, random, run: holder.nonce })
  const inTurn = oneAtATime()
  const lost = new AbortController()
  let state = emptyState
  let heldSince: Instant | undefined
  let isHeld = false
  let stopRenewing = async () => {}

  /** Only in turn. */
  const store = async (next: PairState) => {
    try {
      await cell.write({ state: next, heldSince })
      state = next
    } catch (thrown) {
      if (thrown instanceof LostLock && isHeld) {
        isHeld = false
        lost.abort(thrown)
      }
      throw thrown
    }
  }

  const renew = () =>
    inTurn(async () => {
      if (isHeld) await store(state)
    })

  const hold = async (found: Found | undefined) => {
    heldSince = object.serverTime()
    await store({ ...(found?.state ?? emptyState), holder })
    isHeld = true
    const ends = AbortSignal.any([lost.signal, ...(parts.cancelled ? [parts.cancelled] : [])])
    stopRenewing = startRenewing({ clock, every: holder.ttl / 3, renew, ends, say })
    return true
  }

  const giveBack = async () => {
    await stopRenewing()
    await inTurn(async () => {
      if (!isHeld) return
      isHeld = false
      await store({ ...state, holder: undefined })
    }).catch((thrown) => {
      // Everything else is done by now, and the lock ends by itself.
      if (!(thrown instanceof LostLock)) say(`The lock could not be given back: ${messageOf(thrown)}`)
    })
  }

  /** A lock without its claims is none: it is given back, and what was read under it is not to be acted on. */
  const claimOrGiveBack = async ({ changes, shared }: Taking) => {
    let isClaimed = false
    try {
      const both: readonly string[] = pairOf(parts.key)?.environments ?? []
      const environments = changes ? (await changes()).filter((one) => both.includes(one)) : both
      const inTheWay = await claimAll({ ...parts, nonce: holder.nonce, environments, shared })
      isClaimed = inTheWay === undefined
      return inTheWay
    } finally {
      if (!isClaimed) {
        await giveBack()
        state = emptyState
      }
    }
  }

  /** What may be taken all the same is a bake's. */
  const isAtWork = (found: Found | undefined): found is Found =>
    whoIsInTheWay(found, { nonce: holder.nonce, over: 'nobody' }) !== undefined

  return {
    run: holder.run,
    nonce: holder.nonce,
    lost: lost.signal,
    get state() {
      return state
    },
    serverTime: object.serverTime,
    async take(atMost, over, taking: Taking = {}) {
      const { mayOvertake = async () => true, locked } = taking
      await stopRenewing()
      const waitFor = createPatience({ ...parts, waitFor: atMost, url: object.url })
      while (true) {
        const found = await inTurn(cell.read)
        const inTheWay = whoIsInTheWay(found, { nonce: holder.nonce, over })
        if (inTheWay) await waitFor(inTheWay)
        else if (isAtWork(found) && !(await mayOvertake(found.state))) return undefined
        else if (await inTurn(() => hold(found)).catch(ifOthersWereFaster)) {
          locked?.()
          const elsewhere = await claimOrGiveBack(taking)
          if (!elsewhere) return state
          await waitFor(elsewhere)
        }
      }
    },
    async peek() {
      const found = await object.read()
      const inTheWay = whoIsInTheWay(found, { nonce: holder.nonce, over: 'nobody' })
      return { state: found?.state ?? emptyState, held: inTheWay && holdingOf(inTheWay) }
    },
    write: (change) =>
      inTurn(async () => {
        if (!isHeld) throw new LostLock('The lock is not held.')
        const next = change(state)
        await store({ ...next, holder: next.holder ?? holder })
        return state
      }),
    release: giveBack,
    otherNeed: (environment) => otherNeed(parts, { ...environment, nonce: holder.nonce }),
  }
}

const holdingOf = ({ found, holder }: Held): Peeked['held'] => ({
  holder,
  since: found.heldSince,
  until: found.modified + holder.ttl,
})

function ifOthersWereFaster(thrown: unknown): false {
  if (thrown instanceof LostLock) return false
  throw thrown
}
