import { option, type Settings } from './settings.ts'

/** What stands before the instances. */
export type LoadBalancerType = 'none' | 'application' | 'classic' | 'network'

/** The load balancer that a web environment's settings ask for. [DG:command-options-general aws:elasticbeanstalk:environment] */
export function loadBalancerType(settings: Settings): LoadBalancerType {
  const namespace = 'aws:elasticbeanstalk:environment'
  if (option(settings, namespace, 'EnvironmentType') === 'SingleInstance') return 'none'
  switch (option(settings, namespace, 'LoadBalancerType')) {
    case 'application':
      return 'application'
    case 'network':
      return 'network'
    case 'classic':
      return 'classic'
    default:
      return 'none'
  }
}
