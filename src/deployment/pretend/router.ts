import { wholeOf } from '../move-traffic.ts'
import type { Instant, Ports, Route, RoutedPair, TrafficRouter } from '../ports.ts'
import { type Pretence, takes } from './pretence.ts'

/** The pair's router in the good case: traffic moves when it is told to, and nobody else moves it. */
export function pretendRouter(
  routerFor: Ports['routerFor'],
  { pretence, pair }: { readonly pretence: Pretence; readonly pair: RoutedPair },
): TrafficRouter {
  const { clock, plan, created, environments } = pretence
  const router = routerFor(pair)
  const ids = pair.ids.filter((id) => !created.has(id))
  return {
    name: router.name,
    clientsFollowWithin: router.clientsFollowWithin,
    plan: router.plan,
    call: router.call,
    async read() {
      const { route } = pretence
      if (route) return { share: shareOf(pair, route.holder), ...settledBy(route, clock.now()) }
      const now = await clock.ask(() => routerFor({ ...pair, ids }).read())
      return { ...now, settled: true }
    },
    async apply(from, to) {
      plan.change(`call ${router.call(from, to)}`)
      const [source, holder] = [wholeOf(from), wholeOf(to)] as [string, string]
      pretence.route = { exact: to.exact, holder, settledAt: clock.now() + takes.swap }
      const [one, other] = [pretence.environment(source), pretence.environment(holder)]
      // Other routers leave the CNAMEs alone.
      if (one?.cname !== pair.productionName || !other) return
      environments.set(one.id, { now: { ...one, cname: other.cname } })
      environments.set(other.id, { now: { ...other, cname: one.cname } })
    },
  }
}

const shareOf = ({ ids }: RoutedPair, holder: string): Route['share'] =>
  Object.fromEntries(ids.map((id) => [id, id === holder ? 100 : 0]))

const settledBy = ({ exact, settledAt }: NonNullable<Pretence['route']>, now: Instant) => ({
  exact,
  settled: now >= settledAt,
})
