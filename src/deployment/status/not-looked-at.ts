import { valueIn } from '../configured.ts'
import type { Remedy } from '../errors.ts'
import { whereItLeads } from '../remedies.ts'
import { staysThere } from '../straight.ts'
import { seenIn } from './attempt.ts'
import type { Sight } from './look.ts'

/** What may stand in the way as well and is not looked at, with how to look: it takes other services' permissions. */
export const notLookedAt = (sight: Sight): readonly Remedy[] => [
  ...balancer(sight),
  ...securityGroups(sight),
  ...alias(sight),
  {
    why: 'Image tags in the version’s own bundle (Dockerrun.aws.json, docker-compose.yml): a tag such as `latest` may mean another image on the day of a rollback. Name images by their digest.',
  },
  {
    why: 'Permissions to write: they show themselves when they are needed. docs/permissions.md of this action lists them.',
  },
  {
    why: 'Other pairs that share an environment with this one: a deployment finds out by their claims, and waits.',
  },
]

const balancer = ({ live }: Sight): readonly Remedy[] =>
  live
    ? [
        {
          why: 'What was set on the load balancer outside of Beanstalk (listeners, certificates, attributes, a web ACL): an environment that is created like this one does not get it. Look at it with `aws elbv2` and `aws wafv2`; its name:',
          command: `aws elasticbeanstalk describe-environment-resources --environment-id ${live.id} --query 'EnvironmentResources.LoadBalancers[].Name' --output text`,
        },
      ]
    : []

/** Beanstalk's own security group carries the environment's id. */
function securityGroups({ live, options }: Sight): readonly Remedy[] {
  const own = { namespace: 'aws:autoscaling:launchconfiguration', name: 'SecurityGroups' }
  const groups = valueIn(seenIn(options) ?? [], own)?.split(',') ?? []
  if (!live || groups.length === 0 || !groups.every((group) => group.includes(live.id))) return []
  return [
    {
      why: `Whether a database or cache lets in only the security group that Beanstalk made for ${live.name}, the only one that its instances have: then it does not let the other environment in, and while a rule names the group the environment cannot be ended. Give both environments one more group in common (option \`SecurityGroups\` of \`${own.namespace}\`), and let that in. Who lets in this one:`,
      command: `aws ec2 describe-security-groups --filters 'Name=ip-permission.group-name,Values=awseb-${live.id}-*' --query 'SecurityGroups[].[GroupId,GroupName]' --output table`,
    },
  ]
}

/** DNS shows of an alias record only its addresses. */
function alias({ entry, cname, router }: Sight): readonly Remedy[] {
  if (!entry || entry.host === seenIn(cname)?.name || entry.alias !== undefined) return []
  return [
    {
      why: `Whether \`${entry.host}\` is an alias of the production ${router.moves === 'whole' ? 'CNAME' : 'name'} or of a load balancer, which ${staysThere(router)}: DNS shows only addresses. Look in the zone; from here:`,
      command: whereItLeads(entry.host),
    },
  ]
}
