import type { Group, Instance } from '../../auto-scaling/group.ts'
import { endInstance } from '../../auto-scaling/scale.ts'
import { launchPending } from '../group.ts'
import { show } from '../operation.ts'
import { timeline } from '../timeline.ts'
import { batchSize } from './batches.ts'
import type { Ending, Job } from './job.ts'
import { bringUp } from './new-instances.ts'
import { rollThrough } from './rolling.ts'

/**
 * RollingWithAdditionalBatch: a batch of new instances first, so that the capacity stays whole while the old ones are deployed to
 * batch after batch; it is ended when all is done. [DG:using-features.rolling-version-deploy] The lines about it are assumed.
 */
export async function deployRollingWithAdditionalBatch(job: Job): Promise<Ending> {
  const { region, environment, line, signal } = job
  const { group } = environment
  if (!group) return 'failed'
  const machines = [...environment.machines.values()]
  const until = timeline(region, 1, signal)
  await show(region, environment, {
    status: 'Info',
    causes: [`Application update in progress on ${machines.length} instance(s).`],
    judged: true,
  })
  await until(6)
  const size = batchSize(job.settings, machines.length)
  line.info(
    `Rolling with additional batch deployment policy enabled. Launching a new batch of ${size} additional instance(s).`,
  )
  const { max } = group
  group.desired += size
  group.max = Math.max(max, group.desired)
  const extra = launchPending(region, group, size)
  try {
    await until(120)
    if (!(await bringUp(job, extra, () => until(130)))) {
      line.error('Failed to deploy application.')
      return 'reverted'
    }
    line.info('Deploying new version to instance(s).')
    const ending = await rollThrough(job, machines)
    job.cleanUp()
    return ending
  } finally {
    await end(job, { group, extra, max })
  }
}

/** Without the batch the group is as large as before, whatever the deployment came to. */
async function end(
  { line }: Job,
  { group, extra, max }: { readonly group: Group; readonly extra: readonly Instance[]; readonly max: number },
): Promise<void> {
  line.info('Terminating the additional batch of instances.')
  const present = extra.filter((instance) => group.instances.includes(instance))
  group.desired = Math.max(group.min, group.desired - extra.length)
  group.max = max
  await Promise.all(present.map((instance) => endInstance(group, instance)))
}
