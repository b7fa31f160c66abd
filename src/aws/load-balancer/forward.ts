import type { Action, TargetGroupTuple } from '@aws-sdk/client-elastic-load-balancing-v2'

/** Weights by target group's ARN, 0 to 999. */
export type Weights = Readonly<Record<string, number>>

/** The action that sends requests on; a rule has one at most, its last. [BC:elbv2 CreateRule] */
export const forwardIn = (actions: readonly Action[]): Action | undefined =>
  actions.find(({ Type }) => Type === 'forward')

/**
 * What a forward action's target groups weigh, in its own order. A single group comes in two forms, which say the same;
 * a weight that is not said is 1. [BC:elbv2 Action, TargetGroupTuple] (D.1)
 */
export function weightsIn(actions: readonly Action[]): Weights {
  return Object.fromEntries(
    tuplesIn(actions).flatMap(({ TargetGroupArn, Weight }) =>
      TargetGroupArn === undefined ? [] : [[TargetGroupArn, Weight ?? 1]],
    ),
  )
}

/** Requests of a client that a target group once got stay there for so long, in s; undefined where they do not. */
export function stickySeconds(actions: readonly Action[]): number | undefined {
  const sticky = forwardIn(actions)?.ForwardConfig?.TargetGroupStickinessConfig
  return sticky?.Enabled ? (sticky.DurationSeconds ?? 0) : undefined
}

/**
 * The whole list of actions as it has to be sent for other weights: AWS replaces lists as a whole, so that what is not
 * sent is lost. `undefined` takes a group out. [BC:elbv2 ModifyRule] (D.1)
 */
export function withWeights(
  actions: readonly Action[],
  weights: Readonly<Record<string, number | undefined>>,
): Action[] {
  return actions.map((action) => {
    if (action.Type !== 'forward') return keptAsItIs(action)
    // Beside a list of groups the single one must not be sent. [BC:elbv2 Action.TargetGroupArn]
    const { TargetGroupArn: _, ForwardConfig: forward, ...rest } = action
    return { ...rest, ForwardConfig: { ...forward, TargetGroups: tuples(actions, weights) } }
  })
}

function tuples(
  actions: readonly Action[],
  weights: Readonly<Record<string, number | undefined>>,
): TargetGroupTuple[] {
  return Object.entries({ ...weightsIn(actions), ...weights }).flatMap(([TargetGroupArn, Weight]) =>
    Weight === undefined ? [] : [{ TargetGroupArn, Weight }],
  )
}

/** A login's secret is never shown, and stays when that is said. [BC:elbv2 AuthenticateOidcActionConfig] */
function keptAsItIs(action: Action): Action {
  const { AuthenticateOidcConfig: oidc } = action
  return oidc ? { ...action, AuthenticateOidcConfig: { ...oidc, UseExistingClientSecret: true } } : action
}

function tuplesIn(actions: readonly Action[]): readonly TargetGroupTuple[] {
  const { ForwardConfig: forward, TargetGroupArn } = forwardIn(actions) ?? {}
  const listed = forward?.TargetGroups ?? []
  return listed.length > 0 || TargetGroupArn === undefined ? listed : [{ TargetGroupArn }]
}
