import { Failure } from './errors.ts'
import type { Ms } from './ports.ts'
import type { Run } from './run.ts'
import { inWords } from './wait-until.ts'

/** Does something that may take so long and no longer, and ends with the run. Throws Failure when the time is over. */
export async function inTime<T>(run: Run, within: Ms, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController()
  const done = new AbortController()
  const outOfTime = run.ports.clock
    .sleep(within, AbortSignal.any([run.signal, done.signal]))
    .then(() => Promise.reject(new Failure(`not done after ${inWords(within)}.`)))
  try {
    return await Promise.race([work(AbortSignal.any([run.signal, over.signal])), outOfTime])
  } finally {
    over.abort()
    done.abort()
  }
}
