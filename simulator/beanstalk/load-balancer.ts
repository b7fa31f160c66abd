import { option, type Settings } from './settings.ts'

/** What stands before the instances. */
export type LoadBalancerType = 'none' | 'application' | 'classic' | 'network'

/** The load balancer that settings ask for; undefined while they do not say. [DG:command-options-general aws:elasticbeanstalk:environment] */
export function loadBalancerType(settings: Settings): LoadBalancerType | undefined {
  const namespace = 'aws:elasticbeanstalk:environment'
  if (option(settings, namespace, 'EnvironmentType') === 'SingleInstance') return 'none'
  const type = option(settings, namespace, 'LoadBalancerType')
  return type === 'application' || type === 'classic' || type === 'network' ? type : undefined
}
