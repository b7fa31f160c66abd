import { endAlreadyLive } from './already-live.ts'
import { keepVerified } from './keep-verified.ts'
import { warnOfManagedUpdates } from './managed-updates.ts'
import { nothingLive } from './nothing-live.ts'
import { operate } from './operate.ts'
import { planDeployment } from './stages/plan.ts'
import { verifyAnew } from './verify-anew.ts'
import { refuseUnclaimed } from './what-changes.ts'

/** For gates and approvals: the version comes up without traffic and is proven; production is only looked at. */
export const verify = operate('verify', { over: 'nobody', leftovers: 'adopt' }, async (run) => {
  const plan = await run.stage('Plan', planDeployment)
  if (!plan.live) throw nothingLive(run)
  if (plan.live.version === run.settings.version) return endAlreadyLive(run, plan, run.settings)
  refuseUnclaimed(run, plan)
  warnOfManagedUpdates(run, plan)
  const candidate = await verifyAnew(run, plan, 'as it is')
  return keepVerified(run, plan, candidate)
})
