import { learn, type Timed, usualSpan } from './durations.ts'
import { describe, type Environment, isEnding, isReady } from './environment.ts'
import { Failure } from './errors.ts'
import type { Accepted, BeanstalkEvent, Instant, Ms } from './ports.ts'
import type { Run } from './run.ts'
import { type Look, waitUntil } from './wait-until.ts'

/** An operation of Beanstalk's on one environment. */
export interface Watched {
  readonly id: string
  /** What is awaited: `shop-green runs 1.4.0`. */
  readonly sentence: string
  /** Undefined when the answer was lost; then every event since counts. */
  readonly request: Accepted | undefined
  /** By Beanstalk's clock: its newest event before the request. */
  readonly since: Instant
  /** What kind it is: when it is usually over, and how long it took is remembered. */
  readonly takes: Timed
}

/** How it ended. `never began` is only said of a request whose answer was lost. */
export type Ended =
  | { readonly is: 'ended'; readonly environment: Environment; readonly errors: readonly string[] }
  | { readonly is: 'never began' }

/** A read may be this much older than an event [aws-semantics H.2]. */
const staleFor: Ms = 30_000
const beginsWithin: Ms = 90_000
const eventsEvery: Ms = 15_000

/**
 * Follows the operation to its end, its events in the log. `Ready` alone proves nothing: the environment must have
 * been seen busy, or the operation's own last event be there [aws-semantics A.1, A.9].
 */
export function watchOperation(run: Run, watched: Watched): Promise<Ended> {
  const { beanstalk, clock, report } = run.ports
  const sentAt = clock.now()
  const told = new Set<string>()
  let seenBusy = false
  let toldAt = sentAt

  /** While it is busy its events are only for the log, and calls are scarce [aws-semantics B]. */
  const newEvents = async (isBusy: boolean): Promise<readonly BeanstalkEvent[]> => {
    if (isBusy && clock.now() - toldAt < eventsEvery) return []
    toldAt = clock.now()
    const events = await beanstalk.events(watched.id, watched.since)
    for (const event of events) tell(event)
    return events
  }

  const look = async (): Promise<Look<Ended>> => {
    const [environment] = await beanstalk.read([watched.id])
    const events = await newEvents(environment !== undefined && !isReady(environment))
    const waited = clock.now() - sentAt
    if (!environment) {
      if (waited < staleFor) return { is: 'waiting', saw: 'Beanstalk does not list it yet' }
      return { is: 'doomed', failure: new Failure(`Environment ${watched.id} is gone.`) }
    }
    if (isEnding(environment))
      return { is: 'doomed', failure: new Failure(`${describe(environment)} is being terminated.`) }
    if (!isReady(environment)) {
      seenBusy = true
      return { is: 'waiting', saw: `${environment.name} is ${environment.status}` }
    }
    const own = events.filter((event) => belongs(event, watched))
    const isOver = own.some(({ says }) => says === 'completed' || says === 'failed')
    const isStale = !seenBusy && !(isOver && waited > staleFor)
    if (!isStale) {
      const errors = errorsIn(own)
      const times = own.map(({ at }) => at)
      if (errors.length === 0 && times.length > 0)
        learn(run, watched.takes, Math.max(...times) - Math.min(...times))
      return { is: 'done', value: { is: 'ended', environment, errors } }
    }
    const began = own.some(({ says }) => says === 'started')
    if (!began && !watched.request && waited > beginsWithin)
      return { is: 'done', value: { is: 'never began' } }
    return { is: 'waiting', saw: `${environment.name} is Ready, and the operation is not seen yet` }
  }

  const tell = (event: BeanstalkEvent) => {
    const key = `${event.at} ${event.message}`
    if (told.has(key)) return
    told.add(key)
    report.line(`  ${event.severity === 'info' ? '' : `${event.severity.toUpperCase()} `}${event.message}`)
  }

  return waitUntil(run, {
    sentence: watched.sentence,
    expected: usualSpan(run, watched.takes),
    within: run.settings.timeout,
    look,
  })
}

/** Events without a request id are health and instance events: never the operation's own. */
const belongs = (event: BeanstalkEvent, { request }: Watched): boolean =>
  event.requestId !== undefined && (request === undefined || event.requestId === request.requestId)

const errorsIn = (events: readonly BeanstalkEvent[]): string[] =>
  events.filter(({ severity }) => severity === 'error').map(({ message }) => message)
