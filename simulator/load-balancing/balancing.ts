import type { Groups } from '../auto-scaling/group.ts'
import type { TargetGroupLook } from '../auto-scaling/target-group-operations.ts'
import type { Cloud, Service } from '../cloud.ts'
import type { DataPlane } from '../data-plane/data-plane.ts'
import { createListener, deleteListener, describeListeners, modifyListener } from './listeners.ts'
import {
  createLoadBalancer,
  deleteLoadBalancer,
  describeLoadBalancerAttributes,
  describeLoadBalancers,
  modifyLoadBalancerAttributes,
} from './load-balancers.ts'
import type { Balancing } from './model.ts'
import { deregisterTargets, registerTargets } from './registrations.ts'
import { createRule, deleteRule, describeRules, modifyRule, setRulePriorities } from './rules.ts'
import { addTags, describeTags, removeTags } from './tags.ts'
import {
  createTargetGroup,
  deleteTargetGroup,
  describeTargetGroupAttributes,
  describeTargetGroups,
  modifyTargetGroup,
  modifyTargetGroupAttributes,
} from './target-groups.ts'
import { describeTargetHealth, healthOfAll } from './target-health.ts'

/** An account and region without load balancers. */
export function createBalancing(cloud: Cloud, dataPlane: DataPlane, groups: Groups): Balancing {
  return {
    cloud,
    dataPlane,
    groups,
    draw: createDraw(),
    loadBalancers: new Map(),
    listeners: new Map(),
    rules: new Map(),
    targetGroups: new Map(),
    tags: new Map(),
    made: 0,
  }
}

/** Elastic Load Balancing, version 2015-12-01. [BC:elbv2] */
export function balancingService(balancing: Balancing): Service {
  return {
    scope: 'elasticloadbalancing',
    operations: {
      AddTags: (input) => addTags(balancing, input),
      CreateListener: (input) => createListener(balancing, input),
      CreateLoadBalancer: (input) => createLoadBalancer(balancing, input),
      CreateRule: (input) => createRule(balancing, input),
      CreateTargetGroup: (input) => createTargetGroup(balancing, input),
      DeleteListener: (input) => deleteListener(balancing, input),
      DeleteLoadBalancer: (input) => deleteLoadBalancer(balancing, input),
      DeleteRule: (input) => deleteRule(balancing, input),
      DeleteTargetGroup: (input) => deleteTargetGroup(balancing, input),
      DeregisterTargets: (input) => deregisterTargets(balancing, input),
      DescribeListeners: (input) => describeListeners(balancing, input),
      DescribeLoadBalancerAttributes: (input) => describeLoadBalancerAttributes(balancing, input),
      DescribeLoadBalancers: (input) => describeLoadBalancers(balancing, input),
      DescribeRules: (input) => describeRules(balancing, input),
      DescribeTags: (input) => describeTags(balancing, input),
      DescribeTargetGroupAttributes: (input) => describeTargetGroupAttributes(balancing, input),
      DescribeTargetGroups: (input) => describeTargetGroups(balancing, input),
      DescribeTargetHealth: (input) => describeTargetHealth(balancing, input),
      ModifyListener: (input) => modifyListener(balancing, input),
      ModifyLoadBalancerAttributes: (input) => modifyLoadBalancerAttributes(balancing, input),
      ModifyRule: (input) => modifyRule(balancing, input),
      ModifyTargetGroup: (input) => modifyTargetGroup(balancing, input),
      ModifyTargetGroupAttributes: (input) => modifyTargetGroupAttributes(balancing, input),
      RegisterTargets: (input) => registerTargets(balancing, input),
      RemoveTags: (input) => removeTags(balancing, input),
      SetRulePriorities: (input) => setRulePriorities(balancing, input),
    },
  }
}

/** What Auto Scaling sees of target groups. */
export const lookIn = (balancing: Balancing): TargetGroupLook => ({
  exists: (arn) => balancing.targetGroups.has(arn),
  hasHealthyTarget(arn) {
    const group = balancing.targetGroups.get(arn)
    return (
      group !== undefined && healthOfAll(balancing, group).some(({ health }) => health.State === 'healthy')
    )
  },
})

/** Numbers from 0 to 1, the same ones in every life. */
function createDraw(): () => number {
  let state = 1_234_567_891
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
