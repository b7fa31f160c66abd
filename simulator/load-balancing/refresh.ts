import type { Certificate } from '../certificates/store.ts'
import type { Listener as Open } from '../data-plane/listeners.ts'
import { keepChecking } from './check-targets.ts'
import { decide } from './decide.ts'
import type { Balancing, Listener, LoadBalancer, Rule } from './model.ts'
import type { Tables } from './spread.ts'

/** Tells the nodes of a load balancer what its rules are now; Beanstalk's own changes have spread when it has made them (assumed). */
export function spreadRules(balancing: Balancing, loadBalancer: LoadBalancer, atOnce = false): void {
  const listeners = listenersOf(balancing, loadBalancer)
  const tables: Tables = new Map(
    listeners.map((one) => [
      one.port,
      rulesOf(balancing, one).map(({ conditions, actions }) => ({ conditions, actions })),
    ]),
  )
  loadBalancer.nodes.learn(tables, atOnce)
  for (const group of balancing.targetGroups.values()) keepChecking(balancing, group)
}

/** Lets the front of a load balancer listen as its listeners say. */
export async function openListeners(balancing: Balancing, loadBalancer: LoadBalancer): Promise<void> {
  const listeners = listenersOf(balancing, loadBalancer).map((one): Open => {
    const protocol = one.protocol === 'HTTPS' || one.protocol === 'TLS' ? 'HTTPS' : 'HTTP'
    const entrance = { protocol, port: one.port } as const
    return {
      ...entrance,
      certificates: one.certificates.flatMap((arn): Certificate[] => {
        const found = balancing.cloud.certificates.find(arn)
        return found ? [found] : []
      }),
      decide: (request) => decide(balancing, { loadBalancer, entrance }, request),
    }
  })
  await balancing.dataPlane.setListeners(loadBalancer.front, listeners)
}

/** The listeners of a load balancer, in the order in which they were made. */
export const listenersOf = ({ listeners }: Balancing, loadBalancer: LoadBalancer): readonly Listener[] =>
  [...listeners.values()].filter((one) => one.loadBalancer === loadBalancer)

/** The rules of a listener in the order in which they are tried: the default one is the last. [ALB:load-balancer-listeners] */
export const rulesOf = ({ rules }: Balancing, listener: Listener): readonly Rule[] =>
  [...rules.values()]
    .filter((one) => one.listener === listener)
    .map((one) => ({ one, order: one.priority === 'default' ? Number.POSITIVE_INFINITY : one.priority }))
    .sort((a, b) => a.order - b.order || 0)
    .map(({ one }) => one)
