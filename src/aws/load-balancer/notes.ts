import { inWords } from '../../deployment/wait-until.ts'
import { stickySeconds, weightsIn } from './forward.ts'
import type { Rule } from './rules.ts'
import { percentAt } from './sharing.ts'

/** What a human should know of these rules: clients that stay where they are, and rules that disagree. */
export const notesOf = (rules: readonly Rule[]): readonly string[] => [
  ...rules.flatMap(stickiness),
  ...disagreement(rules),
]

/** [ALB:load-balancer-listeners, sticky sessions and weighted target groups] (D.1) */
function stickiness({ arn, actions }: Rule): readonly string[] {
  const seconds = stickySeconds(actions)
  if (seconds === undefined) return []
  return [
    `${arn} keeps a client for ${inWords(seconds * 1_000)} at the target group that its first request went to (target-group stickiness). New weights move only who is new; all others stay on their side until its target group leaves the rule, when the traffic has moved for good or has been taken back. It is left as it is; without it the steps are what they say.`,
  ]
}

function disagreement(rules: readonly Rule[]): readonly string[] {
  const said = rules.map((rule) =>
    Object.keys(weightsIn(rule.actions))
      .map((group) => ({ group, percent: percentAt(rule, group) }))
      .filter(({ percent }) => percent > 0)
      .map(({ group, percent }) => `${Math.round(percent)} % to ${group.split(':').at(-1)}`)
      .sort()
      .join(' and '),
  )
  if (said.every((one) => one === said[0])) return []
  const each = rules.map(({ arn }, at) => `${arn} sends ${said[at]}`)
  return [`The rules disagree: ${each.join('; ')}.`]
}
