import type { Names } from '../dns/names.ts'
import { loadBalancerZone } from '../load-balancing/hosted-zones.ts'
import { beanstalkZone } from './beanstalk-zones.ts'
import { plainName } from './record-names.ts'

/** The names of AWS that an alias can lead to. */
export interface AwsTargets {
  /** Whether a name is there in that hosted zone of AWS's; `outside`: it is not a name of that zone. */
  find(name: string, zone: string): 'found' | 'missing' | 'outside'
  /** The IPv4 addresses of a name. */
  addresses(name: string): readonly string[]
  /** Whether what is behind a name has a healthy target. */
  isHealthy(name: string): boolean
}

/** Environments and load balancers of one region. `isHealthy` is asked for names that are there. */
export function awsTargets(region: string, aws: Names): AwsTargets {
  const addresses = (name: string) =>
    aws.resolve(targetName(name)).flatMap(({ type, data }) => (type === 'A' ? [data] : []))
  return {
    find(name, zone) {
      const known = zonesOf(region).filter(({ id }) => id === zone)
      if (known.length === 0) return 'missing'
      if (!known.some(({ suffix }) => targetName(name).endsWith(suffix))) return 'outside'
      return addresses(name).length > 0 ? 'found' : 'missing'
    },
    addresses,
    isHealthy: (name) => aws.isHealthy?.(targetName(name)) ?? addresses(name).length > 0,
  }
}

/** `dualstack.` before the name of a load balancer is the same load balancer. [BC:route53 AliasTarget] */
const targetName = (name: string) => plainName(name).replace(/^dualstack\./, '')

const zonesOf = (region: string) => [
  { id: beanstalkZone(region), suffix: `.${region}.elasticbeanstalk.com` },
  { id: loadBalancerZone(region, 'application'), suffix: `.${region}.elb.amazonaws.com` },
  { id: loadBalancerZone(region, 'network'), suffix: `.elb.${region}.amazonaws.com` },
  // Environments with a Network Load Balancer have the same form of name here.
  { id: loadBalancerZone(region, 'network'), suffix: `.${region}.elb.amazonaws.com` },
]
