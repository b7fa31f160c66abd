import { DescribeEnvironmentResourcesCommand } from '@aws-sdk/client-elastic-beanstalk'
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import { Failure } from '../../deployment/errors.ts'
import type { Clients } from '../clients.ts'
import { reading } from '../errors.ts'
import { plainTarget } from './record.ts'
import { isEndpointOf, type Member, type Standing } from './standing.ts'

/**
 * The hosted zone that an alias to the environment's own load balancer has to name: as AWS reports it
 * (`CanonicalHostedZoneId`), never from a table [BC:elbv2 DescribeLoadBalancers] (C.8). A Classic Load Balancer has another
 * API, which is not asked: then as an alias that stands there already says.
 */
export async function aliasZone(
  clients: Clients,
  member: Member,
  standing: readonly Standing[],
): Promise<string> {
  const names = await loadBalancersOf(clients, member)
  const arns = names.filter((name) => name.startsWith('arn:'))
  if (arns.length === 0) return classicZone(member, standing)
  const { LoadBalancers = [] } = await reading(
    {
      to: `describe the load balancer of ${member.name}`,
      action: 'elasticloadbalancing:DescribeLoadBalancers',
    },
    () => clients.loadBalancing.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: arns })),
  )
  const own = LoadBalancers.find(({ DNSName }) => isEndpointOf(member, plainTarget(DNSName)))
  if (own?.CanonicalHostedZoneId) return own.CanonicalHostedZoneId
  throw new Failure(
    `AWS does not say in which hosted zone the load balancer of ${member.name} (${member.endpoint}) is, and an alias has to name it.`,
  )
}

async function loadBalancersOf(clients: Clients, { id, name }: Member): Promise<readonly string[]> {
  const { EnvironmentResources } = await reading(
    { to: `list the resources of ${name}`, action: 'elasticbeanstalk:DescribeEnvironmentResources' },
    () => clients.beanstalk.send(new DescribeEnvironmentResourcesCommand({ EnvironmentId: id })),
  )
  return (EnvironmentResources?.LoadBalancers ?? []).flatMap(({ Name }) => Name ?? [])
}

/** All Classic Load Balancers of a region are in the same zone. [GR] (C.8) */
function classicZone({ name }: Member, standing: readonly Standing[]): string {
  const known = standing.find(({ record }) =>
    /\.elb\.amazonaws\.com(\.cn)?$/.test(plainTarget(record.AliasTarget?.DNSName)),
  )
  if (known?.record.AliasTarget?.HostedZoneId) return known.record.AliasTarget.HostedZoneId
  throw new Failure(
    `${name} has a Classic Load Balancer: in which hosted zone it is, this action does not find out, and an alias has to name it.`,
    [
      {
        why: 'Where the name is not the zone’s own, leave `record-type` at `cname`. Else create an alias to it once, by hand, at that name: its zone is taken from there afterwards. This says which it is:',
        command: `aws elb describe-load-balancers --query 'LoadBalancerDescriptions[].[DNSName,CanonicalHostedZoneNameID]' --output table`,
      },
    ],
  )
}
