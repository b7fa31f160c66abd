import { type Find, valueIn } from './configured.ts'

/** A shared load balancer tells environments apart by rules, which name hosts and paths. [DG:environments-cfg-alb-shared] */
export const sharedBalancer: Find = ({ environment, options }) => {
  const isShared =
    valueIn(options, { namespace: 'aws:elasticbeanstalk:environment', name: 'LoadBalancerIsShared' }) ===
    'true'
  if (!isShared) return undefined
  const rules = options.filter(
    ({ namespace, name, value }) =>
      namespace.startsWith('aws:elbv2:listenerrule:') &&
      /^(HostHeaders|PathPatterns)$/.test(name) &&
      value !== '',
  )
  const seen = rules.map(({ name, value }) => `${name} \`${value}\``).join(', ')
  return {
    what: `${environment.name} shares its load balancer with others, which sends requests by rules of its own${seen === '' ? '' : ` (${seen})`}: a swap of CNAMEs moves the name, and the rules go on sending a host or path to the environment that they name.`,
    mend: {
      why: 'Create both environments with a load balancer of their own: it is chosen when an environment is created, so bring up a new pair and move the name over once.',
    },
  }
}

/** A listener that Beanstalk does not know of does not come along when an environment is created like another. */
export const certificateElsewhere: Find = ({ environment, options, productionUrl }) => {
  if (!productionUrl?.startsWith('https:')) return undefined
  const hasOne = options.some(
    ({ namespace, name, value }) =>
      value !== '' &&
      ((/^aws:elb(?:v2)?:listener:/.test(namespace) &&
        /^(SSLCertificateArns|SSLCertificateId)$/.test(name)) ||
        (namespace === 'aws:elb:loadbalancer' && name === 'SSLCertificateId')),
  )
  if (hasOne) return undefined
  return {
    what: `\`production-url\` is an https address, but no listener in the option settings of ${environment.name} has a certificate. It comes from somewhere else: from .ebextensions (then it comes along), from a CDN in front, or from a listener that was made outside of Beanstalk, which a new environment does not get.`,
    mend: {
      why: 'Declare the listener as option settings (`aws:elbv2:listener:443`: ListenerEnabled, Protocol, SSLCertificateArns), so that every environment of the pair has it.',
    },
  }
}
