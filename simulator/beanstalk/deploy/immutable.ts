import { launchPending } from '../group.ts'
import { show } from '../operation.ts'
import { Aborted, timeline } from '../timeline.ts'
import type { Ending, Job } from './job.ts'
import { abandon, bringUp, type Groups, makeTemporaryGroup, replace } from './new-instances.ts'

/**
 * Immutable: a temporary group of new instances beside the old ones, which go only when the new ones are healthy; 18 min
 * for three instances, 10 min for one. What fails leaves the old instances as they were [log], and so does an abort (assumed).
 */
export async function deployImmutable(job: Job): Promise<Ending> {
  const { region, environment, line } = job
  const permanent = environment.group
  if (!permanent) return 'failed'
  const old = [...permanent.instances]
  const count = Math.max(1, old.length)
  const until = timeline(region, Math.min(1, (600 + (count - 1) * 245) / 1_090), job.signal)
  await show(region, environment, {
    status: 'Info',
    causes: [`Application update in progress (running for 3 seconds).`],
    judged: true,
  })
  await until(11)
  line.info(
    'Immutable deployment policy enabled. Launching one instance with the new settings to verify health.',
  )
  await until(27)
  const groups: Groups = { permanent, temporary: makeTemporaryGroup(job, 1), old, until }
  try {
    if (!(await launchAll(job, groups, count))) return abandon(job, groups.temporary)
  } catch (error) {
    if (!(error instanceof Aborted)) throw error
    await abandon(job, groups.temporary)
    return 'aborted'
  }
  await replace(job, groups)
  return 'succeeded'
}

async function launchAll(job: Job, { temporary, until }: Groups, count: number): Promise<boolean> {
  const { region, line, fault } = job
  await until(95)
  if (!(await bringUp(job, [...temporary.instances], () => until(104))) || fault) return false
  line.info('Test instance passed health checks. Launching remaining new instances.')
  await until(244)
  const rest = launchPending(region, temporary, count - 1)
  temporary.desired = count
  if (rest.length > 0) {
    await until(335)
    line.info('Successfully launched all instances.')
    if (!(await bringUp(job, rest, () => until(366)))) return false
  }
  await until(481)
  return true
}
