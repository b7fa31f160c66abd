import { Conflict } from '../../deployment/errors.ts'
import { weightsIn, withWeights } from './forward.ts'
import { isOf } from './groups.ts'
import { lookAmong, type Parts } from './look.ts'
import { certainly } from './move-rules.ts'
import { describeRules, modifyRule } from './rules.ts'

/**
 * Takes an environment's target groups out of every rule: clients that stick to them leave, and Beanstalk can delete them.
 * [ALB:load-balancer-listeners] (D.1, D.3) Throws Conflict when one still has a weight, and as `writingOnce`.
 */
export async function detachGroups(parts: Parts, id: string): Promise<void> {
  const [rules, [member]] = await Promise.all([
    describeRules(parts.clients, parts.rules),
    parts.beanstalk.read([id]),
  ])
  // Without the environment nobody knows its name; its target groups are gone with it, or are the team's own.
  if (!member) return
  const { groups } = await lookAmong(parts, rules, [member])
  for (const { arn } of rules)
    await certainly(() =>
      modifyRule(parts.clients, arn, ({ actions }) => {
        const weights = weightsIn(actions)
        const own = Object.keys(weights).filter((group) => isOf(groups.ownerOf(group), member))
        if (own.length === 0) return 'as it is'
        const used = own.find((group) => (weights[group] ?? 0) > 0)
        if (used !== undefined)
          throw new Conflict(`${member.name} gets requests of ${arn}: its weight is ${weights[used]}.`)
        return withWeights(actions, Object.fromEntries(own.map((group) => [group, undefined])))
      }),
    )
}
