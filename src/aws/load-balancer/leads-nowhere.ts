import { Failure, type Remedy } from '../../deployment/errors.ts'
import { weightsIn } from './forward.ts'
import type { Look, Parts } from './look.ts'
import { percentAt } from './sharing.ts'
import { hasTargets } from './target-health.ts'

/**
 * How production is pointed at one environment by hand, where the rules send it to target groups of the team's own that
 * no environment stands behind; undefined where somebody gets it. Throws Failure where instances are registered there all
 * the same: whoever they belong to is live.
 */
export async function leadsNowhere(
  { clients, beanstalk, targetGroups }: Parts,
  { rules, members, groups, groupAt }: Look,
): Promise<Remedy | undefined> {
  if (!targetGroups) return undefined
  const isAnybodys = members.some(({ id }) => rules.some((rule) => percentAt(rule, groupAt(rule, id)) > 0))
  if (isAnybodys) return undefined
  const weighed = rules.flatMap(({ actions }) =>
    Object.entries(weightsIn(actions)).flatMap(([group, weight]) => (weight > 0 ? group : [])),
  )
  const used = weighed.flatMap((group) => groups.ownerOf(group)?.name ?? [])
  if ((await beanstalk.find([...new Set(used)])).length > 0) return undefined
  for (const group of new Set(weighed))
    if (await hasTargets(clients, group)) throw somebodys(group, `${groups.ownerOf(group)?.name}`)
  return {
    why: `The rules send production to the target group of ${[...new Set(used)].join(' and ')}, which does not exist. Give all of it to the target group of the environment that is live, for example:`,
    command: rules[0]?.arn.includes(':listener/')
      ? `aws elbv2 modify-listener --listener-arn ${rules[0].arn} --default-actions Type=forward,TargetGroupArn=ARN-OF-ITS-TARGET-GROUP`
      : `aws elbv2 modify-rule --rule-arn ${rules[0]?.arn} --actions Type=forward,TargetGroupArn=ARN-OF-ITS-TARGET-GROUP`,
  }
}

/** As when a pull request's environment stands in the place of the one that is live. */
const somebodys = (group: string, name: string): Failure =>
  new Failure(
    `The rules send production to ${group}, which the inputs call the target group of ${name}. ${name} does not exist, and instances are registered there: another environment is live. Nothing was changed.`,
    [
      {
        why: 'Name that environment in `blue-environment` or `green-environment`. Whose instances they are, by the tag elasticbeanstalk:environment-name:',
        command: `aws ec2 describe-instances --instance-ids $(aws elbv2 describe-target-health --target-group-arn ${group} --query "TargetHealthDescriptions[].Target.Id" --output text) --query "Reservations[].Instances[].Tags[?Key=='elasticbeanstalk:environment-name'].Value[]" --output text`,
      },
      {
        why: 'For `verify` in an environment of its own, as for pull requests, leave `traffic` and the target groups out (docs/traffic-in-steps.md).',
      },
    ],
  )
