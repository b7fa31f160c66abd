import { AwsError } from '../../cloud.ts'
import type { Traffic } from '../../data-plane/data-plane.ts'
import { invalid } from '../errors.ts'
import { type EnvironmentName, findEnvironment } from '../find.ts'
import { page } from '../page.ts'
import type { Environment, HealthStatus, Machine, Region } from '../region.ts'
import { isEnhanced } from '../settings.ts'
import { colourOf } from './colour.ts'
import { judgeMachine } from './judge.ts'

/**
 * `DescribeEnvironmentHealth`: refused with basic health. `Status` is the operational status, although the model types it
 * as health. [CLI:tests/unit/mock_responses.py:3697] [CLI:strings.py]
 */
export function describeEnvironmentHealth(region: Region, input: HealthInput) {
  const environment = findEnhanced(region, input, 'DescribeEnvironmentHealth')
  const { AttributeNames: names = [] } = input
  const has = (name: string) => names.includes(name) || names.includes('All')
  const { health } = environment
  return {
    EnvironmentName: environment.name,
    ...(has('HealthStatus') && { HealthStatus: health.status }),
    ...(has('Status') && { Status: environment.status }),
    ...(has('Color') && { Color: colourOf(health.status) }),
    ...(has('Causes') && { Causes: health.causes }),
    ...(has('ApplicationMetrics') && {
      ApplicationMetrics: metrics(region.dataPlane.traffic(environment.id)),
    }),
    ...(has('InstancesHealth') && { InstancesHealth: summary(environment) }),
    ...(has('RefreshedAt') && { RefreshedAt: new Date(region.cloud.clock.now()) }),
  }
}

/** `DescribeInstancesHealth`: the only place where a mixed fleet shows. [BC:elasticbeanstalk] */
export function describeInstancesHealth(
  region: Region,
  input: HealthInput & { readonly NextToken?: string },
) {
  const environment = findEnhanced(region, input, 'DescribeInstancesHealth')
  const { AttributeNames: names = [] } = input
  const has = (name: string) => names.includes(name) || names.includes('All')
  const instances = [...environment.machines.values()].map((machine) => {
    const health = judgeMachine(environment, machine)
    const instance = environment.group?.instances.find(({ id }) => id === machine.id)
    return {
      InstanceId: machine.id,
      ...(has('HealthStatus') && { HealthStatus: health.status }),
      ...(has('Color') && { Color: colourOf(health.status) }),
      ...(has('Causes') && { Causes: health.causes }),
      ...(has('LaunchedAt') && instance && { LaunchedAt: new Date(instance.launchedAt) }),
      ...(has('System') && {
        System: { LoadAverage: [0.1, 0.1, 0.1], CPUUtilization: { User: 2.1, Idle: 97.9 } },
      }),
      ...(has('Deployment') && machine.version !== undefined && { Deployment: deployment(machine) }),
      ...(has('AvailabilityZone') && instance && { AvailabilityZone: instance.zone }),
      ...(has('InstanceType') && { InstanceType: 't3.micro' }),
    }
  })
  const { items, next } = page(instances, { MaxRecords: pageSize, NextToken: input.NextToken })
  return { InstanceHealthList: items, RefreshedAt: new Date(region.cloud.clock.now()), ...next }
}

/** Instances on a page; how many the service gives is not documented. */
const pageSize = 100

interface HealthInput extends EnvironmentName {
  readonly AttributeNames?: readonly string[]
}

function findEnhanced(region: Region, input: HealthInput, operation: string): Environment {
  if (input.EnvironmentId === undefined && input.EnvironmentName === undefined) {
    throw invalid('Either EnvironmentName or EnvironmentId must be specified.')
  }
  const environment = findEnvironment(region, input)
  if (isEnhanced(environment.settings)) return environment
  throw new AwsError('InvalidRequestException', `${operation} is not supported.`)
}

function metrics({ requests, latencies, status2xx, status3xx, status4xx, status5xx }: Traffic) {
  const slowest = [...latencies].sort((a, b) => b - a)
  // Not a percentile: the mean of the slowest part. [DG:health-enhanced-metrics]
  const mean = (percent: number) => {
    const part = slowest.slice(0, Math.max(1, Math.ceil((slowest.length * (100 - percent)) / 100)))
    return part.reduce((sum, one) => sum + one, 0) / part.length
  }
  return {
    Duration: 10,
    RequestCount: Math.round(requests / 10),
    ...(requests > 0 && {
      StatusCodes: { Status2xx: status2xx, Status3xx: status3xx, Status4xx: status4xx, Status5xx: status5xx },
    }),
    ...(slowest.length > 0 && {
      Latency: {
        P999: mean(99.9),
        P99: mean(99),
        P95: mean(95),
        P90: mean(90),
        P85: mean(85),
        P75: mean(75),
        P50: mean(50),
        P10: mean(10),
      },
    }),
  }
}

function summary(environment: Environment) {
  const statuses = [...environment.machines.values()].map(
    (machine) => judgeMachine(environment, machine).status,
  )
  const count = (status: HealthStatus) => statuses.filter((one) => one === status).length
  return {
    NoData: count('NoData'),
    Unknown: count('Unknown'),
    Pending: count('Pending'),
    Ok: count('Ok'),
    Info: count('Info'),
    Warning: count('Warning'),
    Degraded: count('Degraded'),
    Severe: count('Severe'),
  }
}

function deployment({ version, deployment: { id, status, at } }: Machine) {
  return { VersionLabel: version, DeploymentId: id, Status: status, DeploymentTime: new Date(at) }
}
