import type { TemplateSpecification } from '../wire/private-members.ts'
import { findEnvironment } from './find.ts'
import type { Environment, Region } from './region.ts'
import { type Base, baseOfEnvironment } from './templates.ts'

/**
 * What `eb clone` is made from: it names the environment by a parameter that the public API does not have.
 * [CLI:ebcli/lib/elasticbeanstalk.py] The security group that was generated for the one does not come along to the other:
 * cloning, swapping and terminating the original is the documented way. [DG:using-features.CNAMESwap]
 */
export function cloneOf(
  region: Region,
  { TemplateSpecification }: { readonly TemplateSpecification?: TemplateSpecification },
): (Base & Pick<Environment, 'tier'>) | undefined {
  const EnvironmentName = TemplateSpecification?.TemplateSource?.EnvironmentName
  if (EnvironmentName === undefined) return undefined
  const { id, tier } = findEnvironment(region, { EnvironmentName })
  const base = baseOfEnvironment(region, { EnvironmentName })
  const settings = [...base.settings].map(([key, value]): [string, string] => [
    key,
    key.endsWith('|SecurityGroups') ? without(value, `awseb-${id}-`) : value,
  ])
  return { ...base, tier, settings: new Map(settings) }
}

const without = (groups: string, generated: string) =>
  groups
    .split(',')
    .filter((group) => !group.startsWith(generated))
    .join(',')
