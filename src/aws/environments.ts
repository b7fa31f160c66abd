import { DescribeEnvironmentsCommand, type EnvironmentDescription } from '@aws-sdk/client-elastic-beanstalk'
import type { Environment, EnvironmentStatus, Health } from '../deployment/environment.ts'
import type { Clients } from './clients.ts'
import { reading } from './errors.ts'

/** Which environments: by name or by id. */
export type Which = { readonly names: readonly string[] } | { readonly ids: readonly string[] } | 'all'

/**
 * The application's environments as Beanstalk describes them now. Terminated ones are listed for an hour and more
 * unless they are asked to be left out, beside a new one of the same name. [A.12]
 */
export async function describeEnvironments(
  { clients, application }: { readonly clients: Clients; readonly application: string },
  which: Which,
): Promise<readonly Environment[]> {
  const filter = filterOf(which)
  const wanted = filter.EnvironmentNames ?? filter.EnvironmentIds
  if (wanted?.length === 0) return []
  const { Environments = [] } = await reading(
    {
      to: `describe ${wanted?.join(' and ') ?? `the environments of ${application}`}`,
      action: 'elasticbeanstalk:DescribeEnvironments',
    },
    () =>
      clients.beanstalk.send(
        new DescribeEnvironmentsCommand({
          ApplicationName: application,
          IncludeDeleted: false,
          ...filter,
        }),
      ),
  )
  return Environments.filter(({ Status }) => Status !== 'Terminated').map(toEnvironment)
}

function filterOf(which: Which): { EnvironmentNames?: string[]; EnvironmentIds?: string[] } {
  if (which === 'all') return {}
  return 'names' in which ? { EnvironmentNames: [...which.names] } : { EnvironmentIds: [...which.ids] }
}

function toEnvironment(from: EnvironmentDescription): Environment {
  return {
    id: from.EnvironmentId ?? '',
    name: from.EnvironmentName ?? '',
    status: from.Status as EnvironmentStatus,
    health: healthOf(from),
    cname: from.CNAME?.toLowerCase(),
    endpoint: from.EndpointURL,
    version: from.VersionLabel,
    tier: from.Tier?.Name === 'Worker' ? 'Worker' : 'WebServer',
    description: from.Description ?? '',
    platform: from.PlatformArn ?? from.SolutionStackName,
    created: from.DateCreated?.getTime(),
    updated: (from.DateUpdated ?? from.DateCreated)?.getTime() ?? 0,
  }
}

/**
 * One health out of two fields: `HealthStatus` where health reporting is enhanced, else the colour.
 * [DG:health-enhanced-status] (A.1)
 */
export function healthOf({
  HealthStatus,
  Health,
}: Pick<EnvironmentDescription, 'HealthStatus' | 'Health'>): Health {
  const status: string | undefined = HealthStatus
  switch (status) {
    case 'Ok':
    case 'Info':
      return 'Ok'
    case 'Warning':
    case 'Degraded':
    case 'Severe':
      return status
    case 'NoData':
    case 'No Data':
    case 'Unknown':
    case 'Pending':
    case 'Suspended':
      return 'unknown'
    default:
      return ofColour(Health)
  }
}

function ofColour(colour: string | undefined): Health {
  switch (colour) {
    case 'Green':
      return 'Ok'
    case 'Yellow':
      return 'Warning'
    case 'Red':
      return 'Severe'
    default:
      return 'unknown'
  }
}
