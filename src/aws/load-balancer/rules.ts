import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Clients } from '../clients.ts'
import { type Asked, reading, writingOnce } from '../errors.ts'
import { once } from '../once.ts'
import { isCalled } from '../trouble.ts'
import { noSuchRule, refusedChange } from './refused.ts'

/** A rule of a listener, or a listener by its default action, as it was just read. */
export interface Rule {
  readonly arn: string
  readonly is: 'rule' | 'listener'
  /** A listener's last rule, which ModifyRule does not change. */
  readonly isDefault: boolean
  readonly actions: readonly Action[]
  /** What its host condition asks for; empty: any. */
  readonly hosts: readonly string[]
}

/** The rules as they are now, in the order of their ARNs; of a listener what its default action says. Throws as `reading`. */
export async function describeRules(clients: Clients, arns: readonly string[]): Promise<readonly Rule[]> {
  const listeners = arns.filter(isListener)
  const rules = arns.filter((arn) => !isListener(arn))
  const found = await Promise.all([
    listeners.length > 0 ? listenersOf(clients, listeners) : [],
    rules.length > 0 ? rulesOf(clients, rules) : [],
  ])
  return arns.map((arn) => {
    const rule = found.flat().find((one) => one.arn === arn)
    if (!rule) throw noSuchRule(`There is no ${arn}.`)
    return rule
  })
}

/** `listener/app/…` has four parts after its region and account, `listener-rule/app/…` five. [BC:elbv2] */
const isListener = (arn: string): boolean => arn.includes(':listener/')

async function listenersOf(clients: Clients, arns: readonly string[]): Promise<readonly Rule[]> {
  const asked = {
    to: `describe the listeners in \`listener-rules\``,
    action: 'elasticloadbalancing:DescribeListeners',
  }
  const { Listeners = [] } = await reading(asked, () =>
    clients.loadBalancing
      .send(new DescribeListenersCommand({ ListenerArns: [...arns] }))
      .catch((thrown: unknown) => {
        throw isCalled(thrown, ...missing) ? noSuchRule((thrown as Error).message) : thrown
      }),
  )
  return Listeners.map(({ ListenerArn = '', DefaultActions = [] }) => ({
    arn: ListenerArn,
    is: 'listener',
    isDefault: true,
    actions: DefaultActions,
    hosts: [],
  }))
}

async function rulesOf(clients: Clients, arns: readonly string[]): Promise<readonly Rule[]> {
  const asked = {
    to: `describe the rules in \`listener-rules\``,
    action: 'elasticloadbalancing:DescribeRules',
  }
  const { Rules = [] } = await reading(asked, () =>
    clients.loadBalancing.send(new DescribeRulesCommand({ RuleArns: [...arns] })).catch((thrown: unknown) => {
      throw isCalled(thrown, ...missing) ? noSuchRule((thrown as Error).message) : thrown
    }),
  )
  return Rules.map(({ RuleArn = '', Actions = [], Conditions = [], IsDefault = false }) => ({
    arn: RuleArn,
    is: 'rule',
    isDefault: IsDefault,
    actions: Actions,
    hosts: Conditions.flatMap(hostsIn),
  }))
}

const missing = [
  'RuleNotFoundException',
  'RuleNotFound',
  'ListenerNotFoundException',
  'ListenerNotFound',
] as const

/** Both forms say the same. [BC:elbv2 RuleCondition] */
const hostsIn = ({ Field, Values, HostHeaderConfig }: RuleCondition): readonly string[] =>
  Field === 'host-header' ? [...(HostHeaderConfig?.Values ?? []), ...(Values ?? [])] : []

/**
 * Replaces the actions of a rule, or of a listener's default, with what `next` makes of them as they are right then; sent
 * once, and again only after AWS turned it away for now. Throws as `writingOnce`, and what `next` throws.
 */
export async function modifyRule(
  clients: Clients,
  arn: string,
  next: (now: Rule) => Action[] | 'as it is' | Promise<Action[] | 'as it is'>,
): Promise<void> {
  const action = isListener(arn) ? 'ModifyListener' : 'ModifyRule'
  const asked: Asked = { to: `change the weights of ${arn}`, action: `elasticloadbalancing:${action}` }
  await writingOnce(clients, asked, async () => {
    const [now] = await describeRules(clients, [arn])
    const actions = now ? await next(now) : 'as it is'
    if (actions === 'as it is') return
    await send(clients, arn, actions).catch((thrown: unknown) => {
      throw refusedChange(thrown, arn) ?? thrown
    })
  })
}

function send(clients: Clients, arn: string, actions: Action[]): Promise<unknown> {
  return isListener(arn)
    ? clients.loadBalancing.send(
        once(new ModifyListenerCommand({ ListenerArn: arn, DefaultActions: actions })),
      )
    : clients.loadBalancing.send(once(new ModifyRuleCommand({ RuleArn: arn, Actions: actions })))
}
