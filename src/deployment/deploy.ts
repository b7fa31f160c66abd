import { endAlreadyLive } from './already-live.ts'
import { bringUp } from './bring-up.ts'
import { compareConfiguration } from './configuration/compare.ts'
import { deployFirst, deployThere } from './deploy-first.ts'
import { goLive } from './go-live.ts'
import { refuseManagedUpdates } from './managed-updates.ts'
import { operate } from './operate.ts'
import { refuseAfterRollback, refuseOlder } from './out-of-date.ts'
import { warnOfSlip } from './slip.ts'
import { planDeployment } from './stages/plan.ts'
import { refuseVerificationOnly } from './verification-only.ts'
import { refuseInWindow } from './way-back.ts'

/** The whole job: the version comes up without traffic, is proven, takes over, is watched, and comes back if it must. */
export const deploy = operate('deploy', { over: 'nobody', leftovers: 'adopt' }, async (run) => {
  const wanted = run.settings
  const plan = await run.stage('Plan', planDeployment)
  if (!plan.live) return deployFirst(run, plan, wanted)
  if (plan.live.version === wanted.version)
    return plan.leadsNowhere ? deployThere(run, plan, wanted) : endAlreadyLive(run, plan, wanted)
  refuseVerificationOnly(plan)
  await refuseOlder(run, plan)
  refuseAfterRollback(run)
  refuseInWindow(run, plan)
  refuseManagedUpdates(run, plan)
  await warnOfSlip(run, plan)
  await compareConfiguration(run, plan)
  const candidate = await bringUp(run, plan, wanted)
  return goLive(run, plan, candidate)
})
