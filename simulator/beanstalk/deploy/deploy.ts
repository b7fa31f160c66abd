import { register } from '../fleet.ts'
import { option } from '../settings.ts'
import { Aborted } from '../timeline.ts'
import { deployAllAtOnce } from './all-at-once.ts'
import { deployImmutable } from './immutable.ts'
import { type Ending, type Job, sayMixed } from './job.ts'
import { deployRolling } from './rolling.ts'
import { deployRollingWithAdditionalBatch } from './rolling-with-additional-batch.ts'
import { deployTrafficSplitting } from './traffic-splitting.ts'

/**
 * Deploys by the policy of the configuration that is deployed with it. [DG:using-features.rolling-version-deploy] One instance
 * cannot be deployed to in batches [DG:using-features.deploy-existing-version]: it is AllAtOnce then (assumed).
 */
export async function deploy(job: Job): Promise<Ending> {
  try {
    switch (option(job.settings, 'aws:elasticbeanstalk:command', 'DeploymentPolicy')) {
      case 'Immutable':
        return await deployImmutable(job)
      case 'TrafficSplitting':
        return await deployTrafficSplitting(job)
      case 'Rolling':
        return await (job.environment.single ? deployAllAtOnce(job) : deployRolling(job))
      case 'RollingWithAdditionalBatch':
        return await (job.environment.single ? deployAllAtOnce(job) : deployRollingWithAdditionalBatch(job))
      default:
        return await deployAllAtOnce(job)
    }
  } catch (error) {
    if (!(error instanceof Aborted)) throw error
    return stop(job)
  }
}

/** An abort just stops a deployment: some instances may have the new version. [DG:using-features.rollingupdates.cancel] */
async function stop({ region, environment, line }: Job): Promise<Ending> {
  await region.cloud.clock.sleep(5_000)
  environment.out = false
  await register(region, environment, [...environment.machines.values()])
  sayMixed(line)
  return 'aborted'
}
