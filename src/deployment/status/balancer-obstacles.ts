import { type Find, valueIn } from '../configured.ts'

/** Beanstalk's own rule follows a swap; what else there is, only Elastic Load Balancing knows. [DG:environments-cfg-alb-shared] */
export const sharedBalancer: Find = ({ environment, options, moves }) => {
  if (moves === 'in-steps') return undefined
  const namespace = 'aws:elasticbeanstalk:environment'
  if (valueIn(options, { namespace, name: 'LoadBalancerIsShared' }) !== 'true') return undefined
  return {
    what: `${environment.name} shares its load balancer with others. Beanstalk’s own rule, for the name that is swapped, follows a swap; rules that were made outside of Beanstalk, for a domain of your own, do not, and cannot be seen from here.`,
    mend: {
      why: 'If there are such rules, create both environments with a load balancer of their own: it is chosen when an environment is created, so bring up a new pair and move the name over once.',
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
