import { loadBalancerType } from '../load-balancer.ts'
import { option, type Settings } from '../settings.ts'
import { type OptionFault, refuse, valueFault } from './option-fault.ts'

/**
 * A deployment policy that the environment cannot have: Immutable without enhanced health [DG:environmentmgmt-updates-immutable],
 * TrafficSplitting without an application load balancer [DG:using-features.rolling-version-deploy], a batch of more than 100 %
 * or of more instances than the group may have [DG:command-options-general]. What is not said yet is no fault yet. That it is
 * refused at once, and the words, are assumed.
 */
export function policyFaults(settings: Settings): readonly OptionFault[] {
  const fault = (name: string, why: string) =>
    valueFault({ namespace, name, value: option(settings, namespace, name) }, why)
  const policy = option(settings, namespace, 'DeploymentPolicy')
  return [
    ...(policy === 'Immutable' && isBasic(settings)
      ? [fault('DeploymentPolicy', 'Immutable deployments require enhanced health reporting.')]
      : []),
    ...(policy === 'TrafficSplitting' && hasOtherThanApplication(settings)
      ? [fault('DeploymentPolicy', 'Traffic-splitting deployments require an Application Load Balancer.')]
      : []),
    ...(Number(option(settings, namespace, 'BatchSize')) > largestBatch(settings)
      ? [fault('BatchSize', `Value is greater than maximum allowed value: ${largestBatch(settings)}`)]
      : []),
  ]
}

/** Refuses such a policy. */
export function requirePolicyNeeds(settings: Settings): void {
  const [fault] = policyFaults(settings)
  if (fault) throw refuse(fault)
}

const namespace = 'aws:elasticbeanstalk:command'

function isBasic(settings: Settings): boolean {
  return option(settings, 'aws:elasticbeanstalk:healthreporting:system', 'SystemType') === 'basic'
}

function hasOtherThanApplication(settings: Settings): boolean {
  const type = loadBalancerType(settings)
  return type !== undefined && type !== 'application'
}

function largestBatch(settings: Settings): number {
  if (option(settings, namespace, 'BatchSizeType') !== 'Fixed') return 100
  return Number(option(settings, 'aws:autoscaling:asg', 'MaxSize')) || Number.POSITIVE_INFINITY
}
