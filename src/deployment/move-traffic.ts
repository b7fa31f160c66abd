import type { RouteEffect } from './effects.ts'
import { AnswerLost, Conflict, Failure, NotYet, type Remedy } from './errors.ts'
import type { Ms, Reading, Route, TrafficRouter } from './ports.ts'
import { bringInPlace, runAgain } from './remedies.ts'
import type { Run } from './run.ts'
import { inWords, waitUntil } from './wait-until.ts'

/** Watched at least this long, in ms, before a lost request counts as one that never happened [aws-semantics A.11]. */
export const watchAfterLostAnswer: Ms = 90_000
const settlesWithin: Ms = 5 * 60_000
/** What a service does not do for an environment's health may go when its traffic ebbs away, or its application recovers. */
const allowedWithin: Ms = 5 * 60_000
const tryAgainEvery: Ms = 15_000

/** One move of traffic. */
export interface Move {
  readonly router: TrafficRouter
  readonly from: Route
  readonly to: Route
  /** For the log: what production goes to. */
  readonly towards: string
  /** How much of it; everything when left out. */
  readonly percent?: number
  /** What runs there. */
  readonly version: string | undefined
  /** Looks again before what was refused for now is tried again. Throws Failure when it is not right any more. */
  readonly stillRight?: () => Promise<void>
}

/** Sends the change once, then reads until the route has settled. Throws when it settled elsewhere. */
export async function moveTraffic(run: Run, move: Move): Promise<void> {
  const { clock, report } = run.ports
  const { router, from, to, towards } = move
  const sent = await sendWhenAllowed(run, move)
  const sentAt = clock.now()
  if (sent === 'nobody knows')
    report.line('The answer was lost. It is not sent again; reading tells whether it happened.')
  const patience = sent === 'nobody knows' ? watchAfterLostAnswer : settlesWithin
  run.record.moved = await waitUntil(run, {
    sentence: `${portionOf(move)} is routed to ${towards}`,
    expected: router.takes,
    hasJustBegun: sent === 'sent',
    within: settlesWithin + 60_000,
    look: async () => {
      const now = await router.read()
      if (now.settled && isSame(now, to)) return { is: 'done', value: true }
      if (!now.settled) return { is: 'waiting', saw: underWay(now), ...paceOf(router) }
      if (!isSame(now, from))
        return { is: 'doomed', failure: new Conflict('Somebody else moved traffic at the same time.') }
      if (clock.now() - sentAt < patience) return { is: 'waiting', saw: 'the route is unchanged so far' }
      return {
        is: 'doomed',
        failure: new Conflict(
          `The ${router.name} did not happen: ${inWords(patience)} later production is where it was. It is not sent again by itself${router.moves === 'whole' ? ', since twice would be there and back' : ''}.`,
          [runAgain],
        ),
      }
    },
  })
}

const portionOf = ({ percent = 100 }: Move): string =>
  percent === 100 ? 'production' : `${percent} % of production`

type Sent = 'sent' | 'nobody knows'

/** What was refused for a state that may pass did not happen, and is tried again for a while. */
async function sendWhenAllowed(run: Run, move: Move): Promise<Sent> {
  const { clock, report } = run.ports
  const began = clock.now()
  let hasSaid = false
  while (true) {
    try {
      return await send(run, move)
    } catch (thrown) {
      if (!(thrown instanceof NotYet)) throw thrown
      const waited = clock.now() - began
      if (waited >= allowedWithin)
        throw new Failure(
          `${thrown.message} It was tried for ${inWords(waited)}.`,
          thrown.remedies.length > 0 ? thrown.remedies : insteadOf(move),
        )
      if (!hasSaid)
        report.line(`${thrown.message} Nothing happened; it is tried again for ${inWords(allowedWithin)}.`)
      hasSaid = true
      await clock.sleep(tryAgainEvery, run.signal)
      await move.stillRight?.()
    }
  }
}

