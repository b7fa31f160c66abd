import type { Action, Balancing, Condition } from './model.ts'
import { listenersOf, rulesOf } from './refresh.ts'
import { healthOfAll } from './target-health.ts'

/** Everything that Elastic Load Balancing has, as it truly is now: what DescribeRules shows, not what every node knows already. */
export interface BalancingState {
  readonly loadBalancers: readonly {
    readonly arn: string
    readonly name: string
    readonly dnsName: string
    readonly type: string
    /** The id of the environment that it was made for. */
    readonly environment: string | undefined
    readonly addresses: readonly string[]
    readonly listeners: readonly {
      readonly arn: string
      readonly port: number
      readonly protocol: string
      /** In the order in which they are tried. */
      readonly rules: readonly {
        readonly arn: string
        readonly priority: number | 'default'
        readonly conditions: readonly Condition[]
        readonly actions: readonly Action[]
      }[]
    }[]
  }[]
  readonly targetGroups: readonly {
    readonly arn: string
    readonly name: string
    /** The id of the environment whose instances Beanstalk keeps in it. */
    readonly environment: string | undefined
    readonly targets: readonly { readonly id: string; readonly state: string; readonly reason?: string }[]
  }[]
}

/** A snapshot for tests and for the control API. */
export function balancingState(balancing: Balancing): BalancingState {
  return {
    loadBalancers: [...balancing.loadBalancers.values()].map((one) => ({
      arn: one.arn,
      name: one.name,
      dnsName: one.dnsName,
      type: one.type,
      environment: one.environment,
      addresses: one.addresses,
      listeners: listenersOf(balancing, one).map((listener) => ({
        arn: listener.arn,
        port: listener.port,
        protocol: listener.protocol,
        rules: rulesOf(balancing, listener).map(({ arn, priority, conditions, actions }) => ({
          arn,
          priority,
          conditions,
          actions,
        })),
      })),
    })),
    targetGroups: [...balancing.targetGroups.values()].map((group) => ({
      arn: group.arn,
      name: group.name,
      environment: group.own?.environment,
      targets: healthOfAll(balancing, group).map(({ id, health: { State, Reason } }) => ({
        id,
        state: State,
        ...(Reason !== undefined && { reason: Reason }),
      })),
    })),
  }
}
