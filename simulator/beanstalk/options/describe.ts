import { findApplication, findEnvironment, findTemplate } from '../find.ts'
import type { Region } from '../region.ts'
import type { OptionSetting, Settings } from '../settings.ts'
import { platformArn, stackOf } from '../stacks.ts'
import { documentedOptions } from './documented.ts'
import { changeSeverity, findOption } from './find-option.ts'
import type { OptionKind } from './kinds.ts'

/** `DescribeConfigurationOptions`: of an environment, a template or a platform; all of them, or those that are asked for. [BC:elasticbeanstalk] */
export function describeConfigurationOptions(region: Region, input: DescribeInput) {
  const { stack, settings } = baseOf(region, input)
  const keys =
    input.Options?.map(({ Namespace = '', OptionName = '' }) => keyOf(Namespace, OptionName)) ??
    allKeys(settings)
  const found = keys.flatMap((key) => {
    const [namespace = '', name = ''] = key.split('|')
    const kind = findOption(namespace, name)
    return kind === undefined || kind === 'unknown' ? [] : [describe({ namespace, name, kind })]
  })
  return {
    ...(stack !== undefined && {
      SolutionStackName: stack,
      PlatformArn: platformArn(region.cloud.region, stack),
    }),
    Options: found,
  }
}

interface DescribeInput {
  readonly ApplicationName?: string
  readonly TemplateName?: string
  readonly EnvironmentName?: string
  readonly SolutionStackName?: string
  readonly PlatformArn?: string
  readonly Options?: readonly OptionSetting[]
}

const keyOf = (namespace: string, name: string) => `${namespace}|${name}`

function baseOf(
  region: Region,
  input: DescribeInput,
): { readonly stack: string | undefined; readonly settings: Settings } {
  const { ApplicationName, TemplateName, EnvironmentName } = input
  if (TemplateName !== undefined && ApplicationName !== undefined)
    return findTemplate(region, findApplication(region, ApplicationName), TemplateName)
  if (EnvironmentName !== undefined) return findEnvironment(region, { EnvironmentName })
  return { stack: stackOf(region, input), settings: new Map() }
}

/** The documented ones under their plain namespaces, and what is set beside them. */
function allKeys(settings: Settings): readonly string[] {
  const documented = Object.entries(documentedOptions).flatMap(([namespace, options]) =>
    Object.keys(options).map((name) => keyOf(plain[namespace] ?? namespace, name)),
  )
  return [...new Set([...documented, ...settings.keys()])].sort()
}

/** What a namespace that ends with a name of one's own is called without one. */
const plain: Readonly<Record<string, string>> = {
  'aws:elasticbeanstalk:environment:process': 'aws:elasticbeanstalk:environment:process:default',
  'aws:elbv2:listener': 'aws:elbv2:listener:default',
  'aws:elbv2:listenerrule': 'aws:elbv2:listenerrule:default',
}

function describe({ namespace, name, kind }: { namespace: string; name: string; kind: OptionKind }) {
  const { type, fallback, values, min, max, pattern } = kind
  return {
    Namespace: namespace,
    Name: name,
    ...(fallback !== undefined && { DefaultValue: fallback }),
    ChangeSeverity: changeSeverity(namespace, name),
    UserDefined: namespace === 'aws:elasticbeanstalk:application:environment',
    ValueType: type,
    ...(values && { ValueOptions: values }),
    ...(min !== undefined && { MinValue: min }),
    ...(max !== undefined && { MaxValue: max }),
    ...(pattern && { Regex: { Pattern: pattern.source, Label: `Regex pattern: ${pattern.source}` } }),
  }
}
