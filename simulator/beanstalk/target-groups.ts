import type { Bundle } from '../data-plane/data-plane.ts'
import { ExtensionBroken, targetGroupsOf } from './extensions.ts'
import { groupsOf } from './processes.ts'
import type { Environment, Region } from './region.ts'
import { option, type Settings } from './settings.ts'

/** Why CloudFormation would not update the group; the sentence is its reason. */
export class GroupRefused extends Error {}

/** What the template of an environment is made of. */
export interface Template {
  readonly bundle: Bundle | undefined
  readonly settings: Settings
}

/**
 * Lets the environment's Auto Scaling group name the target groups of its template: those of its processes, or those that the
 * bundle's `.ebextensions` names in their place. What was attached otherwise stays. Throws GroupRefused.
 */
export function nameTargetGroups(region: Region, environment: Environment, template: Template): void {
  const { group, stackGroups: before = [] } = environment
  if (!group) return
  const now = templateGroups(region, environment, template)
  const stranger = now.find((arn) => !region.balancing.targetGroups.has(arn))
  if (stranger !== undefined)
    throw new GroupRefused('Provided Target Groups may not be valid. Please ensure they exist and try again.')
  const gone = before.filter((arn) => !now.includes(arn))
  group.targetGroups = [...new Set([...group.targetGroups.filter((arn) => !gone.includes(arn)), ...now])]
  environment.stackGroups = now
}

function templateGroups(region: Region, environment: Environment, template: Template): readonly string[] {
  const own = groupsOf(region, environment)
  const value = template.bundle && readOf(template.bundle)
  if (value === undefined) return [...own.values()].map(({ arn }) => arn)
  return resolve(value, { region, environment, settings: template.settings })
}

function readOf(bundle: Bundle): unknown {
  try {
    return targetGroupsOf(bundle)
  } catch (error) {
    if (error instanceof ExtensionBroken) throw new GroupRefused(error.message)
    throw error
  }
}

interface Scope {
  readonly region: Region
  readonly environment: Environment
  readonly settings: Settings
}

/** A list of texts and functions; empty texts are left out. [CloudFormation: intrinsic functions] */
function resolve(value: unknown, scope: Scope): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((one) => resolve(one, scope))
  if (typeof value === 'string') return value === '' ? [] : [value]
  const [name = '', argument] = Object.entries(value ?? {})[0] ?? []
  switch (name) {
    case 'Ref':
      return [referred(String(argument), scope)]
    case 'Fn::GetOptionSetting':
      return resolve(setting(argument, scope), scope)
    case 'Fn::Split': {
      const [separator, text] = Array.isArray(argument) ? argument : []
      const [whole = ''] = resolve(text, scope)
      return whole
        .split(String(separator))
        .map((one) => one.trim())
        .filter((one) => one !== '')
    }
    default:
      throw new GroupRefused(`Template error: the simulator cannot resolve ${JSON.stringify(value)}`)
  }
}

/** `AWSEBV2LoadBalancerTargetGroup` is that of the default process, with a process's name at its end that of another. [EB CLI: ebcli/resources/statics.py] */
function referred(id: string, { region, environment }: Scope): string {
  const process = /^AWSEBV2LoadBalancerTargetGroup(.*)$/.exec(id)?.[1]
  const found = process === undefined ? undefined : groupsOf(region, environment).get(process || 'default')
  if (found) return found.arn
  throw new GroupRefused(
    `Template format error: Unresolved resource dependencies [${id}] in the Resources block of the template`,
  )
}

/** [DG:ebextensions: Fn::GetOptionSetting] Without a namespace it is a custom option. */
function setting(argument: unknown, { settings }: Scope): string {
  const { Namespace, OptionName, DefaultValue } = (argument ?? {}) as Readonly<Record<string, unknown>>
  const namespace = String(Namespace ?? 'aws:elasticbeanstalk:customoption')
  return option(settings, namespace, String(OptionName)) || String(DefaultValue ?? '')
}
