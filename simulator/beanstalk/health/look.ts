import { shrinkWhenIdle } from '../../auto-scaling/shrink.ts'
import { say } from '../events.ts'
import { refreshFront } from '../front.ts'
import type { Environment, Health, Region } from '../region.ts'
import { isEnhanced } from '../settings.ts'
import { checkMachine } from './check-machine.ts'
import { colourOf } from './colour.ts'
import { judge, worse } from './judge.ts'

/** Between two looks, in ms. [DG:health-enhanced] */
const everyMs = 10_000

/** Requests a second and instance below which traffic is low: less than 2,000,000 bytes in five minutes. */
const lowRate = 1

/** Looks after an environment every ten seconds until it is terminated. */
export function watch(region: Region, environment: Environment): void {
  const { clock } = region.cloud
  const { life } = environment
  const again = () => {
    clock.at(clock.now() + everyMs, () => {
      if (environment.status === 'Terminated' || environment.life !== life) return
      measureTraffic(region, environment)
      void look(region, environment).then(again)
    })
  }
  again()
}

/** Checks every instance once and judges the environment anew; `note` ends the line that says so, if it is well. */
export async function look(region: Region, environment: Environment, note?: string): Promise<void> {
  if (!environment.out) {
    const machines = [...environment.machines.values()].filter((machine) => machine.registered)
    await Promise.all(machines.map((machine) => checkMachine(region, environment, machine)))
    refreshFront(region, environment)
  }
  setHealth(region, environment, { ...healthOf(region, environment), note })
}

/** Changes the health and says so when its status is another. These lines have no RequestId. [CLI:tests/unit/mock_responses.py] */
function setHealth(
  region: Region,
  environment: Environment,
  { note, ...health }: Health & { readonly note: string | undefined },
): void {
  const before = environment.health.status
  environment.health = health
  if (before === health.status || environment.status === 'Terminated') return
  const colour = colourOf(health.status)
  const severity = colour === 'Red' || colour === 'Yellow' ? 'WARN' : 'INFO'
  if (isEnhanced(environment.settings)) {
    const why = health.status === 'Ok' && note !== undefined ? [note] : health.causes
    const causes = ['', ...why].join(' ')
    const message = `Environment health has transitioned from ${before} to ${health.status}.${causes}`
    say(region, environment, { message, severity })
  } else if (colour !== colourOf(before)) {
    say(region, environment, {
      message: `Environment health has been set to ${colour.toUpperCase()}`,
      severity,
    })
  }
}

function healthOf(region: Region, environment: Environment): Health {
  const { shown } = environment
  if (shown && !shown.judged) return shown.health
  const judged = faulty(region, environment) ?? judge(environment)
  return shown && !worse(judged.status, 'Info') ? shown.health : judged
}

function faulty({ cloud }: Region, environment: Environment): Health | undefined {
  const strikes = (fault: 'never-healthy' | 'health-flaps') =>
    cloud.faults.strikeEnvironment(fault, {
      environment: environment.name,
      version: environment.version,
      peek: true,
    })
  const flapped = strikes('health-flaps') && Math.floor(cloud.clock.now() / 30_000) % 2 === 1
  if (!flapped && !strikes('never-healthy')) return undefined
  return { status: 'Severe', causes: ['ELB health is failing or not available for all instances.'] }
}

function measureTraffic(region: Region, environment: Environment): void {
  const { traffic, group } = environment
  const last = region.dataPlane.traffic(environment.id)
  traffic.push(last)
  if (traffic.length > 6) traffic.shift()
  const rate = last.requests / 10 / Math.max(1, environment.targets.length)
  environment.idleSince = rate < lowRate ? (environment.idleSince ?? region.cloud.clock.now()) : undefined
  // Beanstalk suspends scaling while it works on an environment.
  if (group && !environment.busy) shrinkWhenIdle(region.cloud, group, environment.idleSince)
}
