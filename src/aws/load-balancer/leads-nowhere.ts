import type { Remedy } from '../../deployment/errors.ts'
import { weightsIn } from './forward.ts'
import type { Look, Parts } from './look.ts'
import { percentAt } from './sharing.ts'

/**
 * How production is pointed at one environment by hand, where the rules send it to target groups of the team's own that
 * no environment stands behind; undefined where somebody gets it.
 */
export async function leadsNowhere(
  { beanstalk, targetGroups }: Parts,
  { rules, members, groups, groupAt }: Look,
): Promise<Remedy | undefined> {
  if (!targetGroups) return undefined
  const isAnybodys = members.some(({ id }) => rules.some((rule) => percentAt(rule, groupAt(rule, id)) > 0))
  if (isAnybodys) return undefined
  const used = rules.flatMap(({ actions }) =>
    Object.entries(weightsIn(actions)).flatMap(([group, weight]) =>
      weight > 0 ? (groups.ownerOf(group)?.name ?? []) : [],
    ),
  )
  if ((await beanstalk.find([...new Set(used)])).length > 0) return undefined
  return {
    why: `The rules send production to the target group of ${[...new Set(used)].join(' and ')}, which does not exist. Give all of it to the target group of the environment that is live, for example:`,
    command: rules[0]?.arn.includes(':listener/')
      ? `aws elbv2 modify-listener --listener-arn ${rules[0].arn} --default-actions Type=forward,TargetGroupArn=ARN-OF-ITS-TARGET-GROUP`
      : `aws elbv2 modify-rule --rule-arn ${rules[0]?.arn} --actions Type=forward,TargetGroupArn=ARN-OF-ITS-TARGET-GROUP`,
  }
}
