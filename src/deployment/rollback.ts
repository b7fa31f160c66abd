import { bringUp } from './bring-up.ts'
import { goBack } from './go-back.ts'
import { operate } from './operate.ts'
import { whyNotOvertake } from './overtake.ts'
import { planWayBack } from './stages/plan-way-back.ts'
import { wake } from './stages/wake.ts'

/** Back to what was live before the last promotion, or to where `to` says. Pressed twice, it does nothing. */
export const rollback = operate(
  'rollback',
  { over: 'a bake', leftovers: 'go back', whyNotOvertake, pace: 'in a hurry' },
  async (run) => {
    const way = await run.stage('Plan', planWayBack)
    switch (way.is) {
      case 'there':
        return way.ending
      case 'ready':
        return goBack(run, way.pair, way.target)
      case 'empty':
        await run.stage('Bring capacity up', (stage) => wake(stage, way))
        return goBack(run, way.pair, way.target)
      case 'to bring up': {
        const wanted = { version: way.version, package: undefined }
        return goBack(run, way.pair, await bringUp(run, way.pair, wanted))
      }
    }
  },
)
