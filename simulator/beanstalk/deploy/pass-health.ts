import { failingAfter, judgeTraffic, worse } from '../health/judge.ts'
import type { HealthStatus, Machine } from '../region.ts'
import { isEnhanced, option } from '../settings.ts'
import { pause } from '../timeline.ts'
import type { Job } from './job.ts'

/** Between two checks of a batch, in ms. [DG:health-enhanced] */
const everyMs = 10_000

/** What a deployment needs to wait for the health of a batch. */
export type Batch = Pick<Job, 'region' | 'environment' | 'settings' | 'signal'> & {
  readonly machines: readonly Machine[]
}

/**
 * Waits until a batch is healthy: 12 checks in a row (18 of a worker) that are no worse than HealthCheckSuccessThreshold; with
 * basic health reporting, when the load balancer finds all of it healthy. False after the command timeout, which is 240 s longer
 * than the option says. [DG:using-features.rolling-version-deploy] [DG:command-options-general]
 */
export async function passHealth(batch: Batch): Promise<boolean> {
  const { clock } = batch.region.cloud
  const needed = checksInARow(batch)
  const check = checkOf(batch)
  const end = clock.now() + commandTimeoutMs(batch)
  let passed = 0
  while (passed < needed) {
    if (clock.now() >= end) return false
    await pause(clock, everyMs, batch.signal)
    passed = check() ? passed + 1 : 0
  }
  return true
}

/** Watches a batch for so many ms; false as soon as it is worse than HealthCheckSuccessThreshold. */
export async function staysHealthy(batch: Batch, ms: number): Promise<boolean> {
  const { clock } = batch.region.cloud
  const check = checkOf(batch)
  const end = clock.now() + ms
  while (clock.now() < end) {
    await pause(clock, Math.min(everyMs, end - clock.now()), batch.signal)
    if (!check()) return false
  }
  return true
}

/** Whether a deployment goes on after a batch that does not become healthy: IgnoreHealthCheck. [DG:command-options-general] */
export function ignoresHealth({ settings }: Pick<Job, 'settings'>): boolean {
  return option(settings, 'aws:elasticbeanstalk:command', 'IgnoreHealthCheck') === 'true'
}

function commandTimeoutMs({ settings }: Batch): number {
  const seconds = Number(option(settings, 'aws:elasticbeanstalk:command', 'Timeout')) || 600
  return (seconds + 240) * 1_000
}

function checksInARow({ settings, environment }: Batch): number {
  if (!isEnhanced(settings)) return 1
  return environment.tier === 'worker' ? 18 : 12
}

/** Each call is one check; what requests said is remembered for a minute. */
function checkOf(batch: Batch): () => boolean {
  const { region, environment, machines, settings } = batch
  const present = () => machines.filter(({ id }) => environment.machines.has(id))
  if (!isEnhanced(settings)) return () => present().every(({ target }) => target === 'healthy')
  const most = thresholdOf(batch)
  const minute: ReturnType<typeof region.dataPlane.traffic>[][] = []
  return () => {
    minute.push(present().map(({ id }) => region.dataPlane.trafficOf(id)))
    if (minute.length > 6) minute.shift()
    const found = [judgeTraffic(minute.flat()).status, ...present().map(statusOf)]
    return !worse(found.reduce(worst, 'Ok'), most)
  }
}

/** One failed check is no verdict on an instance that runs, but it interrupts a row. */
function statusOf({ deployment, failed }: Machine): HealthStatus {
  if (deployment.status !== 'Deployed') return 'Severe'
  if (failed >= failingAfter) return 'Severe'
  return failed > 0 ? 'Warning' : 'Ok'
}

const worst = (one: HealthStatus, other: HealthStatus): HealthStatus => (worse(one, other) ? one : other)

function thresholdOf({ settings }: Batch): HealthStatus {
  const namespace = 'aws:elasticbeanstalk:healthreporting:system'
  switch (option(settings, namespace, 'HealthCheckSuccessThreshold')) {
    case 'Warning':
      return 'Warning'
    case 'Degraded':
      return 'Degraded'
    case 'Severe':
      return 'Severe'
    default:
      return 'Ok'
  }
}
