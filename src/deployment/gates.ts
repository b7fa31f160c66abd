import { describe, type Environment, type Health, isAtLeast, isReady } from './environment.ts'
import type { Gate, GateVerdict } from './hold.ts'
import { inShares, isSame, wholeOf } from './move-traffic.ts'
import type { Instant, Ms, Route, TrafficRouter } from './ports.ts'
import type { ProductionWatch } from './production-watch.ts'
import { type Run, warn } from './run.ts'

/** Beanstalk's own judgement of the new live, not stricter than what the old live was before. */
export function healthGate(
  run: Run,
  { live, standby, minimum }: { live: string; standby: string; minimum: Health },
): Gate {
  let wayBackSaid = false
  return {
    name: 'health',
    look: async () => {
      const members = await run.ports.beanstalk.read([live, standby])
      const now = members.find(({ id }) => id === live)
      const back = members.find(({ id }) => id === standby)
      if (!wayBackSaid && !(back && isReady(back))) {
        // It may be the swap of a rollback that took over: finding out is this write's business.
        await run.ports.journal.write((state) => state)
        wayBackSaid = true
        warn(
          run,
          `The way back is closed: ${back ? `${describe(back)} is ${back.status}` : `${standby} is gone`}. Production cannot go back by itself as long as that is so.`,
        )
      }
      return judgeHealth(now, minimum)
    },
  }
}

function judgeHealth(environment: Environment | undefined, minimum: Health): GateVerdict {
  if (!environment) return { is: 'doomed', saw: 'the environment is gone' }
  const saw = `${describe(environment)} is ${environment.status}, health ${environment.health}`
  if (environment.health === 'unknown') return { is: 'unreadable', saw }
  return { is: isAtLeast(environment.health, minimum) ? 'pass' : 'fail', saw }
}

/** An address that is asked; with `at` of that host, under the address's name. */
export interface Question {
  readonly url: string
  readonly at?: string
}

/**
 * Production answers as it should. The controls: when the old side answers none of them from here either, the
 * observer is at fault and nothing is concluded.
 */
export function productionGate(run: Run, watch: ProductionWatch, controls: readonly Question[]): Gate {
  let hasPassed = false
  return {
    name: 'production address',
    look: async () => {
      const last = watch.last()
      if (last.is === 'pass') hasPassed = true
      if (last.is !== 'fail' || controls.length === 0 || !last.unanswered) return last
      const answers = await Promise.all(
        controls.map(({ url, at }) => run.ports.probe.ask(url, run.signal, at)),
      )
      if (answers.some((answer) => answer.is === 'answer')) return last
      return {
        is: 'unreadable',
        saw: `${last.saw}; the other environment does not answer from here either`,
        ...(hasPassed && { hasSeenEnough: true }),
      }
    },
  }
}

/** A part of production, from one moment on. */
export interface Part {
  /** Per cent of it that reach the new side. */
  readonly percent: number
  readonly from: Instant
}

/** Of the requests that reach the new side, what share may fail without being told from the network's own, from 0 to 1. */
const tolerated = 0.25

/**
 * The same while only some requests reach the new side: the newest one tells of either side, so all of them are counted. As
 * many failures as the threshold allows in a row are too many when they are more than a quarter of the new side's requests.
 */
export function partGate(
  run: Run,
  {
    watch,
    controls,
    part,
  }: { readonly watch: ProductionWatch; readonly controls: readonly Question[]; readonly part: Part },
): Gate {
  const newest = productionGate(run, watch, controls)
  return {
    name: newest.name,
    look: async () => {
      const verdict = await newest.look()
      const { requests, failures } = watch.since(part.from)
      const most = (tolerated * part.percent * requests) / 100
      if (verdict.is === 'unreadable' || failures < run.settings.failureThreshold || failures <= most)
        return verdict
      return { is: 'doomed', saw: `${failures} of ${requests} requests failed (at last: ${verdict.saw})` }
    },
  }
}

/** Traffic still goes where we sent it. */
export function routeGate(router: TrafficRouter, to: string): Gate {
  return {
    name: 'route',
    look: async () => {
      const now = await router.read()
      if (wholeOf(now) === to) return { is: 'pass', saw: `production is routed to ${to}` }
      if (!now.settled) return { is: 'unreadable', saw: 'a change of the route is under way' }
      return { is: 'doomed', saw: 'somebody else moved production away' }
    },
  }
}

/** Traffic is still shared as we asked. */
export function shareGate(router: TrafficRouter, asked: Route, members: readonly Environment[]): Gate {
  return {
    name: 'route',
    look: async () => {
      const now = await router.read()
      if (isSame(now, asked))
        return { is: 'pass', saw: `production is split: ${inShares(now.share, members)}` }
      if (!now.settled) return { is: 'unreadable', saw: 'a change of the route is under way' }
      return {
        is: 'doomed',
        saw: `somebody else moved production meanwhile: it is ${inShares(now.share, members)}, and was to be ${inShares(asked.share, members)}`,
      }
    },
  }
}

/** Where the proof comes from: addresses that the production name and the new environment share. */
export interface Proof {
  /** The new environment's id. */
  readonly environment: string
  readonly productionHost: string
  readonly endpoint: string
  readonly from: Instant
  /** From here on an old answer is wrong, not late. */
  readonly dueAfter: Ms
}

/** What the gate for it is called. */
export const proofName = 'answers from the new environment'

/** The production name resolves to the new environment, once clients' caches have run out. */
export function proofGate(run: Run, { environment, productionHost, endpoint, from, dueAfter }: Proof): Gate {
  let proven = false
  return {
    name: proofName,
    look: async () => {
      if (proven) return { is: 'pass', saw: 'seen' }
      const { clock, probe } = run.ports
      const [production, own] = await Promise.all([
        probe.addresses(productionHost),
        probe.addresses(endpoint),
      ])
      proven = overlap(production, own)
      if (proven) {
        const saw = `${productionHost} resolves to its own addresses (${production.join(', ')})`
        run.record.proof ??= { environment, saw }
        return { is: 'pass', saw }
      }
      if (production.length === 0 && own.length === 0)
        return {
          is: 'unreadable',
          saw: `neither ${productionHost} nor the new environment resolves from here`,
        }
      const saw = `${productionHost} resolves to ${production.join(', ') || 'nothing'}, the new environment to ${own.join(', ') || 'nothing'}`
      return { is: clock.now() - from > dueAfter ? 'fail' : 'waiting', saw }
    },
  }
}

/** Do two sets of addresses meet? Nothing meets an empty set. */
export const overlap = (some: readonly string[], others: readonly string[]): boolean =>
  some.some((one) => others.includes(one))
