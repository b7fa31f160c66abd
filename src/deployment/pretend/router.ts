import { wholeOf } from '../move-traffic.ts'
import type { Instant, Ports, RoutedPair, TrafficRouter } from '../ports.ts'
import { type Pretence, takes } from './pretence.ts'

/** The pair's router in the good case: traffic moves when it is told to, and nobody else moves it. */
export function pretendRouter(
  routerFor: Ports['routerFor'],
  { pretence, pair }: { readonly pretence: Pretence; readonly pair: RoutedPair },
): TrafficRouter {
  const { clock, plan, created, environments } = pretence
  const router = routerFor(pair)
  const ids = pair.ids.filter((id) => !created.has(id))
  const known = () => clock.ask(() => routerFor({ ...pair, ids }).read())
  return {
    ...router,
    async read() {
      const { route } = pretence
      if (!route) return { ...(await known()), settled: true }
      return { share: route.share, exact: route.exact, settled: isSettled(route, clock.now()) }
    },
    async holder(among) {
      const { route } = pretence
      if (!route) return clock.ask(() => router.holder(among))
      return among.find(({ id }) => Number(route.share[id]) >= 50)
    },
    async apply(from, to) {
      plan.change(`call ${router.call(from, to)}`)
      pretence.route = { ...to, settledAt: clock.now() + takes.swap }
      if (router.moves === 'in-steps') return
      const [one, other] = [from, to].map((route) => pretence.environment(`${wholeOf(route)}`))
      if (one?.cname !== pair.productionName || !other) return
      environments.set(one.id, { now: { ...one, cname: other.cname } })
      environments.set(other.id, { now: { ...other, cname: one.cname } })
    },
    async attach({ live, candidate }) {
      plan.change(
        `make both environments known to ${router.authority}, with all traffic on ${pretence.environment(live)?.name}`,
      )
      const share = Object.fromEntries(pair.ids.map((id) => [id, id === live ? 100 : 0]))
      const exact = pretence.route?.exact ?? (await known()).exact
      pretence.route = { share, exact, settledAt: clock.now() }
      return candidate === undefined ? 0 : router.clientsFollowWithin
    },
    async detach(id, why) {
      if (router.moves === 'whole' || router.attaches === 'only at first') return
      const name = pretence.environment(id)?.name
      plan.change(
        why === 'it ends'
          ? `take ${name} out of what ${router.authority} knows: it ends`
          : `leave ${name} without traffic by ${router.authority}: it stays as the way back`,
      )
    },
  }
}

const isSettled = ({ settledAt }: { readonly settledAt: Instant }, now: Instant): boolean => now >= settledAt
