import type { Answer, Instant, Ms } from './ports.ts'
import type { Run } from './run.ts'
import type { StatusRange } from './settings.ts'

/** What users would have seen at the production address, measured from where the action runs. */
export interface UsersView {
  readonly requests: number
  readonly failures: number
  /** Longest time from one good answer to the next when something failed between them, in ms. */
  readonly downtime: Ms
  /** What the first failures said. */
  readonly examples: readonly string[]
}

/** A watch on the production address, asking once a second until it is stopped. */
export interface ProductionWatch {
  readonly last: () => WatchVerdict
  /** How many requests were sent since then, and how many of them failed. */
  readonly since: (from: Instant) => { readonly requests: number; readonly failures: number }
  stop(): Promise<UsersView>
}

/** How the newest answers look. */
export interface WatchVerdict {
  readonly is: 'pass' | 'fail' | 'unreadable'
  readonly saw: string
  /** It failed because nothing answered at all. */
  readonly unanswered: boolean
  readonly answer?: Answer
}

const every: Ms = 1_000

/** Is the status one that `ranges` names? */
export const isWanted = (status: number, ranges: readonly StatusRange[]): boolean =>
  ranges.some(({ first, last }) => status >= first && status <= last)

/**
 * Starts asking `url`. Where an observer cannot see production (nothing answered before anything was changed) the
 * caller does not start one.
 */
export function watchProduction(run: Run, url: string): ProductionWatch {
  const { clock, probe } = run.ports
  const stopped = new AbortController()
  const answers: { at: Instant; good: boolean; unanswered: boolean; saw: string }[] = []
  let answered: Answer | undefined

  const asking = (async () => {
    while (!stopped.signal.aborted) {
      const at = clock.now()
      const answer = await probe.ask(url, stopped.signal)
      if (stopped.signal.aborted) return
      answered = answer
      answers.push({
        at,
        good: isGood(run, answer),
        unanswered: answer.is === 'no answer',
        saw: inWordsOf(answer),
      })
      await clock.sleep(Math.max(0, at + every - clock.now()), stopped.signal).catch(() => {})
    }
  })()

  return {
    last: () => {
      const newest = answers.at(-1)
      if (!newest) return { is: 'unreadable', saw: 'production was not asked yet', unanswered: false }
      const saw = `production (${url}): ${newest.saw}`
      const is = newest.good ? 'pass' : 'fail'
      return { is, saw, unanswered: newest.unanswered, ...(answered && { answer: answered }) }
    },
    since: (from) => {
      const some = answers.filter(({ at }) => at >= from)
      return { requests: some.length, failures: some.filter(({ good }) => !good).length }
    },
    stop: async () => {
      stopped.abort()
      await asking
      const failures = answers.filter(({ good }) => !good)
      return {
        requests: answers.length,
        failures: failures.length,
        downtime: longestGap(answers),
        examples: [...new Set(failures.map(({ saw }) => saw))].slice(0, 3),
      }
    },
  }
}

/** Is this what the production address should answer? */
export const isGood = (run: Run, answer: Answer): boolean =>
  answer.is === 'answer' && isWanted(answer.status, run.settings.healthStatus)

/** An answer for people. */
export const inWordsOf = (answer: Answer): string =>
  answer.is === 'answer' ? `status ${answer.status}` : answer.why

function longestGap(answers: readonly { readonly at: Instant; readonly good: boolean }[]): Ms {
  let longest = 0
  let failingSince: Instant | undefined
  for (const { at, good } of answers) {
    if (good && failingSince !== undefined) {
      longest = Math.max(longest, at - failingSince)
      failingSince = undefined
    }
    if (!good) failingSince ??= at
  }
  const end = answers.at(-1)
  if (end && failingSince !== undefined) longest = Math.max(longest, end.at - failingSince + every)
  return longest
}
