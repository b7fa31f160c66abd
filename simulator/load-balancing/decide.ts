import type { AppRequest, AppResponse } from '../data-plane/data-plane.ts'
import type { Decision } from '../data-plane/listeners.ts'
import { matches } from './match.ts'
import type { Action, Balancing, LoadBalancer, TargetGroup } from './model.ts'
import { authenticate, type Entrance, fixedResponse, plain, redirect } from './own-answers.ts'
import { sticking, stuckTo } from './stickiness.ts'
import { targetsOf } from './targets.ts'
import { forwardedTo } from './uses.ts'

/** What a load balancer does with a request: the first rule that matches, as the node knows it that the request meets. */
export function decide(
  balancing: Balancing,
  { loadBalancer, entrance }: { readonly loadBalancer: LoadBalancer; readonly entrance: Entrance },
  request: AppRequest,
): Decision {
  const rules = loadBalancer.nodes.next().get(entrance.port) ?? []
  const rule = rules.find(({ conditions }) => matches(conditions, request))
  // A listener that this node has not heard of yet.
  if (!rule) return answer(plain(503, '503 Service Temporarily Unavailable'))
  for (const action of inOrder(rule.actions)) {
    const decision = perform(balancing, action, { request, entrance })
    if (decision) return decision
  }
  return answer(plain(500, '500 Internal Server Error'))
}

const inOrder = (actions: readonly Action[]) =>
  [...actions].sort((one, other) => (one.Order ?? 0) - (other.Order ?? 0))

const answer = (response: AppResponse): Decision => ({ is: 'answer', response })

/** Undefined: the next action's turn. */
function perform(
  balancing: Balancing,
  action: Action,
  { request, entrance }: { readonly request: AppRequest; readonly entrance: Entrance },
): Decision | undefined {
  switch (action.Type) {
    case 'fixed-response':
      return answer(fixedResponse(action))
    case 'redirect':
      return answer(redirect(action.RedirectConfig ?? { StatusCode: 'HTTP_302' }, request, entrance))
    case 'forward':
      return forward(balancing, action, request)
    default: {
      const login = authenticate(action, request)
      return login && answer(login)
    }
  }
}

function forward(balancing: Balancing, action: Action, request: AppRequest): Decision {
  const now = balancing.cloud.clock.now()
  const arn = choose(balancing, action, stuckTo(request, now))
  const group = arn === undefined ? undefined : balancing.targetGroups.get(arn)
  if (!group) return answer(plain(503, '503 Service Temporarily Unavailable'))
  const cookies = sticking(group.arn, action.ForwardConfig, now)
  if (group.own) {
    const { environment, answers } = group.own
    return answers ? { is: 'environment', environment, cookies } : answer(plain(502, '502 Bad Gateway'))
  }
  const instance = nextTarget(balancing, group)
  if (instance === undefined) return answer(plain(503, '503 Service Temporarily Unavailable'))
  if (group.port !== 80) return answer(plain(502, '502 Bad Gateway'))
  return { is: 'instance', instance, environment: environmentOf(balancing, instance), cookies }
}

/**
 * The group that the client's cookie names, whatever its weight, else one drawn by weight. A group without healthy targets is
 * no exception: load balancers do not turn to another one. [ALB:load-balancer-listeners]
 */
function choose({ draw, cloud }: Balancing, action: Action, stuck: string | undefined): string | undefined {
  const groups = forwardedTo([action])
  const isSticky = action.ForwardConfig?.TargetGroupStickinessConfig?.Enabled === true
  if (isSticky && groups.some(({ TargetGroupArn }) => TargetGroupArn === stuck)) return stuck
  const sum = groups.reduce((all, { Weight }) => all + Weight, 0)
  if (sum === 0 && cloud.switches.allWeightsZero === '503') return undefined
  let rest = draw() * (sum || groups.length)
  return groups.find(({ Weight }) => {
    rest -= sum === 0 ? 1 : Weight
    return rest < 0
  })?.TargetGroupArn
}

/** Healthy targets in turn; all of them when none is healthy. [ALB:target-group-health-checks] */
function nextTarget(balancing: Balancing, group: TargetGroup): string | undefined {
  const registered = targetsOf(balancing, group).filter(({ drainsUntil }) => drainsUntil === undefined)
  const healthy = registered.filter(({ state }) => state === 'healthy')
  const targets = healthy.length > 0 ? healthy : registered
  return targets[group.turn++ % targets.length]?.id
}

/** Whose traffic it is that an instance answers. */
function environmentOf({ groups }: Balancing, instance: string): string | undefined {
  return [...groups.values()].find(({ instances }) => instances.some(({ id }) => id === instance))
    ?.environment.id
}