function insteadOf({ router, from, version }: Move): readonly Remedy[] {
  if (router.moves === 'in-steps') return [runAgain]
  return [
    ...bringInPlace(wholeOf(from), version),
    {
      why: 'Or, when its health is not Red any more and nobody works on either, run this action with:',
      workflow: 'operation: rollback',
    },
  ]
}

async function send(run: Run, { router, from, to }: Move): Promise<Sent> {
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

/** What a router is at, in words. */
export const underWay = ({ under = 'a change is under way' }: { readonly under?: string }): string => under

/**
 * What spreads for up to a minute is not asked for every other second: clients follow later still, and a zone's account has
 * five requests a second for everybody in it. [R53:DNSLimitations] (B)
 */
export const paceOf = ({ moves, takes }: TrafficRouter): { readonly again?: Ms } =>
  moves === 'in-steps' ? { again: Math.max(1_000, takes.latest / 8) } : {}

/** The one environment that gets everything, if one does. */
export const wholeOf = (route: Route): string | undefined =>
  Object.keys(route.share).find((id) => route.share[id] === 100)

/** Does the environment get any of it? */
export const gets = ({ share }: Route, id: string): boolean => (share[id] ?? 0) > 0

/** Do several environments have a part of it? */
export const isSplit = ({ share }: Route): boolean => Object.values(share).filter((one) => one > 0).length > 1

/** Is everything on `id`, or will be as soon as anything is anywhere? */
export const isOn = (route: Route & Pick<Reading, 'leadsNowhere'>, id: string): boolean =>
  route.leadsNowhere !== undefined || wholeOf(route) === id

/** A split as people read it: `10 % shop-green, 90 % shop-blue`; by id what is not among `members`. */
export const inShares = (
  share: Route['share'],
  members: readonly { readonly id: string; readonly name: string }[],
): string =>
  Object.entries(share)
    .map(([id, percent]) => `${Math.round(percent)} % ${members.find((one) => one.id === id)?.name ?? id}`)
    .join(', ')

/** The route once nothing is on its way any more. */
export function settledRoute(
  run: Run,
  router: TrafficRouter,
  /** Told while a change of it, or of an environment, is under way. */
  onBusy: () => void,
): Promise<Route> {
  return whenSettled(run, router, { isOver: () => true, onBusy })
}

/**
 * The route, with all that an effect may still do to it done. A request that was journaled a moment ago may have been
 * sent by a process that is dead by now, and reads may be old: "it did not happen" is only believed after a while.
 */
export function conclusiveRoute(
  run: Run,
  router: TrafficRouter,
  { effect, isDead }: { readonly effect: RouteEffect; readonly isDead: boolean },
): Promise<Route> {
  const { journal } = run.ports
  return whenSettled(run, router, {
    isOver: (now) => {
      if (run.record.moved !== undefined || wholeOf(now) === effect.to) return true
      // Who was stopped while a step was watched had nothing on its way; who died at any moment may have.
      if (wholeOf(now) !== effect.from && !(isSplit(now) && isDead)) return true
      return journal.serverTime() - effect.at >= watchAfterLostAnswer
    },
  })
}

interface Settling {
  readonly isOver: (now: Route) => boolean
  readonly onBusy?: () => void
}

function whenSettled(run: Run, router: TrafficRouter, { isOver, onBusy }: Settling): Promise<Route> {
  return waitUntil(run, {
    sentence: 'it is certain where traffic goes, and it can be moved',
    expected: 6_000,
    within: Math.max(settlesWithin, run.settings.waitForReady),
    look: async () => {
      const now = await router.read()
      if (now.settled && isOver(now)) return { is: 'done', value: now }
      if (now.settled) return { is: 'waiting', saw: 'a change may be under way' }
      onBusy?.()
      return { is: 'waiting', saw: underWay(now), ...paceOf(router) }
    },
  })
}
