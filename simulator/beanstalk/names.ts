import type { DnsRecord, Names } from '../dns/names.ts'
import type { Environment, Region } from './region.ts'

/** Seconds. [log] A real answer for an environment's name had a TTL of 60. */
const ttl = 60

/** The names of environments and of their load balancers, as Beanstalk's DNS answers them now. */
export function beanstalkNames(region: Region): Names {
  const addresses = (name: string, environment: Environment): readonly DnsRecord[] =>
    environment.addresses.map((data) => ({ name, type: 'A', ttl, data }))

  return {
    resolve(asked) {
      const name = asked.toLowerCase().replace(/\.$/, '')
      const environment = region.names.get(name)
      if (!environment) {
        const owner = region.environments.find(
          ({ single, endpoint, addresses }) =>
            !single && addresses.length > 0 && endpoint?.toLowerCase() === name,
        )
        if (owner) return addresses(name, owner)
        const others = [...region.balancing.loadBalancers.values()]
        const { addresses: at = [] } = others.find(({ dnsName }) => dnsName.toLowerCase() === name) ?? {}
        return at.map((data) => ({ name, type: 'A', ttl, data }))
      }
      const { single, endpoint = '' } = environment
      if (single || region.cloud.switches.namesOfLoadBalanced === 'address')
        return addresses(name, environment)
      const target = endpoint.toLowerCase()
      return [{ name, type: 'CNAME', ttl, data: target }, ...addresses(target, environment)]
    },
    isHealthy(asked) {
      const name = asked.toLowerCase().replace(/\.$/, '')
      const one = region.names.get(name)
      const behind = one
        ? [one]
        : region.environments.filter(
            ({ addresses, endpoint }) => addresses.length > 0 && endpoint?.toLowerCase() === name,
          )
      return behind.every(isFit)
    },
  }
}

/** A single instance has no target group; else one target must be healthy. [BC:route53 AliasTarget.EvaluateTargetHealth] */
const isFit = ({ single, machines }: Environment): boolean =>
  single || [...machines.values()].some(({ registered, target }) => registered && target === 'healthy')
