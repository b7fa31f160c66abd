import { around, type Span } from './durations.ts'
import { Failure, type Remedy, Unreachable } from './errors.ts'
import type { Ms } from './ports.ts'
import type { Run } from './run.ts'

/** What one look showed: done with a value, still waiting, or a state from which it can never come. */
export type Look<T> =
  | { readonly is: 'done'; readonly value: T }
  /** `again`: when the next look is worth it, where that is known, in ms. */
  | { readonly is: 'waiting'; readonly saw: string; readonly again?: Ms }
  | { readonly is: 'doomed'; readonly failure: Failure }

export interface Wait<T> {
  /** What is waited for; the log line and, with what was seen last, the message when time runs out. */
  readonly sentence: string
  /** When it is usually over; looks are rare before and close around it. */
  readonly expected: Ms | Span
  readonly within: Ms
  /** It was asked for this very moment: looking makes sense when it can be over. */
  readonly hasJustBegun?: boolean
  /** What to do when time runs out. */
  readonly whenOver?: () => readonly Remedy[]
  look(): Promise<Look<T>>
}

const heartbeat: Ms = 60_000

/**
 * Looks until it is done. Fails at once on a doomed state and after `within` otherwise; says once a minute what is
 * awaited.
 */
export async function waitUntil<T>(run: Run, wait: Wait<T>): Promise<T> {
  const { clock, report, random } = run.ports
  const began = clock.now()
  const usual = typeof wait.expected === 'number' ? around(wait.expected) : wait.expected
  let spokeAt = began
  if (wait.hasJustBegun) await clock.sleep(pauseAfter(0, usual), run.signal)
  while (true) {
    const look = await patiently(wait)
    if (look.is === 'done') return look.value
    if (look.is === 'doomed') throw look.failure
    const waited = clock.now() - began
    if (waited >= wait.within)
      throw new Failure(
        `waited ${inWords(waited)} until ${wait.sentence}, and saw last: ${look.saw}`,
        wait.whenOver?.(),
      )
    if (clock.now() - spokeAt >= heartbeat) {
      spokeAt = clock.now()
      report.line(`waiting until ${wait.sentence}: ${look.saw} (${inWords(waited)})`)
    }
    const pause = look.again ?? pauseAfter(waited, usual) * (0.9 + 0.2 * random())
    await clock.sleep(Math.min(pause, Math.max(250, wait.within - waited)), run.signal)
  }
}

/** A service that cannot be reached for a while says nothing about what is awaited. */
async function patiently<T>(wait: Wait<T>): Promise<Look<T>> {
  try {
    return await wait.look()
  } catch (thrown) {
    if (thrown instanceof Unreachable) return { is: 'waiting', saw: thrown.message }
    throw thrown
  }
}

/** Between looks while nothing can be over yet, so that the log goes on. */
const rarely: Ms = 20_000

/**
 * How long to wait before the next look: rarely at first, closely while it is usually over, then ever more rarely, so
 * that four deployments at once stay below Beanstalk's two requests a second [aws-semantics B].
 */
export function pauseAfter(waited: Ms, { earliest, latest }: Span): Ms {
  const closely = Math.min(Math.max((latest - earliest) / 30, latest < 10_000 ? 1_000 : 1_500), 4_000)
  if (waited < earliest) return Math.min(Math.max(earliest - waited, closely), rarely)
  if (waited < latest * 1.1 + 5_000) return closely
  return Math.min(15_000, closely + (waited - latest) / 20)
}

/** A duration for people: `4 s`, `2 min 5 s`, `1 h 3 min`. */
export function inWords(ms: Ms): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Was it thrown because a signal was aborted? The SDK and fetch lose the signal's own reason. */
export const isAborted = (thrown: unknown): boolean => thrown instanceof Error && thrown.name === 'AbortError'
