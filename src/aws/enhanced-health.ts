import {
  type ApplicationMetrics,
  DescribeEnvironmentHealthCommand,
  type DescribeEnvironmentHealthResult,
  DescribeInstancesHealthCommand,
  type DescribeInstancesHealthResult,
  type EnvironmentHealthAttribute,
} from '@aws-sdk/client-elastic-beanstalk'
import type { EnhancedHealth, RequestRate } from '../deployment/ports.ts'
import type { Clients } from './clients.ts'
import { reading } from './errors.ts'
import { meaning } from './trouble.ts'

/** Version labels by instance, of those that say one; undefined with basic health reporting. */
export async function versionsOnInstances(
  clients: Clients,
  id: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const labels: Record<string, string> = {}
  let page: string | undefined
  do {
    const answer = await describeInstances(clients, id, page)
    if (!answer) return undefined
    for (const { InstanceId, Deployment } of answer.InstanceHealthList ?? [])
      if (InstanceId && Deployment?.VersionLabel) labels[InstanceId] = Deployment.VersionLabel
    page = answer.NextToken
  } while (page)
  return labels
}

/** Why the environment's health is what it is; empty with basic health reporting. */
export async function causesOf(clients: Clients, id: string): Promise<readonly string[]> {
  return (await describeHealth(clients, id, 'Causes'))?.Causes ?? []
}

/**
 * Undefined with basic health reporting. `RequestCount` is a rate already: "requests handled per second over the last
 * 10 seconds". [DG:health-enhanced-metrics] [BC:elasticbeanstalk ApplicationMetrics] (A.14)
 */
export async function requestRateOf(clients: Clients, id: string): Promise<RequestRate | undefined> {
  const metrics = (await describeHealth(clients, id, 'ApplicationMetrics'))?.ApplicationMetrics
  if (!metrics) return undefined
  return { perSecond: metrics.RequestCount ?? 0 }
}

/** What `DescribeEnvironmentHealth` says in one call; undefined with basic health reporting. (A.14) */
export async function enhancedHealthOf(clients: Clients, id: string): Promise<EnhancedHealth | undefined> {
  const answer = await describeHealth(clients, id, 'ApplicationMetrics', 'InstancesHealth', 'Causes')
  if (!answer) return undefined
  const counts: readonly unknown[] = Object.values(answer.InstancesHealth ?? {})
  return {
    ...trafficIn(answer.ApplicationMetrics),
    instances: counts.reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0),
    causes: answer.Causes ?? [],
  }
}

/**
 * `RequestCount` is a whole number per second: what is less than half a request is none. The status codes are counts of ten
 * seconds for the developer guide and per cent for the API's model; where they do not add up to a hundred they are counts,
 * and tell more exactly. [DG:health-enhanced-metrics] [BC:elasticbeanstalk StatusCodes] (A.14)
 */
function trafficIn(
  metrics: ApplicationMetrics | undefined,
): Pick<EnhancedHealth, 'perSecond' | 'serverErrorShare'> {
  const { Status2xx = 0, Status3xx = 0, Status4xx = 0, Status5xx = 0 } = metrics?.StatusCodes ?? {}
  const answers = Status2xx + Status3xx + Status4xx + Status5xx
  const mayBePercent = answers >= 98 && answers <= 102
  return {
    perSecond: answers === 0 || mayBePercent ? (metrics?.RequestCount ?? 0) : answers / 10,
    serverErrorShare: answers === 0 ? 0 : (100 * Status5xx) / answers,
  }
}

const describeHealth = (
  clients: Clients,
  id: string,
  ...attributes: EnvironmentHealthAttribute[]
): Promise<DescribeEnvironmentHealthResult | undefined> =>
  reading({ to: `read the health of ${id}`, action: 'elasticbeanstalk:DescribeEnvironmentHealth' }, () =>
    clients.beanstalk
      .send(new DescribeEnvironmentHealthCommand({ EnvironmentId: id, AttributeNames: attributes }))
      .catch(meaning(undefined, NOT_SUPPORTED)),
  )

const describeInstances = (
  clients: Clients,
  id: string,
  page: string | undefined,
): Promise<DescribeInstancesHealthResult | undefined> =>
  reading(
    { to: `read the health of the instances of ${id}`, action: 'elasticbeanstalk:DescribeInstancesHealth' },
    () =>
      clients.beanstalk
        .send(
          new DescribeInstancesHealthCommand({
            EnvironmentId: id,
            AttributeNames: ['Deployment'],
            ...(page ? { NextToken: page } : {}),
          }),
        )
        .catch(meaning(undefined, NOT_SUPPORTED)),
  )

/** `DescribeEnvironmentHealth is not supported.`: health reporting is basic. [CLI:strings.py] [BC:elasticbeanstalk] (A.3) */
const NOT_SUPPORTED = 'InvalidRequestException'
