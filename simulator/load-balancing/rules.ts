import { AwsError } from '../cloud.ts'
import { settledActions } from './actions.ts'
import { settledConditions } from './conditions.ts'
import { invalid, notFound } from './errors.ts'
import { find, findAll } from './find.ts'
import { ruleArn } from './ids.ts'
import type { Action, Balancing, Condition, Listener, Rule } from './model.ts'
import { type PageInput, page } from './page.ts'
import { listenersOf, rulesOf, spreadRules } from './refresh.ts'
import { setTags, type TagInput } from './tags.ts'

/** `CreateRule` [BC:elbv2] */
export function createRule(
  balancing: Balancing,
  input: {
    readonly ListenerArn: string
    readonly Priority: number
    readonly Conditions: readonly Condition[]
    readonly Actions: readonly Action[]
    readonly Tags?: readonly TagInput[]
  },
) {
  const listener = find(balancing, 'listener', input.ListenerArn)
  const { Priority: priority } = input
  requireFree(balancing, listener, priority)
  requireRoom(balancing, listener)
  const conditions = settledConditions(input.Conditions)
  const actions = settledActions(balancing, input.Actions, { ...listener, before: [] })
  const rule = makeRule(balancing, { listener, priority, conditions, actions })
  setTags(balancing, rule.arn, input.Tags ?? [])
  spreadRules(balancing, listener.loadBalancer)
  return { Rules: [describe(rule)] }
}

/** Makes a rule of what is settled already; nothing is spread yet. */
export function makeRule(balancing: Balancing, order: Omit<Rule, 'arn'>): Rule {
  const rule: Rule = { ...order, arn: ruleArn(balancing, order.listener) }
  balancing.rules.set(rule.arn, rule)
  return rule
}

/** `DescribeRules`: of one listener, in their order, or of some ARNs. [BC:elbv2] */
export function describeRules(
  balancing: Balancing,
  input: PageInput & { readonly ListenerArn?: string; readonly RuleArns?: readonly string[] },
) {
  const { ListenerArn, RuleArns } = input
  if ((ListenerArn === undefined) === (RuleArns === undefined))
    throw invalid('You must specify either listener rule ARNs or a listener ARN')
  const all =
    ListenerArn === undefined
      ? findAll(balancing, 'rule', RuleArns)
      : rulesOf(balancing, find(balancing, 'listener', ListenerArn))
  const { items, next } = page(all, input)
  return { Rules: items.map(describe), ...next }
}

/** `ModifyRule`: conditions and actions are replaced as whole lists; the last writer wins. [BC:elbv2] */
export function modifyRule(
  balancing: Balancing,
  input: {
    readonly RuleArn: string
    readonly Conditions?: readonly Condition[]
    readonly Actions?: readonly Action[]
  },
) {
  const rule = find(balancing, 'rule', input.RuleArn)
  const { listener, actions: before } = rule
  if (rule.priority === 'default') throw notPermitted(rule, 'modified')
  const conditions = input.Conditions ? settledConditions(input.Conditions) : rule.conditions
  const actions = input.Actions
    ? settledActions(balancing, input.Actions, { ...listener, before })
    : rule.actions
  Object.assign(rule, { conditions, actions })
  spreadRules(balancing, listener.loadBalancer)
  return { Rules: [describe(rule)] }
}

/** `DeleteRule` [BC:elbv2] */
export function deleteRule(
  balancing: Balancing,
  { RuleArn }: { readonly RuleArn: string },
): Record<string, never> {
  const rule = find(balancing, 'rule', RuleArn)
  if (rule.priority === 'default') throw notPermitted(rule, 'deleted')
  removeRule(balancing, rule)
  spreadRules(balancing, rule.listener.loadBalancer)
  return {}
}

/** Takes a rule away; nothing is spread yet. */
export function removeRule({ rules, tags }: Balancing, { arn }: Rule): void {
  rules.delete(arn)
  tags.delete(arn)
}

/** `SetRulePriorities`: all at once, so that rules can change places. [BC:elbv2] */
export function setRulePriorities(
  balancing: Balancing,
  input: { readonly RulePriorities: readonly { readonly RuleArn?: string; readonly Priority?: number }[] },
) {
  const wanted = new Map(input.RulePriorities.map(({ RuleArn = '', Priority = 0 }) => [RuleArn, Priority]))
  const missing = [...wanted.keys()].filter((arn) => !balancing.rules.has(arn))
  if (missing.length > 0) throw notFound('rule', missing)
  const rules = [...wanted.keys()].map((arn) => find(balancing, 'rule', arn))
  for (const rule of rules) if (rule.priority === 'default') throw notPermitted(rule, 'modified')
  for (const listener of new Set(rules.map((rule) => rule.listener))) {
    const all = rulesOf(balancing, listener).map(({ arn, priority }) => wanted.get(arn) ?? priority)
    const twice = all.find((priority, at) => all.indexOf(priority) !== at)
    if (twice !== undefined) throw inUse(twice)
  }
  for (const rule of rules) rule.priority = wanted.get(rule.arn) ?? rule.priority
  for (const one of new Set(rules.map(({ listener }) => listener.loadBalancer))) spreadRules(balancing, one)
  return { Rules: rules.map(describe) }
}

function describe({ arn, priority, conditions, actions }: Rule) {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: conditions,
    Actions: actions,
    IsDefault: priority === 'default',
  }
}

function requireFree(balancing: Balancing, listener: Listener, priority: number): void {
  if (rulesOf(balancing, listener).some((one) => one.priority === priority)) throw inUse(priority)
}

/** [issue stelligent/mu#324] */
const inUse = (priority: Rule['priority']) =>
  new AwsError('PriorityInUse', `Priority '${priority}' is currently in use`)

/** [issue FeLvi-zzz/tentez#32] */
const notPermitted = ({ arn }: Rule, what: string) =>
  new AwsError('OperationNotPermitted', `Default rule '${arn}' cannot be ${what}`)

/** 100 rules for each Application Load Balancer, the default ones not counted. [ALB:load-balancer-limits] */
function requireRoom(balancing: Balancing, { loadBalancer }: Listener): void {
  const rules = listenersOf(balancing, loadBalancer).flatMap((one) => rulesOf(balancing, one).slice(0, -1))
  if (rules.length < 100) return
  throw new AwsError(
    'TooManyRules',
    `The maximum number of rules has been reached on load balancer '${loadBalancer.arn}'`,
  )
}
