import { documentedOptions } from './documented.ts'
import { type OptionKind, text } from './kinds.ts'

/** Namespaces in which every name is an option. [DG:command-options-general] [CLI:tests/unit/mock_responses.py] */
const openNamespaces: readonly string[] = [
  'aws:cloudformation:template:parameter',
  'aws:cloudformation:template:resource:property',
  'aws:elasticbeanstalk:application:environment',
  'aws:elasticbeanstalk:application:environmentsecrets',
  'aws:elasticbeanstalk:customoption',
  'aws:elasticbeanstalk:environment:proxy:staticfiles',
]

/** Namespaces that end with a name, a port or a rule of one's own. [DG:command-options-general] */
const namedNamespaces =
  /^(aws:elasticbeanstalk:environment:process|aws:elbv2:listener|aws:elbv2:listenerrule|aws:elb:listener|aws:elb:policies):[^:]+$/

/** An option, `unknown`, or undefined for a namespace that the documentation does not have: nobody can tell then. */
export function findOption(namespace: string, name: string): OptionKind | 'unknown' | undefined {
  if (!namespace.startsWith('aws:') || name === '') return 'unknown'
  if (openNamespaces.includes(namespace)) return text()
  const options = documentedOptions[namedNamespaces.exec(namespace)?.[1] ?? namespace]
  return options && (options[name] ?? 'unknown')
}

/** What a change of an option costs a running environment. [BC:elasticbeanstalk ConfigurationOptionDescription] Which does what is known of a few, and assumed of the rest. */
export function changeSeverity(namespace: string, name: string): string {
  if (/^aws:(rds|cloudformation):/.test(namespace)) return 'Unknown'
  if (namespace === 'aws:elasticbeanstalk:application:environment') return 'RestartApplicationServer'
  const restarts =
    /^aws:(autoscaling:launchconfiguration|ec2:vpc|elasticbeanstalk:(environment|healthreporting:system))$/
  return restarts.test(namespace) && name !== 'ServiceRole' ? 'RestartEnvironment' : 'NoInterruption'
}
