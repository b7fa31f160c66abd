import { capital } from './ids.ts'
import { isInternal } from './listeners.ts'
import { ownLoadBalancer } from './own-load-balancer.ts'
import type { Environment, Region } from './region.ts'
import { sharedArn } from './shared-load-balancer.ts'

/** A name that CloudFormation gives: `awseb-e-xxxxxxxxxx-stack-AWSEBAutoScalingGroup-XXXXXXXXXXXX`. [CLI:tests/unit/mock_responses.py] */
export function stackName({ cloud }: Region, environment: Environment, resource: string): string {
  return `awseb-${environment.id}-stack-${resource}-${capital(cloud.random, 12)}`
}

/** The DNS name of a load balancer. [ELB classic: elb-internal-load-balancers] */
export function loadBalancerName({ cloud }: Region, environment: Environment): string {
  const number = Math.floor(cloud.random() * 1e9)
  const scheme = isInternal(environment.settings) ? 'internal-' : ''
  return `${scheme}awseb-${environment.id}-${capital(cloud.random, 8)}-${number}.${cloud.region}.elb.amazonaws.com`
}

/** The ARN of a load balancer; of a classic one its name. [CLI:tests/unit/mock_responses.py:1464] */
export function loadBalancerId(region: Region, environment: Environment): string {
  const shared = sharedArn(environment.settings)
  if (shared !== undefined) return shared
  const own = ownLoadBalancer(region, environment)
  return own?.arn ?? (environment.endpoint ?? '').split('.')[0]?.replace(/^internal-/, '') ?? ''
}
