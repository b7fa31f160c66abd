import type { Span } from '../../deployment/durations.ts'
import type { Instant, Ms, Reading, TrafficRouter } from '../../deployment/ports.ts'
import { attachGroups } from './attach-groups.ts'
import { refuseMistaken } from './attached.ts'
import { detachGroups } from './detach-groups.ts'
import { leadsNowhere } from './leads-nowhere.ts'
import { look, lookAmong, type Parts } from './look.ts'
import { refuseMixedUp } from './mixed-up.ts'
import { moveRules } from './move-rules.ts'
import { notesOf } from './notes.ts'
import { readinessOf } from './readiness.ts'
import { describeRules } from './rules.ts'
import { planned, type Sharing, shareOf, sharingOf } from './sharing.ts'
import { unwellTargets } from './unwell.ts'

/** Weights spread over a load balancer's nodes in seconds. [issue argoproj/argo-rollouts#4595] (D.1) */
const clientsFollowWithin: Ms = 15_000

const takes: Span = { earliest: 0, latest: 2_000 }

/**
 * Weighted target groups in rules of one Application Load Balancer that the team owns. [ALB:load-balancer-listeners] (D.1)
 * All rules move together; a new weight is read back, and reaches clients when it has spread.
 */
export function loadBalancerWeights(parts: Parts): TrafficRouter {
  const { ids } = parts.pair
  let attachedAt: Instant | undefined
  let isChecked = false
  return {
    name: 'load balancer weights',
    authority: 'the load balancer',
    moves: 'in-steps',
    takes,
    clientsFollowWithin,
    async read(): Promise<Reading> {
      const seen = await look(parts)
      const { rules, groupAt } = seen
      const isFirst = ids.length > 1 && !isChecked
      // By whoever settles what a dead run left, too: mixed up, it would move production to the wrong one.
      if (isFirst && parts.targetGroups) await refuseMixedUp(parts.clients, parts.targetGroups, seen.members)
      const obstacles = isFirst ? await unwellTargets(parts, seen) : undefined
      isChecked ||= isFirst
      const [nowhere, readiness] = await Promise.all([
        leadsNowhere(parts, seen),
        ids.length > 1 ? readinessOf(parts, seen, attachedAt) : undefined,
      ])
      return {
        share: shareOf(rules, ids, groupAt),
        exact: sharingOf(rules, ids, groupAt),
        settled: true,
        notReady: readiness?.notReady ?? {},
        notes: [...notesOf(rules), ...(readiness?.notes ?? [])],
        ...(nowhere && { leadsNowhere: nowhere }),
        ...(obstacles && { obstacles }),
      }
    },
    async holder(among) {
      const rules = await describeRules(parts.clients, parts.rules)
      const { groupAt } = await lookAmong(parts, rules, among)
      if (parts.targetGroups && among.length > 1)
        await refuseMixedUp(parts.clients, parts.targetGroups, among)
      const all = among.map(({ id }) => id)
      const share = shareOf(rules, all, groupAt)
      const most = Math.max(0, ...Object.values(share))
      const found = most === 0 ? undefined : among.find(({ id }) => share[id] === most)
      if (found && parts.targetGroups) await refuseMistaken(parts.clients, found, parts.targetGroups)
      return found
    },
    plan: (from, to, percent = 100) => ({
      share: Object.fromEntries(ids.map((id) => [id, id === to ? percent : 100 - percent])),
      exact: planned(from.exact as Sharing, to, percent),
    }),
    call(_, to) {
      const calls = Object.keys(to.exact as Sharing).map((arn) =>
        arn.includes(':listener/') ? `ModifyListener: ListenerArn=${arn}` : `ModifyRule: RuleArn=${arn}`,
      )
      const weights = Object.entries(to.share).map(([id, percent]) => `${id} ${percent}`)
      return `${calls.join(' and ')}, weights ${weights.join(' and ')}`
    },
    apply: (from, to) => moveRules(parts.clients, from, to),
    async attach(order) {
      await attachGroups(parts, order)
      attachedAt = parts.clock.now()
      return 0
    },
    detach: (id) => detachGroups(parts, id),
  }
}
