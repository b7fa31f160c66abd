import { AwsError } from '../../cloud.ts'
import { loadBalancerType } from '../load-balancer.ts'
import { isEnhanced, option, type Settings } from '../settings.ts'

/**
 * Refuses a deployment policy that the environment cannot have: Immutable without enhanced health
 * [DG:environmentmgmt-updates-immutable], TrafficSplitting without an application load balancer
 * [DG:using-features.rolling-version-deploy], and sizes and times outside of their documented bounds
 * [DG:command-options-general]. That it is refused at once, and the sentences, are assumed.
 */
export function requirePolicyNeeds(settings: Settings): void {
  const namespace = 'aws:elasticbeanstalk:command'
  const policy = option(settings, namespace, 'DeploymentPolicy')
  const refuse = (why: string) => refused({ namespace, name: 'DeploymentPolicy', value: policy, why })
  if (!policies.includes(policy))
    throw refuse(`Value is not one of the allowed values: ${policies.join(', ')}.`)
  if (policy === 'Immutable' && !isEnhanced(settings))
    throw refuse('Immutable deployments require enhanced health reporting.')
  if (policy === 'TrafficSplitting' && loadBalancerType(settings) !== 'application')
    throw refuse('Traffic-splitting deployments require an Application Load Balancer.')
  for (const bounds of boundsOf(settings)) requireWithin(settings, bounds)
}

const policies = ['AllAtOnce', 'Rolling', 'RollingWithAdditionalBatch', 'Immutable', 'TrafficSplitting', '']

interface Bounds {
  readonly namespace: string
  readonly name: string
  readonly min: number
  readonly max: number
}

function boundsOf(settings: Settings): readonly Bounds[] {
  const command = 'aws:elasticbeanstalk:command'
  const splitting = 'aws:elasticbeanstalk:trafficsplitting'
  const isFixed = option(settings, command, 'BatchSizeType') === 'Fixed'
  const largest = isFixed ? Number(option(settings, 'aws:autoscaling:asg', 'MaxSize')) : 100
  return [
    { namespace: command, name: 'BatchSize', min: 1, max: largest },
    { namespace: command, name: 'Timeout', min: 1, max: 3_600 },
    { namespace: splitting, name: 'NewVersionPercent', min: 1, max: 100 },
    { namespace: splitting, name: 'EvaluationTime', min: 3, max: 600 },
  ]
}

function requireWithin(settings: Settings, { namespace, name, min, max }: Bounds): void {
  const value = option(settings, namespace, name)
  const number = Number(value)
  if (value === '' || (Number.isInteger(number) && number >= min && number <= max)) return
  throw refused({ namespace, name, value, why: `Value must be between ${min} and ${max}.` })
}

/** In the form of a real refusal of a value. [log] */
function refused(at: { namespace: string; name: string; value: string; why: string }): AwsError {
  const where = `(Namespace: '${at.namespace}', OptionName: '${at.name}')`
  return new AwsError(
    'ConfigurationValidationException',
    `Configuration validation exception: Invalid option value: '${at.value}' ${where}: ${at.why}`,
  )
}
