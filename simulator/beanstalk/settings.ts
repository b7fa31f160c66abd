import { unknownOption } from './errors.ts'

/** An option setting as calls carry it. [BC:elasticbeanstalk ConfigurationOptionSetting] */
export interface OptionSetting {
  readonly ResourceName?: string | undefined
  readonly Namespace?: string | undefined
  readonly OptionName?: string | undefined
  readonly Value?: string | undefined
}

/** Values by `namespace|option`, of scheduled actions by `namespace|option|resource`. */
export type Settings = ReadonlyMap<string, string>

/** A change of settings as a call orders it. */
export interface SettingsOrder {
  readonly set?: readonly OptionSetting[] | undefined
  readonly remove?: readonly OptionSetting[] | undefined
}

/** The value of an option, or the empty string. */
export function option(settings: Settings, namespace: string, name: string): string {
  return settings.get(`${namespace}|${name}`) ?? ''
}

/** Settings with others in place of some; what is removed falls back to `defaults`. */
export function changeSettings(
  settings: Settings,
  defaults: Settings,
  { set, remove }: SettingsOrder,
): Settings {
  const changed = new Map(settings)
  for (const one of remove ?? []) {
    const key = keyOf(one)
    const fallback = defaults.get(key)
    if (fallback === undefined) changed.delete(key)
    else changed.set(key, fallback)
  }
  for (const one of set ?? []) changed.set(keyOf(one), one.Value ?? '')
  return changed
}

/** Option settings as answers carry them, in the order of namespaces. */
export function optionSettings(settings: Settings): readonly OptionSetting[] {
  return [...settings].sort().map(([key, Value]) => {
    const [Namespace = '', OptionName = '', own] = key.split('|')
    const ResourceName = own ?? resources[Namespace]
    return { ...(ResourceName && { ResourceName }), Namespace, OptionName, Value }
  })
}

/** The environment variables of an environment: `aws:elasticbeanstalk:application:environment`. */
export function variables(settings: Settings): Readonly<Record<string, string>> {
  const prefix = 'aws:elasticbeanstalk:application:environment|'
  const entries = [...settings].filter(([key]) => key.startsWith(prefix))
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]))
}

/**
 * The path of the load balancer's check; of a network load balancer always the root [DG:environments-cfg-nlb].
 * [DG:command-options-general process:default, application]
 */
export function healthCheckPath(settings: Settings): string {
  if (option(settings, 'aws:elasticbeanstalk:environment', 'LoadBalancerType') === 'network') return '/'
  const ofProcess = option(settings, 'aws:elasticbeanstalk:environment:process:default', 'HealthCheckPath')
  if (ofProcess !== '' && ofProcess !== '/') return ofProcess
  // May be written with protocol and port: HTTP:80/ping.
  return (
    /\/.*/.exec(option(settings, 'aws:elasticbeanstalk:application', 'Application Healthcheck URL'))?.[0] ??
    '/'
  )
}

/** Whether health reporting is enhanced. [DG:health-enhanced] */
export function isEnhanced(settings: Settings): boolean {
  return option(settings, 'aws:elasticbeanstalk:healthreporting:system', 'SystemType') === 'enhanced'
}

/** The bounds of the Auto Scaling group. [DG:command-options-general aws:autoscaling:asg] */
export function groupBounds(settings: Settings): { readonly min: number; readonly max: number } {
  const number = (name: string) => Number(option(settings, 'aws:autoscaling:asg', name))
  return { min: number('MinSize'), max: number('MaxSize') }
}

const resources: Readonly<Record<string, string>> = {
  'aws:autoscaling:asg': 'AWSEBAutoScalingGroup',
  'aws:autoscaling:launchconfiguration': 'AWSEBAutoScalingLaunchConfiguration',
  'aws:autoscaling:trigger': 'AWSEBCloudwatchAlarmLow',
  'aws:autoscaling:updatepolicy:rollingupdate': 'AWSEBAutoScalingGroup',
}

function keyOf({ Namespace = '', OptionName = '', ResourceName }: OptionSetting): string {
  if (!Namespace.startsWith('aws:') || OptionName === '') throw unknownOption(Namespace, OptionName)
  // "For each action, specify a resource_name". [DG:command-options-general]
  if (Namespace === 'aws:autoscaling:scheduledaction')
    return `${Namespace}|${OptionName}|${ResourceName ?? 'default'}`
  return `${Namespace}|${OptionName}`
}
