import type { Span } from './durations.ts'
import type { RouteEffect } from './effects.ts'
import { AnswerLost, Conflict, Failure } from './errors.ts'
import type { Ms, Route, TrafficRouter } from './ports.ts'
import type { Run } from './run.ts'
import { waitUntil } from './wait-until.ts'

/** Watched at least this long, in ms, before a lost request counts as one that never happened [aws-semantics A.11]. */
export const watchAfterLostAnswer: Ms = 90_000
const settlesWithin: Ms = 5 * 60_000
/** Four to six seconds [aws-semantics A.11]. */
const swapTakes: Span = { earliest: 3_800, latest: 6_200 }

/** One move of traffic. */
export interface Move {
  readonly router: TrafficRouter
  readonly from: Route
  readonly to: Route
  /** For the log: what production goes to. */
  readonly towards: string
}

/** Sends the change once, then reads until the route has settled. Throws when it settled elsewhere. */
export async function moveTraffic(run: Run, { router, from, to, towards }: Move): Promise<void> {
  const { clock, report } = run.ports
  const sentAt = clock.now()
  const sent = await send(run, { router, from, to })
  if (sent === 'nobody knows')
    report.line('The answer was lost. It is not sent again; reading tells whether it happened.')
  const patience = sent === 'nobody knows' ? watchAfterLostAnswer : settlesWithin
  run.record.moved = await waitUntil(run, {
    sentence: `production is routed to ${towards}`,
    expected: swapTakes,
    hasJustBegun: sent === 'sent',
    within: settlesWithin + 60_000,
    look: async () => {
      const now = await router.read()
      if (now.settled && isSame(now, to)) return { is: 'done', value: true }
      if (!now.settled) return { is: 'waiting', saw: 'the change is under way' }
      if (!isSame(now, from))
        return { is: 'doomed', failure: new Conflict('Somebody else moved traffic at the same time.') }
      if (clock.now() - sentAt < patience) return { is: 'waiting', saw: 'the route is unchanged so far' }
      return {
        is: 'doomed',
        failure: new Conflict(`The ${router.name} did not happen: the route is what it was.`),
      }
    },
  })
}

async function send(run: Run, { router, from, to }: Omit<Move, 'towards'>): Promise<'sent' | 'nobody knows'> {
  run.signal.throwIfAborted()
  try {
    await router.apply(from, to)
    return 'sent'
  } catch (thrown) {
    if (thrown instanceof AnswerLost) return 'nobody knows'
    if (thrown instanceof Failure) run.record.moved = false
    throw thrown
  }
}

/** Do both routes send the same share to the same environments? */
export function isSame(one: Route, other: Route): boolean {
  const ids = new Set([...Object.keys(one.share), ...Object.keys(other.share)])
  return [...ids].every((id) => (one.share[id] ?? 0) === (other.share[id] ?? 0))
}

/** The one environment that gets everything, if one does. */
export const wholeOf = (route: Route): string | undefined =>
  Object.keys(route.share).find((id) => route.share[id] === 100)

/** The route once nothing is on its way any more. */
export function settledRoute(run: Run, router: TrafficRouter): Promise<Route> {
  return whenSettled(run, router, () => true)
}

/**
 * The route, with all that an effect may still do to it done. A request that was journaled a moment ago may have been
 * sent by a process that is dead by now, and reads may be old: "it did not happen" is only believed after a while.
 */
export function conclusiveRoute(run: Run, router: TrafficRouter, effect: RouteEffect): Promise<Route> {
  const { journal } = run.ports
  return whenSettled(run, router, (now) => {
    if (run.record.moved !== undefined || wholeOf(now) !== effect.from) return true
    return journal.serverTime() - effect.at >= watchAfterLostAnswer
  })
}

function whenSettled(run: Run, router: TrafficRouter, isOver: (now: Route) => boolean): Promise<Route> {
  return waitUntil(run, {
    sentence: 'no change of the route is under way',
    expected: 6_000,
    within: settlesWithin,
    look: async () => {
      const now = await router.read()
      if (now.settled && isOver(now)) return { is: 'done', value: now }
      return { is: 'waiting', saw: now.settled ? 'a change may be under way' : 'a change is under way' }
    },
  })
}
