/** Takes back what was planned with `Clock.at`; harmless when it has already happened. */
export type Cancel = () => void

/**
 * The only time there is inside the simulator. Times are milliseconds since 1970, durations milliseconds,
 * both of simulated time: at speed 60 a simulated minute passes in one real second.
 */
export interface Clock {
  now(): number
  /** Does `job` at `when`; at once (but never before the caller goes on) when that is past. */
  at(when: number, job: () => void): Cancel
  sleep(ms: number): Promise<void>
}

/** Real time from `start` on, `speed` times as fast. `setTimeout` is all it needs. */
export function realClock({ speed, start = Date.now() }: { speed: number; start?: number }): Clock {
  const origin = performance.now()
  const now = () => start + (performance.now() - origin) * speed
  const at = (when: number, job: () => void): Cancel => {
    // setTimeout fires at once for delays of 2^31 ms and more.
    const delay = Math.min(Math.max(0, (when - now()) / speed), 2 ** 31 - 1)
    const timer = setTimeout(job, delay)
    return () => clearTimeout(timer)
  }
  return { now, at, sleep: (ms) => new Promise((resolve) => at(now() + ms, resolve)) }
}

/** A clock that stands still until it is driven. */
export interface VirtualClock extends Clock {
  /** Drives time forward, job by job, until `work` has settled. Throws when nothing is planned and `work` still waits. */
  run<T>(work: Promise<T>): Promise<T>
  /** Drives time forward to `when`. */
  runUntil(when: number): Promise<void>
}

interface Job {
  readonly when: number
  readonly order: number
  readonly run: () => void
  cancelled: boolean
}

/**
 * Virtual time: jobs happen in order of their time, ties in the order they were planned, and time jumps from one
 * to the next as soon as everything that was set going has come to rest. File reads count as work under way (the
 * event loop knows of them), so that a slow disk never makes time run away.
 */
export function virtualClock(start = Date.UTC(2026, 0, 5, 9)): VirtualClock {
  let time = start
  let order = 0
  const jobs: Job[] = []

  const at = (when: number, run: () => void): Cancel => {
    const job: Job = { when: Math.max(when, time), order: order++, run, cancelled: false }
    let low = 0
    let high = jobs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((jobs[middle] as Job).when <= job.when) low = middle + 1
      else high = middle
    }
    jobs.splice(low, 0, job)
    return () => {
      job.cancelled = true
    }
  }

  const next = (): Job | undefined => {
    while (jobs[0]?.cancelled) jobs.shift()
    return jobs[0]
  }

  const doNext = () => {
    const job = jobs.shift() as Job
    time = job.when
    job.run()
  }

  return {
    now: () => time,
    at,
    sleep: (ms) => new Promise((resolve) => at(time + ms, resolve)),
    async run(work) {
      let settled = false
      const done = () => {
        settled = true
      }
      work.then(done, done)
      while (true) {
        await rest()
        if (settled) return work
        if (!next()) throw new Error('virtual time stands still: nothing is planned and the work still waits')
        doNext()
      }
    },
    async runUntil(when) {
      await rest()
      for (let job = next(); job && job.when <= when; job = next()) {
        doNext()
        await rest()
      }
      time = Math.max(time, when)
    },
  }
}

/** Resolves when every promise, tick and file operation that was under way has come to rest. */
async function rest(): Promise<void> {
  await turn()
  await turn()
  while (process.getActiveResourcesInfo().some(isFileOperation)) await turn()
}

/** `CloseReq` is the closing of a file handle. */
const isFileOperation = (name: string) => name.startsWith('FSReq') || name === 'CloseReq'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
