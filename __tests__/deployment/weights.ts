import type { VirtualClock } from '../../simulator/clock.ts'
import { Conflict } from '../../src/deployment/errors.ts'
import type { Route, RoutedPair, TrafficRouter } from '../../src/deployment/ports.ts'
import type { Account } from './account.ts'
import type { Reach } from './ports-of.ts'

/** The name that users know where weights route it. */
export const ownName = 'www.example.com'

/** What routes production by weights, as it really is; tests may change it as somebody else would. */
export interface Weights {
  /** Per cent by environment id; undefined while nothing stands there. */
  share: Readonly<Record<string, number>> | undefined
  /** Since when each environment is known to it. */
  readonly known: Map<string, number>
  /** When the last change has spread. */
  settledAt: number
  /** What is said of it to whoever reads it. */
  readonly notes: readonly string[]
  /** How long clients keep what stood there before an environment became known, in ms. */
  formerTtl: number
  /** When traffic was moved, and from whom. */
  readonly moves: { readonly at: number; readonly from: string }[]
}

/** How long things take, in ms. */
export const weightsTake = { spread: 20_000, targets: 15_000, clients: 30_000 }

/** All of production on one environment. */
export const weightsOn = (id: string, since = 0): Weights => ({
  share: { [id]: 100 },
  known: new Map([[id, since]]),
  settledAt: 0,
  formerTtl: 0,
  notes: [],
  moves: [],
})

/** Per cent of production that the environment gets. */
export const shareOf = ({ weights }: Account, id: string): number => weights?.share?.[id] ?? 0

/** A router of weights with compare-and-set, as records of a zone or rules of a load balancer are. */
export function weightedRouterOf(
  reach: Reach & { readonly clock: VirtualClock },
  { ids }: RoutedPair,
  weights: Weights,
): TrafficRouter {
  const { account, wire, by, clock } = reach
  const pass = <T>(name: string, args: readonly unknown[], isWrite: boolean, work: () => T) =>
    wire.pass({ name, args, isWrite, by }, work)
  const now = () => ({
    share: weights.share ? Object.fromEntries(ids.map((id) => [id, shareOf(account, id)])) : {},
    exact: weights.share ?? null,
  })
  const change = (share: Weights['share']) => {
    for (const member of account.members) {
      const before = shareOf(account, member.id)
      const after = share?.[member.id] ?? 0
      if (before > after) weights.moves.push({ at: clock.now(), from: member.id })
      member.rate = after / 5
    }
    weights.share = share
    weights.settledAt = clock.now() + weightsTake.spread
  }
  const reading = () => {
    const settled = clock.now() >= weights.settledAt
    const young = ids.filter(
      (id) => clock.now() - (weights.known.get(id) ?? clock.now()) < weightsTake.targets,
    )
    return {
      ...now(),
      settled,
      ...(weights.notes.length > 0 && { notes: weights.notes }),
      ...(!settled && { under: 'the change spreads' }),
      notReady: Object.fromEntries(young.map((id) => [id, 'its targets are not healthy yet'])),
      ...(!weights.share && { leadsNowhere: { why: `Let ${ownName} lead to the one that is live.` } }),
    }
  }
  return {
    name: 'weights',
    authority: 'the zone',
    moves: 'in-steps',
    takes: { earliest: 5_000, latest: 30_000 },
    clientsFollowWithin: weightsTake.clients,
    read: () => pass('readRoute', ids, false, reading),
    holder: (among) =>
      pass('readRoute', ids, false, () =>
        among
          .filter(({ id }) => shareOf(account, id) > 0)
          .sort((one, other) => shareOf(account, other.id) - shareOf(account, one.id))
          .at(0),
      ),
    plan: (_from, to, percent = 100): Route => {
      const share = Object.fromEntries(ids.map((id) => [id, id === to ? percent : 100 - percent]))
      return { share, exact: share }
    },
    call: (_from, to) => `set weights ${JSON.stringify(to.share)}`,
    apply: (from, to) =>
      pass('shift', [to.share], true, () => {
        if (JSON.stringify(from.exact) !== JSON.stringify(weights.share))
          throw new Conflict('Somebody else changed the weights meanwhile.')
        change(to.exact as Weights['share'])
      }),
    attach: ({ live, candidate }) =>
      pass('attach', [live, candidate], true, () => {
        const missing = [live, candidate].flatMap((id) => (id && !weights.known.has(id) ? id : []))
        for (const id of missing) weights.known.set(id, clock.now())
        if (!weights.share) change({ [live]: 100 })
        return missing.length === 0 ? 0 : weights.formerTtl
      }),
    detach: (id, why) =>
      pass('detach', [id, why], true, () => {
        if (shareOf(account, id) > 0) throw new Conflict(`${id} has traffic.`)
        if (why === 'it ends' || weights.known.size > 1) weights.known.delete(id)
      }),
  }
}
