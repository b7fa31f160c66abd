import { Failure } from './errors.ts'
import { overlap } from './gates.ts'
import { whereItLeads } from './remedies.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { howToFollow, staysThere } from './straight.ts'

/**
 * Why production's name does not lead to the new environment, long after the swap: its addresses are those of the old
 * one's load balancer. DNS shows of an alias no more than that. Undefined when it is something else. Only for a name
 * that could be resolved before, and so for a live environment with an endpoint.
 */
export async function staysBehind(run: Run, { live, production }: Plan): Promise<Failure | undefined> {
  const { host, cname } = production
  if (host === cname) return undefined
  const { probe } = run.ports
  const [at, atOld] = await Promise.all([probe.addresses(host), probe.addresses(live.endpoint as string)])
  if (!overlap(at, atOld)) return undefined
  const router = run.ports.routerFor({ ids: [], productionName: cname })
  return new Failure(
    `${host} still leads to ${live.name}: it points straight at its load balancer, and ${staysThere(router)}.`,
    [{ why: `${howToFollow(cname, router)}. What it is now:`, command: whereItLeads(host) }],
  )
}
