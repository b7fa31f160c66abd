import { AwsError } from '../cloud.ts'
import type { Region } from './region.ts'

/** How many of a kind an account may have in a region, all applications together. */
export interface Quotas {
  readonly applications: number
  readonly applicationVersions: number
  readonly configurationTemplates: number
  readonly environments: number
  readonly customPlatforms: number
}

/** What an account has when nobody asked for more. [GR] */
export const defaultQuotas: Quotas = {
  applications: 75,
  applicationVersions: 1_000,
  configurationTemplates: 2_000,
  environments: 200,
  customPlatforms: 50,
}

/** `DescribeAccountAttributes`. [BC:elasticbeanstalk ResourceQuotas] */
export function describeAccountAttributes({ quotas }: Region) {
  return {
    ResourceQuotas: {
      ApplicationQuota: { Maximum: quotas.applications },
      ApplicationVersionQuota: { Maximum: quotas.applicationVersions },
      ConfigurationTemplateQuota: { Maximum: quotas.configurationTemplates },
      EnvironmentQuota: { Maximum: quotas.environments },
      CustomPlatformQuota: { Maximum: quotas.customPlatforms },
    },
  }
}

/** A kind of thing that a quota counts, as its error names it. */
export type Counted = 'Applications' | 'Application Versions' | 'Configuration Templates' | 'Environments'

/**
 * Refuses one more of a kind when there are as many as the account may have; terminated environments do not count. The
 * text is known of versions [issue boto/boto3#920]; of the others it is assumed.
 */
export function requireRoom(region: Region, what: Counted): void {
  const { used, most } = usageOf(region, what)
  if (used < most) return
  throw new AwsError(
    `TooMany${what.replace(' ', '')}Exception`,
    `You cannot have more than ${most} ${what}. Either remove some ${what} or request a limit increase.`,
  )
}

function usageOf(
  { applications, environments, quotas }: Region,
  what: Counted,
): { readonly used: number; readonly most: number } {
  const all = [...applications.values()]
  switch (what) {
    case 'Applications':
      return { used: all.length, most: quotas.applications }
    case 'Application Versions':
      return { used: sum(all.map(({ versions }) => versions.size)), most: quotas.applicationVersions }
    case 'Configuration Templates':
      return { used: sum(all.map(({ templates }) => templates.size)), most: quotas.configurationTemplates }
    case 'Environments':
      return {
        used: environments.filter(({ status }) => status !== 'Terminated').length,
        most: quotas.environments,
      }
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
