import { type Effect, sentence } from '../effects.ts'
import type { Holder, Journal, PairState, Peeked, Ports } from '../ports.ts'
import type { Pretence } from './pretence.ts'

/** Lock and journal, looked at and never written; whoever holds the lock is taken to have ended by then. */
export function pretendJournal(
  { journal: real, clock }: Pick<Ports, 'journal' | 'clock'>,
  { pretence, keeps }: { readonly pretence: Pretence; readonly keeps: boolean },
): Journal {
  const { plan } = pretence
  const note = (what: string) => {
    if (keeps) plan.note(`call PutObject: the journal, ${what}`)
  }
  let state: PairState = real.state
  return {
    run: real.run,
    nonce: real.nonce,
    lost: new AbortController().signal,
    get state() {
      return state
    },
    serverTime: () => real.serverTime() + pretence.clock.now() - clock.now(),
    peek: async () => ({ state, held: undefined }),
    async take(_, over, { changes, mayOvertake } = {}) {
      const peeked = await pretence.clock.ask(() => real.peek())
      const own = ownHolder(real)
      const isWaitedFor = peeked.held && !(over === 'a bake' && peeked.held.holder.baking)
      const isTaken = peeked.held && !isWaitedFor
      if (isTaken && mayOvertake && !(await mayOvertake(peeked.state))) return undefined
      if (isWaitedFor) plan.report.line(waitingFor(peeked))
      // What a living run has open it settles itself.
      state = { ...peeked.state, holder: own, ...(isWaitedFor && { pending: [] }) }
      const claimed = (await changes?.())?.join(' and ') ?? 'both environments'
      note(`with the lock, and ${claimed === '' ? 'no claim' : `the claims on ${claimed}`}`)
      return state
    },
    async write(change) {
      const before = state
      const next = change(state)
      state = { ...next, holder: next.holder ?? ownHolder(real) }
      note(difference(before, state))
      return state
    },
    otherNeed: (environment) => pretence.clock.ask(() => real.otherNeed(environment)),
    async release() {
      if (state.holder === undefined) return
      state = { ...state, holder: undefined }
      note('without the lock')
    },
  }
}

const ownHolder = ({ run, nonce }: Journal): Holder => ({
  run,
  nonce,
  link: undefined,
  ttl: 0,
  operation: 'dry-run',
  baking: false,
})

const waitingFor = ({ held }: Peeked): string =>
  `It would wait for ${held?.holder.run}${held?.holder.link ? ` (${held.holder.link})` : ''}, which does ${held?.holder.operation}. What follows is as if that run had ended and left everything as it is now.`

/** What a write says that was not said before. */
function difference(before: PairState, after: PairState): string {
  // An effect of which more is known by now is none that begins.
  const fresh = (now: readonly Effect[], then: readonly Effect[]) => {
    const known = new Set(then.map(sentence))
    return now.map(sentence).filter((one) => !known.has(one))
  }
  const begun = fresh(after.pending, [...before.pending, ...before.kept])
  if (begun.length > 0) return `before ${begun.join('; ')}`
  if (after.promotions !== before.promotions) return 'with who is live now'
  const done = fresh([...before.pending, ...before.kept], [...after.pending, ...after.kept])
  if (done.length > 0) return `after ${done.join('; ')}`
  return 'with how far it is'
}
