import { option, type Settings } from '../settings.ts'
import { type OptionFault, refuse, valueFault } from './option-fault.ts'

const environment = 'aws:elasticbeanstalk:environment'
const balancer = 'aws:elbv2:loadbalancer'

/**
 * A shared load balancer without its ARN, or for another type than application. [DG:command-options-general] The words are assumed.
 */
export function sharedFaults(settings: Settings): readonly OptionFault[] {
  if (option(settings, environment, 'LoadBalancerIsShared') !== 'true') return []
  const arn = option(settings, balancer, 'SharedLoadBalancer')
  const type = option(settings, environment, 'LoadBalancerType')
  return [
    ...(/^arn:aws[\w-]*:elasticloadbalancing:[\w-]+:\d{12}:loadbalancer\/app\/[\w-]+\/\w+$/.test(arn)
      ? []
      : [
          valueFault(
            { namespace: balancer, name: 'SharedLoadBalancer', value: arn },
            'Specify the ARN of an Application Load Balancer.',
          ),
        ]),
    ...(type === 'application'
      ? []
      : [
          valueFault(
            { namespace: environment, name: 'LoadBalancerIsShared', value: 'true' },
            'Only an Application Load Balancer can be shared.',
          ),
        ]),
  ]
}

/** Refuses a change of what is chosen at creation: type, shared or not, and which. [DG:environments-cfg-alb-shared] The words are assumed. */
export function requireUnfixed(before: Settings, after: Settings): void {
  const [fault] = fixed.flatMap(([namespace, name]) => {
    const value = option(after, namespace, name)
    const is = option(before, namespace, name)
    if (is === '' || value === is) return []
    return valueFault({ namespace, name, value }, 'You cannot change this after the environment is created.')
  })
  if (fault) throw refuse(fault)
}

const fixed = [
  [environment, 'LoadBalancerType'],
  [environment, 'LoadBalancerIsShared'],
  [balancer, 'SharedLoadBalancer'],
] as const
