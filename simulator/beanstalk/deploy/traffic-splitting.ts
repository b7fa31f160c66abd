import type { Group } from '../../auto-scaling/group.ts'
import { splitTraffic } from '../front.ts'
import { show } from '../operation.ts'
import type { Machine } from '../region.ts'
import { option, type Settings } from '../settings.ts'
import { Aborted, timeline, timelineFrom } from '../timeline.ts'
import type { Ending, Job } from './job.ts'
import { abandon, bringUp, type Groups, makeTemporaryGroup, replace } from './new-instances.ts'
import { ignoresHealth, staysHealthy } from './pass-health.ts'

/**
 * TrafficSplitting: as many new instances as there are old ones, in a temporary group; when they are healthy they get a share of
 * the requests for the evaluation time, then all of them. A failure or an abort gives everything back to the old ones and
 * ends the new ones. [DG:using-features.rolling-version-deploy] Lines and durations are modelled on Immutable (assumed).
 */
export async function deployTrafficSplitting(job: Job): Promise<Ending> {
  const { region, environment, line } = job
  const permanent = environment.group
  if (!permanent) return 'failed'
  const old = [...permanent.instances]
  const until = timeline(region, 1, job.signal)
  await show(region, environment, {
    status: 'Info',
    causes: [`Application update in progress (running for 3 seconds).`],
    judged: true,
  })
  await until(11)
  line.info('Traffic splitting deployment policy enabled. Launching new instances.')
  await until(27)
  const temporary = makeTemporaryGroup(job, Math.max(1, old.length))
  try {
    if (!(await proveNew(job, { permanent, temporary, old, until }))) {
      return await goBack(job, temporary)
    }
  } catch (error) {
    if (!(error instanceof Aborted)) throw error
    await goBack(job, temporary)
    return 'aborted'
  }
  line.info('Evaluation completed successfully. Shifting all traffic to the new instances.')
  share(job, temporary.instances, 100)
  // What the log of an immutable deployment begins at second 481 begins now.
  await replace(job, { permanent, temporary, old, until: timelineFrom(region, 481) })
  splitTraffic(region, environment, undefined)
  return 'succeeded'
}

const isOf = ({ instances }: Group, { id }: Machine) => instances.some((one) => one.id === id)

/** The share (per cent) and the time (minutes) of `aws:elasticbeanstalk:trafficsplitting`. [DG:command-options-general] */
export function splittingOf(settings: Settings): { readonly percent: number; readonly minutes: number } {
  const number = (name: string) => Number(option(settings, 'aws:elasticbeanstalk:trafficsplitting', name))
  return { percent: number('NewVersionPercent') || 10, minutes: number('EvaluationTime') || 5 }
}

async function proveNew(job: Job, { temporary, until }: Groups): Promise<boolean> {
  const { environment, line, fault } = job
  const { percent, minutes } = splittingOf(job.settings)
  const { instances } = temporary
  share(job, instances, 0)
  await until(95)
  if (!(await bringUp(job, instances, () => until(104))) || fault) return false
  line.info(
    `Shifting ${percent}% of the traffic to the new instances. Evaluating their health for ${minutes} minute(s).`,
  )
  share(job, instances, percent)
  const machines = [...environment.machines.values()].filter((machine) => isOf(temporary, machine))
  if (await staysHealthy({ ...job, machines }, minutes * 60_000)) return true
  line.error('The new instances did not stay healthy during the evaluation time.')
  return ignoresHealth(job)
}

function share({ region, environment }: Job, instances: readonly { readonly id: string }[], percent: number) {
  splitTraffic(region, environment, { percent, instances: new Set(instances.map(({ id }) => id)) })
}

async function goBack(job: Job, temporary: Group): Promise<Ending> {
  const { region, environment, line } = job
  const { split } = environment
  if (split) {
    line.info('Shifting all traffic back to the old instances.')
    splitTraffic(region, environment, { ...split, percent: 0 })
  }
  const ending = await abandon(job, temporary)
  splitTraffic(region, environment, undefined)
  return ending
}
