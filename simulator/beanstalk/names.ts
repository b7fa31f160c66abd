import type { DnsRecord, Names } from '../dns/names.ts'
import { isHealthy } from '../load-balancing/is-healthy.ts'
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
      const environment =
        region.names.get(name) ??
        region.environments.find(
          ({ addresses, endpoint }) => addresses.length > 0 && endpoint?.toLowerCase() === name,
        )
      if (environment?.single) return true
      const endpoint = environment?.endpoint?.toLowerCase() ?? name
      const all = [...region.balancing.loadBalancers.values()]
      const loadBalancer = all.find(({ dnsName }) => dnsName.toLowerCase() === endpoint)
      if (loadBalancer) return isHealthy(region.balancing, loadBalancer)
      return environment !== undefined && isFit(environment)
    },
  }
}

/** Behind a Classic Load Balancer, one instance must be healthy. [BC:route53 AliasTarget.EvaluateTargetHealth] */
const isFit = ({ machines }: Environment): boolean =>
  [...machines.values()].some(({ registered, target }) => registered && target === 'healthy')
