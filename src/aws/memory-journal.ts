import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { Clock, Holder, Journal, PairState } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { dated } from './dated.ts'
import { reading } from './errors.ts'
import { createServerTime } from './server-time.ts'
import { emptyState, fromBody, toBody } from './state-document.ts'

/** What a journal without a lock is made of. */
export interface MemoryJournalParts {
  readonly clients: Clients
  readonly clock: Clock
  readonly holder: Holder
  /** What an earlier step of this job remembered; empty when there was none. */
  readonly remembered: string
  /** Keeps the state for a later step of this job. */
  readonly remember: (body: string) => void
}

/** A journal that keeps nobody away, and that only the steps of one job can read. Its time is that of STS's answer. */
export function createMemoryJournal(parts: MemoryJournalParts): Journal {
  const { clients, clock, holder, remembered, remember } = parts
  const time = createServerTime(clock)
  let state = remembered === '' ? emptyState : fromBody(remembered, 'What this job remembered').state
  const askTheTime = () =>
    reading({ to: 'tell the time', action: 'sts:GetCallerIdentity' }, () =>
      clients.sts.send(dated(new GetCallerIdentityCommand({}), time.see)),
    )
  const write = async (change: (now: PairState) => PairState) => {
    const next = change(state)
    state = { ...next, holder: next.holder ?? holder }
    remember(toBody({ state, nonce: holder.nonce, heldSince: undefined }))
    return state
  }
  return {
    run: holder.run,
    nonce: holder.nonce,
    lost: new AbortController().signal,
    get state() {
      return state
    },
    serverTime: time.now,
    async peek() {
      await askTheTime()
      return { state, held: undefined }
    },
    async take() {
      await askTheTime()
      return write((now) => ({ ...now, holder }))
    },
    write,
    otherNeed: async () => undefined,
    async release() {
      state = { ...state, holder: undefined }
    },
  }
}
