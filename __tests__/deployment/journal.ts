import type { VirtualClock } from '../../simulator/clock.ts'
import { HeldBy, LostLock } from '../../src/deployment/errors.ts'
import type { Clock, Holder, Journal, PairState } from '../../src/deployment/ports.ts'
import type { Wire } from './wire.ts'

/** The object that the runs of one pair share: lock and journal. */
export interface StateObject {
  state: PairState
  writtenAt: number
  writtenBy: string
  /** What the last run that took the lock said it might change. */
  claimed?: readonly string[]
  /** A claim that names another pair. */
  shared?: { readonly environment: string; readonly pair: readonly string[] }
  /** Why other pairs need environments outside of this one, by name. */
  readonly otherNeeds: Map<string, string>
  /** Somebody deleted it. */
  isDeleted?: true
}

export const emptyState: PairState = {
  holder: undefined,
  productionName: undefined,
  pending: [],
  kept: [],
  promotions: [],
}

/** The state object of a pair that nobody has worked on. */
export const newStateObject = (): StateObject => ({
  state: emptyState,
  writtenAt: 0,
  writtenBy: '',
  otherNeeds: new Map(),
})

/** How much S3's clock is ahead of the runner's. */
export const serverAheadMs = 7_000
const lookEveryMs = 10_000

/** One run's view of the object. Every write is a compare-and-set; losing one loses the lock. */
export function createJournal(parts: {
  readonly clock: VirtualClock
  /** Ends with its process. */
  readonly runClock: Clock
  readonly wire: Wire
  readonly object: StateObject
  readonly run: string
  readonly nonce: string
  readonly operation: string
  readonly cancelled: AbortSignal
}): Journal & { readonly lose: (to?: LostLock['to']) => void } {
  const { clock, runClock, wire, object, run, nonce, operation } = parts
  const lost = new AbortController()
  const own: Holder = { run, link: undefined, nonce, ttl: 300_000, operation, baking: false }
  let state = emptyState
  let isHeld = false

  const send = <T>(name: string, isWrite: boolean, work: () => T) =>
    wire.pass({ name, args: [], isWrite, by: run }, work)

  const store = (next: PairState) => {
    state = next
    Object.assign(object, { state: stored(next), writtenAt: clock.now(), writtenBy: run })
  }

  const isInTheWay = (over: 'nobody' | 'a bake'): boolean => {
    const { holder } = object.state
    if (!holder || holder.nonce === nonce) return false
    if (object.writtenAt + holder.ttl < clock.now()) return false
    return !(over === 'a bake' && holder.baking)
  }

  const lose = (to?: LostLock['to']) => {
    if (!isHeld) return
    isHeld = false
    lost.abort(new LostLock(to ? 'Somebody deleted the lock.' : 'Another run took the lock.', to))
  }

  return {
    run,
    nonce,
    lost: lost.signal,
    lose,
    get state() {
      return state
    },
    serverTime: () => clock.now() + serverAheadMs,
    peek: () =>
      send('peek', false, () => {
        const { state: found, writtenAt } = object
        const holder = isInTheWay('nobody') ? found.holder : undefined
        const until = writtenAt + (holder?.ttl ?? 0)
        return { state: found, held: holder && { holder, since: writtenAt, until } }
      }),
    async take(waitFor, over, { changes, mayOvertake = async () => true, locked, shared } = {}) {
      const giveUpAt = clock.now() + waitFor
      while (true) {
        const isBaking = isInTheWay('nobody') && !isInTheWay(over)
        if (isBaking && !(await mayOvertake(object.state))) return undefined
        const taken = await send('take', false, () => {
          if (isInTheWay(over)) return false
          store({ ...object.state, holder: own })
          isHeld = true
          return true
        })
        if (taken) {
          locked?.()
          if (object.shared) shared?.(object.shared.environment, object.shared.pair)
          if (changes) object.claimed = await changes()
          return state
        }
        if (clock.now() >= giveUpAt) throw new HeldBy(`The pair is held by ${object.state.holder?.run}.`)
        await runClock.sleep(lookEveryMs, parts.cancelled)
      }
    },
    async write(change) {
      if (!isHeld) throw new LostLock('The lock is not held.')
      await send('write', true, () => {
        if (object.isDeleted) lose('nobody')
        if (object.state.holder?.nonce !== nonce) lose()
        if (!isHeld) throw lost.signal.reason
        const next = change(state)
        store({ ...next, holder: next.holder ?? own })
      })
      return state
    },
    otherNeed: ({ name }) => send('otherNeed', false, () => object.otherNeeds.get(name)),
    async release() {
      if (!isHeld) return
      await send('release', true, () => {
        if (isHeld && object.state.holder?.nonce === nonce) store({ ...state, holder: undefined })
        isHeld = false
      })
    },
  }
}

/** As it comes back from S3: without what is undefined, and nothing the same object as before. */
const stored = (state: PairState): PairState => ({ ...emptyState, ...JSON.parse(JSON.stringify(state)) })
