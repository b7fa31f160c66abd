import type { Environment, Machine, Region } from '../region.ts'
import { healthCheckPath, option } from '../settings.ts'

/** Checks in a row that make a target unhealthy. [DG:using-features.healthstatus] */
const unhealthyAfter = 5

/** Checks in a row that make an unhealthy target healthy again: HealthyThresholdCount. [DG:command-options-general] */
const healthyAfter = 3

/** Lets the load balancer check one machine and counts what it sees. The first success of a new target is enough. */
export async function checkMachine(
  region: Region,
  environment: Environment,
  machine: Machine,
): Promise<void> {
  const { deployment } = machine
  const status = await region.dataPlane.check(machine.id, healthCheckPath(environment.settings))
  // What was deployed meanwhile starts its count anew.
  if (machine.deployment !== deployment) return
  if (status !== undefined && isExpected(environment, status)) {
    machine.passed += 1
    machine.failed = 0
    if (machine.target === 'initial' || machine.passed >= healthyAfter) machine.target = 'healthy'
  } else {
    machine.failed += 1
    machine.passed = 0
    if (machine.failed >= unhealthyAfter) machine.target = 'unhealthy'
  }
}

function isExpected({ settings }: Environment, status: number): boolean {
  const matcher = option(settings, 'aws:elasticbeanstalk:environment:process:default', 'MatcherHTTPCode')
  return (matcher || '200').split(',').some((part) => {
    const [from = 200, to = from] = part.split('-').map(Number)
    return status >= from && status <= to
  })
}
