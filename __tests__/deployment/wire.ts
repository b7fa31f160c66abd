import type { VirtualClock } from '../../simulator/clock.ts'
import type { Effect } from '../../src/deployment/effects.ts'
import { AnswerLost, Refused, Unreachable } from '../../src/deployment/errors.ts'

/** One request of a run's to the outside, as it was when it was sent. */
export interface Call {
  /** `deploy`, `swap`, `resize`, … */
  readonly name: string
  readonly args: readonly unknown[]
  readonly isWrite: boolean
  /** The run that sent it. */
  readonly by: string
  readonly at: number
  /** What stood in the journal when it was sent. */
  readonly pending: readonly Effect[]
}

/**
 * What may happen to a call. `answer lost`: it took effect and nobody was told; `never arrives`: it did not, and nobody
 * was told; `arrives late`: nobody was told, and it takes effect 40 s later; `answered late`: all is well, and takes 40 s.
 * An Error is thrown as it is.
 */
export type Fault =
  | 'answer lost'
  | 'never arrives'
  | 'arrives late'
  | 'answered late'
  | 'refused'
  | 'unreachable'
  | Error

/** Where all calls of all runs pass through, take their time and may fail. */
export interface Wire {
  readonly calls: Call[]
  /** The next `times` calls of that name fail, or all of them with Infinity. */
  fail(name: string, fault: Fault, times?: number): void
  /** Does something once when a call of that name is sent, before it arrives. */
  upon(name: string, act: (call: Call) => void): void
  /** Sees every call twice: as it leaves and as it is answered. */
  watch(see: (moment: 'sent' | 'answered', call: Call) => void): void
  pass<T>(call: Omit<Call, 'at' | 'pending'>, work: () => T): Promise<T>
}

const oneWayMs = 20
const patienceMs = 10_000
const lateMs = 40_000

/** `pending` answers what stands in the journal at the moment. */
export function createWire(clock: VirtualClock, pending: () => readonly Effect[]): Wire {
  const calls: Call[] = []
  const faults: { name: string; fault: Fault; times: number }[] = []
  const acts: { name: string; act: (call: Call) => void }[] = []
  const watchers: ((moment: 'sent' | 'answered', call: Call) => void)[] = []

  const faultOf = (name: string): Fault | undefined => {
    const found = faults.find((one) => one.name === name && one.times > 0)
    if (found) found.times -= 1
    return found?.fault
  }

  const carry = async <T>(work: () => T, fault: Fault | undefined): Promise<T> => {
    await clock.sleep(oneWayMs)
    if (fault instanceof Error) throw fault
    if (fault === 'refused') throw new Refused('AWS refused it.')
    if (fault === 'unreachable') throw new Unreachable('AWS does not answer.')
    if (fault === undefined || fault === 'answered late') {
      const answer = work()
      await clock.sleep(fault === undefined ? oneWayMs : lateMs)
      return answer
    }
    if (fault === 'answer lost') work()
    if (fault === 'arrives late') clock.at(clock.now() + lateMs, () => quietly(work))
    await clock.sleep(patienceMs)
    throw new AnswerLost('The answer was lost.')
  }

  return {
    calls,
    fail: (name, fault, times = 1) => faults.push({ name, fault, times }),
    upon: (name, act) => acts.push({ name, act }),
    watch: (see) => watchers.push(see),
    async pass(request, work) {
      const call: Call = { ...request, at: clock.now(), pending: pending() }
      calls.push(call)
      for (const see of watchers) see('sent', call)
      const next = acts.findIndex(({ name }) => name === call.name)
      if (next >= 0) acts.splice(next, 1)[0]?.act(call)
      try {
        return await carry(work, faultOf(call.name))
      } finally {
        for (const see of watchers) see('answered', call)
      }
    },
  }
}

/** Nobody is told any more, not even that it was refused. */
function quietly(work: () => unknown): void {
  try {
    work()
  } catch {}
}
