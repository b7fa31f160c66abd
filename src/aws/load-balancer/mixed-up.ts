import type { Environment } from '../../deployment/environment.ts'
import { Failure, type Remedy } from '../../deployment/errors.ts'
import type { Clients } from '../clients.ts'
import { attachedToEnvironment } from './attached.ts'

type TargetGroups = Readonly<Record<string, string>>

/**
 * Throws Failure when an environment's instances are registered in a target group that the inputs call another one's: who
 * is live would be told wrongly by the weights, or a candidate would get production's requests. Throws as `reading`.
 */
export async function refuseMixedUp(
  clients: Clients,
  targetGroups: TargetGroups,
  among: readonly Environment[],
): Promise<void> {
  // What is being made, or ends, has no Auto Scaling group that could be asked about.
  const ready = among.filter(({ status }) => status === 'Ready')
  const seen = await Promise.all(
    ready.map(async ({ id, name }) => ({ name, attached: await attachedToEnvironment(clients, id) })),
  )
  for (const { name, attached } of seen)
    for (const [owner, group] of Object.entries(targetGroups))
      if (owner !== name && attached.includes(group))
        throw mistaken({ name, owner, group, attached, targetGroups })
}

interface Mistaken {
  readonly name: string
  /** Whose target group it is by the inputs. */
  readonly owner: string
  readonly group: string
  readonly attached: readonly string[]
  readonly targetGroups: TargetGroups
}

function mistaken({ name, owner, group, attached, targetGroups }: Mistaken): Failure {
  const fact = `the instances of ${name} are registered in ${group}, which the inputs call the target group of ${owner}. Nothing was changed.`
  const own = targetGroups[name]
  if (own === undefined)
    return new Failure(`An environment too many, or another name: ${fact}`, outside(name))
  if (attached.includes(own))
    return new Failure(`${name} is in both target groups: ${fact}`, [
      {
        why: `Let ${name} be in its own only; the bundle's \`.ebextensions\` must read it from this option, not name it:`,
        command: `aws elasticbeanstalk update-environment --environment-name ${name} --option-settings Namespace=aws:elasticbeanstalk:customoption,OptionName=TargetGroupArn,Value=${own}`,
      },
      whereIs(name),
    ])
  return new Failure(`\`blue-target-group\` and \`green-target-group\` are mixed up: ${fact}`, [
    {
      why: `Exchange them: the target group of ${name} is ${group}, that of ${owner} is ${own}. Nothing of the environments has to be changed, and \`configuration: sync\` would make it worse.`,
    },
    whereIs(name),
  ])
}

const outside = (name: string): readonly Remedy[] => [
  {
    why: `If ${name} is one of the two, say so in \`blue-environment\` or \`green-environment\`. For \`verify\` in an environment of its own, as for pull requests, leave \`traffic\` and the target groups out (docs/traffic-in-steps.md).`,
  },
  {
    ...whereIs(name),
    why: `If ${name} is not, take its instances out. Which Auto Scaling group, and its target groups:`,
  },
  {
    why: 'Then, with that name and the ARN above:',
    command:
      'aws autoscaling detach-load-balancer-target-groups --auto-scaling-group-name NAME --target-group-arns ARN',
  },
]

const whereIs = (name: string): Remedy => ({
  why: `See where the instances of ${name} are registered:`,
  command: `aws autoscaling describe-auto-scaling-groups --filters Name=tag:elasticbeanstalk:environment-name,Values=${name} --query "AutoScalingGroups[].[AutoScalingGroupName,TargetGroupARNs]"`,
})
