import { arnOf } from './arns.ts'
import { colourOf } from './health/colour.ts'
import { page } from './page.ts'
import type { Environment, Region, Status } from './region.ts'
import { isEnhanced } from './settings.ts'
import { platformArn } from './stacks.ts'

/** How long the dead stay listed, in ms. [DG:environment-management-rebuild] "up to an hour" */
const ghostMs = 3_600_000

/** `DescribeEnvironments`: eventually consistent, and with the dead unless it is told otherwise. [BC:elasticbeanstalk] */
export function describeEnvironments(region: Region, input: EnvironmentFilter) {
  const now = region.cloud.clock.now()
  const found = region.environments.filter(
    (environment) =>
      environment.visibleFrom <= now && fits(environment, input) && isListed(environment, input, now),
  )
  const { items, next } = page(found, input)
  return {
    Environments: items.map((environment) => {
      const { stale } = environment
      return stale && now < stale.until ? stale.description : describeEnvironment(region, environment)
    }),
    ...next,
  }
}

/** An EnvironmentDescription as things are. [BC:elasticbeanstalk EnvironmentDescription] */
export function describeEnvironment({ cloud }: Region, environment: Environment) {
  const { name, id, version, endpoint, cname, template, description, status, tier } = environment
  return {
    EnvironmentName: name,
    EnvironmentId: id,
    ApplicationName: environment.application,
    ...(version !== undefined && { VersionLabel: version }),
    SolutionStackName: environment.stack,
    PlatformArn: platformArn(cloud.region, environment.stack),
    ...(template !== undefined && { TemplateName: template }),
    ...(description !== undefined && { Description: description }),
    ...(endpoint !== undefined && { EndpointURL: endpoint }),
    ...(cname !== undefined && { CNAME: cname }),
    DateCreated: new Date(environment.createdAt),
    DateUpdated: new Date(environment.updatedAt),
    Status: status,
    AbortableOperationInProgress: environment.abortable !== undefined,
    Health: colourOf(environment.health.status),
    ...(isEnhanced(environment.settings) && { HealthStatus: environment.health.status }),
    Tier: describeTier(tier),
    EnvironmentLinks: [],
    ...(environment.operationsRole !== undefined && { OperationsRole: environment.operationsRole }),
    EnvironmentArn: arnOf(cloud, 'environment', environment.application, name),
  }
}

/** The tier as EnvironmentTier. [CLI:tests/unit/mock_responses.py] */
export const describeTier = (tier: Environment['tier']) =>
  tier === 'worker'
    ? { Name: 'Worker', Type: 'SQS/HTTP', Version: '1.0' }
    : { Name: 'WebServer', Type: 'Standard', Version: '1.0' }

/** Changes the status; for up to `staleReadsMs` DescribeEnvironments goes on answering what was before. */
export function changeStatus(region: Region, environment: Environment, status: Status): void {
  const { clock, random, switches } = region.cloud
  const until = clock.now() + random() * switches.staleReadsMs
  environment.stale = { description: describeEnvironment(region, environment), until }
  environment.status = status
  environment.updatedAt = clock.now()
}

interface EnvironmentFilter {
  readonly ApplicationName?: string
  readonly VersionLabel?: string
  readonly EnvironmentIds?: readonly string[]
  readonly EnvironmentNames?: readonly string[]
  readonly IncludeDeleted?: boolean
  readonly IncludedDeletedBackTo?: Date
  readonly MaxRecords?: number
  readonly NextToken?: string
}

function fits(environment: Environment, filter: EnvironmentFilter): boolean {
  const { EnvironmentIds: ids = [], EnvironmentNames: names = [] } = filter
  return (
    (filter.ApplicationName === undefined || environment.application === filter.ApplicationName) &&
    (filter.VersionLabel === undefined || environment.version === filter.VersionLabel) &&
    (ids.length === 0 || ids.includes(environment.id)) &&
    (names.length === 0 || names.includes(environment.name))
  )
}

function isListed({ terminatedAt }: Environment, filter: EnvironmentFilter, now: number): boolean {
  if (terminatedAt === undefined) return true
  if (filter.IncludeDeleted === false) return false
  const backTo = filter.IncludeDeleted === true ? filter.IncludedDeletedBackTo?.getTime() : undefined
  return terminatedAt >= (backTo ?? now - ghostMs)
}
