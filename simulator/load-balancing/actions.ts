import { AwsError } from '../cloud.ts'
import { invalid } from './errors.ts'
import { find } from './find.ts'
import type { Action, Balancing, Listener, LoadBalancer } from './model.ts'
import { forwardedTo, loadBalancersOf } from './uses.ts'

/** Where actions are to stand: on a listener, in place of those that are there already. */
export interface Place {
  readonly loadBalancer: LoadBalancer
  readonly protocol: Listener['protocol']
  readonly before: readonly Action[]
}

/** Actions as they are kept and shown; throws what Elastic Load Balancing refuses them with. [BC:elbv2 CreateRule] */
export function settledActions(
  balancing: Balancing,
  actions: readonly Action[],
  place: Place,
): readonly Action[] {
  requireOrder(actions)
  const settled = actions.map((action) => settle(action, place))
  for (const { TargetGroupArn } of forwardedTo(settled)) requireGroup(balancing, TargetGroupArn, place)
  requireRoom(balancing, settled, place)
  return settled
}

/** The last one, and only the last one, ends the request. [BC:elbv2 Actions] */
function requireOrder(actions: readonly Action[]): void {
  const sorted = [...actions].sort((one, other) => (one.Order ?? 0) - (other.Order ?? 0))
  const ends = sorted.map(({ Type }) => ['forward', 'redirect', 'fixed-response'].includes(Type))
  if (ends.filter(Boolean).length !== 1 || ends.at(-1) !== true)
    throw new AwsError(
      'InvalidLoadBalancerAction',
      'You must specify exactly one action of type forward, redirect or fixed-response, and it must be the last action to be performed',
    )
  if (actions.length > 1 && new Set(actions.map(({ Order }) => Order)).size !== actions.length)
    throw invalid('Every action must have an order of its own when there is more than one')
}

function settle(action: Action, { protocol, before }: Place): Action {
  switch (action.Type) {
    case 'forward':
      return forward(action)
    case 'authenticate-oidc': {
      requireHttps(action, protocol)
      const { ClientSecret, UseExistingClientSecret, ...shown } = (action.AuthenticateOidcConfig ??
        {}) as NonNullable<Action['AuthenticateOidcConfig']> & { readonly UseExistingClientSecret?: boolean }
      const hadOne = before.some(({ Type }) => Type === 'authenticate-oidc')
      if (ClientSecret === undefined && !(UseExistingClientSecret && hadOne))
        throw invalid('A client secret must be specified for an authenticate-oidc action')
      return { ...action, AuthenticateOidcConfig: shown }
    }
    case 'authenticate-cognito':
      requireHttps(action, protocol)
      return action
    default:
      return action
  }
}

function requireHttps({ Type }: Action, protocol: Listener['protocol']): void {
  if (protocol === 'HTTPS') return
  throw new AwsError(
    'InvalidLoadBalancerAction',
    `Actions of type '${Type}' are supported only on HTTPS listeners`,
  )
}

/** One group stands in both places, several in `ForwardConfig` only. (D.1) */
function forward(action: Action): Action {
  const { TargetGroupArn: single, ForwardConfig: config, ...rest } = action
  const groups = config?.TargetGroups ?? (single === undefined ? [] : [{ TargetGroupArn: single }])
  if (groups.length === 0) throw invalid('A forward action must name a target group')
  if (single !== undefined && (groups.length > 1 || groups[0]?.TargetGroupArn !== single))
    throw invalid(
      'You cannot specify both TargetGroupArn and ForwardConfig unless they name the same single target group',
    )
  if (groups.length > 5) throw invalid('A forward action can have at most 5 target groups')
  const arns = groups.map(({ TargetGroupArn = '' }) => TargetGroupArn)
  if (new Set(arns).size !== arns.length) throw invalid('A target group is named more than once in an action')
  for (const { Weight = 1 } of groups)
    if (Weight < 0 || Weight > 999)
      throw invalid(`The weight '${Weight}' is not valid. Valid values are 0 to 999`)
  const { Enabled = false, DurationSeconds } = config?.TargetGroupStickinessConfig ?? {}
  if (Enabled && !(DurationSeconds !== undefined && DurationSeconds >= 1 && DurationSeconds <= 604_800))
    throw invalid('Target group stickiness duration must be between 1 and 604800 seconds when it is enabled')
  const [first = ''] = arns
  return {
    ...rest,
    ...(arns.length === 1 && { TargetGroupArn: first }),
    ForwardConfig: {
      TargetGroups: groups.map(({ TargetGroupArn = '', Weight = 1 }) => ({ TargetGroupArn, Weight })),
      TargetGroupStickinessConfig: { Enabled, ...(DurationSeconds !== undefined && { DurationSeconds }) },
    },
  }
}

/** It is there, speaks the protocol, and is on no other load balancer. */
function requireGroup(balancing: Balancing, arn: string, { loadBalancer }: Place): void {
  const { protocol } = find(balancing, 'target group', arn)
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS'
  if (isHttp !== (loadBalancer.type === 'application'))
    throw new AwsError(
      'IncompatibleProtocols',
      `The protocol of the target group '${arn}' is not compatible with that of the listener`,
    )
  if (loadBalancersOf(balancing, arn).some((one) => one !== loadBalancer))
    throw new AwsError(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${arn}`,
    )
}

/** 100 target groups for each Application Load Balancer. [ALB:load-balancer-limits] */
function requireRoom(balancing: Balancing, actions: readonly Action[], { loadBalancer }: Place): void {
  const others = [...balancing.rules.values()].filter(
    ({ listener }) => listener.loadBalancer === loadBalancer,
  )
  const named = [...others, { actions }].flatMap((one) => forwardedTo(one.actions))
  if (new Set(named.map(({ TargetGroupArn }) => TargetGroupArn)).size > 100)
    throw new AwsError(
      'TooManyUniqueTargetGroupsPerLoadBalancer',
      `The maximum number of unique target groups associated with load balancer '${loadBalancer.arn}' has been reached`,
    )
}
