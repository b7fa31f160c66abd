import { Failure, Refused, type Remedy } from '../../deployment/errors.ts'
import { isCalled } from '../trouble.ts'
import type { Rule } from './rules.ts'

/** What production can be moved with where a load balancer cannot do it. */
export const otherWays: readonly Remedy[] = [
  {
    why: 'Ways that can do it: target groups of your own in front of both environments (`blue-target-group` and `green-target-group`, attached by `.ebextensions`: docs/traffic-in-steps.md); or environments on one shared load balancer, which is chosen when they are created; or `traffic: route53`, which needs nothing of the load balancers.',
  },
]

/** A slip in an ARN, or a rule that somebody deleted. */
export const noSuchRule = (says: string): Refused =>
  new Refused(`A rule or listener of \`listener-rules\` is not there: ${says}`, [
    {
      why: 'Look for a slip, in the region too. All load balancers, then the listeners of one, then the rules of a listener:',
      command:
        'aws elbv2 describe-load-balancers --query "LoadBalancers[].LoadBalancerArn"; aws elbv2 describe-listeners --load-balancer-arn ARN; aws elbv2 describe-rules --listener-arn ARN',
    },
  ])

/** What AWS's refusals of new weights mean; undefined: nothing more than they say. [BC:elbv2 ModifyRule] */
export function refusedChange(thrown: unknown, arn: string): Refused | undefined {
  const says = thrown instanceof Error ? thrown.message : ''
  if (isCalled(thrown, 'TargetGroupAssociationLimitException', 'TargetGroupAssociationLimit'))
    return new Refused(
      `A target group can be on one load balancer only, so AWS did not put it into ${arn}: ${says}`,
      otherWays,
    )
  if (isCalled(thrown, 'TooManyTargetGroupsException', 'TooManyActionsException', 'TooManyActions'))
    return new Refused(`${arn} names too many target groups, five at most: ${says}`, [
      { why: 'Take out of it what gets no traffic:', command: `aws elbv2 describe-rules --rule-arns ${arn}` },
    ])
  return undefined
}

/** Throws Failure when the weights of such a rule cannot, or must not, be moved. */
export function refuseRule(rule: Rule, cnames: readonly string[]): void {
  const { arn, is, isDefault, actions, hosts } = rule
  if (is === 'rule' && isDefault)
    throw new Failure(`${arn} is its listener’s default rule, which changes with the listener only.`, [
      { why: 'Give the listener’s own ARN in `listener-rules` instead.' },
    ])
  const owner = hosts.find((host) => cnames.includes(host.toLowerCase()))
  if (owner !== undefined) throw beanstalksOwn(arn, `it is for ${owner}`)
  if (actions.some(({ Type }) => Type === 'forward')) return
  const does = actions.map(({ Type }) => Type).join(', then ') || 'nothing'
  throw new Failure(`${arn} sends requests to no target group: it does ${does}.`, [
    {
      why: 'Give the rule that forwards production’s requests (of an HTTPS listener, where HTTP is only redirected), or let this one forward to the target group of the environment that is live:',
      command:
        is === 'listener'
          ? `aws elbv2 modify-listener --listener-arn ${arn} --default-actions Type=forward,TargetGroupArn=ARN-OF-THE-TARGET-GROUP`
          : `aws elbv2 modify-rule --rule-arn ${arn} --actions Type=forward,TargetGroupArn=ARN-OF-THE-TARGET-GROUP`,
    },
  ])
}

/** Beanstalk writes its own rules as it likes, at every swap and update. (A.11, D.3) */
export const beanstalksOwn = (arn: string, why: string): Failure =>
  new Failure(
    `${arn} belongs to Elastic Beanstalk (${why}), which changes it as it likes: it is not edited.`,
    [
      {
        why: 'Make a rule of your own, for the host name that your users know, and give that in `listener-rules`:',
        command:
          'aws elbv2 create-rule --listener-arn ARN --priority 10 --conditions Field=host-header,Values=shop.example.com --actions Type=forward,TargetGroupArn=ARN-OF-THE-LIVE-TARGET-GROUP',
      },
    ],
  )

/** A part of production goes to something that is neither environment's. */
export const foreignGroup = (arn: string, group: string, is: string): Failure =>
  new Failure(
    `${arn} names a target group that is neither environment’s: ${group}${is}. Nothing was changed.`,
    [
      {
        why: 'Somebody else’s shift may be under way, or `listener-rules`, `blue-target-group` or `green-target-group` name the wrong thing. What the rule says now:',
        command: arn.includes(':listener/')
          ? `aws elbv2 describe-listeners --listener-arns ${arn} --query "Listeners[].DefaultActions"`
          : `aws elbv2 describe-rules --rule-arns ${arn} --query "Rules[].Actions"`,
      },
    ],
  )
