import type { Traffic } from '../../data-plane/data-plane.ts'
import type { Environment, Health, HealthStatus, Machine } from '../region.ts'
import { isEnhanced } from '../settings.ts'

/** Failed checks in a row, 10 s apart, after which an instance counts as failing: a minute. [DG:health-enhanced] */
export const failingAfter = 6

/** Fewer requests in the last minute tell nothing. */
const fewRequests = 10

/** What the checks and the traffic of the last minute say about an environment. */
export function judge(environment: Environment): Health {
  const machines = [...environment.machines.values()].filter((machine) => machine.registered)
  if (machines.length === 0) return { status: 'NoData', causes: ['There are no instances.'] }
  const findings = isEnhanced(environment.settings)
    ? [ofInstances(machines), ofVersions(environment, machines), judgeTraffic(environment.traffic)]
    : [ofTargets(machines)]
  return findings.reduce(join, { status: 'Ok', causes: [] })
}

/** What the agent on one instance reports. */
export function judgeMachine(environment: Environment, machine: Machine): Health {
  if (machine.deployment.status === 'In Progress') {
    return { status: 'Pending', causes: ['Performing application deployment.'] }
  }
  const failing: Health =
    machine.failed >= failingAfter
      ? { status: 'Severe', causes: ['ELB health is failing or not available for this instance.'] }
      : { status: 'Ok', causes: [] }
  if (!environment.failed || machine.version === environment.version) return failing
  const { id } = machine.deployment
  const cause = `Incorrect application version "${machine.version}" (deployment ${id}). Expected version "${environment.version}".`
  return join(failing, { status: 'Degraded', causes: [cause] })
}

/** Whether a status is worse than another. */
export function worse(one: HealthStatus, than: HealthStatus): boolean {
  return severity.indexOf(one) > severity.indexOf(than)
}

/** From best to worst. */
const severity: readonly HealthStatus[] = [
  'Ok',
  'Info',
  'Pending',
  'Unknown',
  'Suspended',
  'NoData',
  'Warning',
  'Degraded',
  'Severe',
]

function join(one: Health, other: Health): Health {
  return {
    status: worse(other.status, one.status) ? other.status : one.status,
    causes: [...one.causes, ...other.causes],
  }
}

function ofInstances(machines: readonly Machine[]): Health {
  const failing = machines.filter((machine) => machine.failed >= failingAfter).length
  if (failing === 0) return { status: 'Ok', causes: [] }
  if (failing === machines.length) {
    return { status: 'Severe', causes: ['ELB health is failing or not available for all instances.'] }
  }
  const status = failing * 2 >= machines.length ? 'Degraded' : 'Warning'
  return { status, causes: [`Impaired services on ${failing} out of ${machines.length} instances.`] }
}

function ofVersions(environment: Environment, machines: readonly Machine[]): Health {
  if (!environment.failed) return { status: 'Ok', causes: [] }
  const wrong = machines.filter((machine) => machine.version !== environment.version).length
  if (wrong === 0) return { status: 'Degraded', causes: ['Application deployment failed.'] }
  const where = wrong === machines.length ? 'all instances' : `${wrong} out of ${machines.length} instances`
  const expected = `Expected version "${environment.version}" (deployment ${environment.deployments - 1}).`
  return { status: 'Degraded', causes: [`Incorrect application version found on ${where}. ${expected}`] }
}

/** What the answers to requests say; fewer than ten say nothing. */
export function judgeTraffic(minute: readonly Traffic[]): Health {
  const sum = (count: (traffic: Traffic) => number) => minute.reduce((total, one) => total + count(one), 0)
  const requests = sum((traffic) => traffic.requests)
  if (requests < fewRequests) return { status: 'Ok', causes: [] }
  return join(
    ofShare(sum((traffic) => traffic.status4xx) / requests, '4xx'),
    ofShare(sum((traffic) => traffic.status5xx) / requests, '5xx'),
  )
}

function ofShare(share: number, what: '4xx' | '5xx'): Health {
  const causes = [`${(share * 100).toFixed(1)} % of the requests are failing with HTTP ${what}.`]
  if (share >= 0.5) return { status: 'Severe', causes }
  if (share >= 0.2) return { status: 'Degraded', causes }
  if (share > 0.05) return { status: 'Warning', causes }
  return { status: 'Ok', causes: [] }
}

function ofTargets(machines: readonly Machine[]): Health {
  const unhealthy = machines.filter((machine) => machine.target === 'unhealthy').length
  if (unhealthy === 0) return { status: 'Ok', causes: [] }
  return { status: unhealthy === machines.length ? 'Severe' : 'Warning', causes: [] }
}
