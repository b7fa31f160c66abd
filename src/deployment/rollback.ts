import { bringUp } from './bring-up.ts'
import { goBack } from './go-back.ts'
import { operate } from './operate.ts'
import { planWayBack } from './stages/plan-way-back.ts'

/** Back to the environment and version that were live before the last promotion. Pressed twice, it does nothing. */
export const rollback = operate('rollback', { over: 'a bake', leftovers: 'go back' }, async (run) => {
  const plan = await run.stage('Plan', planWayBack)
  if (plan.is === 'there') return plan.ending
  const target = plan.isReadyToGo
    ? plan.target
    : await bringUp(run, plan.pair, { version: plan.version, package: undefined })
  return goBack(run, plan.pair, target)
})
