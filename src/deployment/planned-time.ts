import { valueIn } from './configured.ts'
import { usually } from './durations.ts'
import type { Ms, OptionSetting } from './ports.ts'
import type { Run } from './run.ts'
import type { OperationName } from './settings.ts'
import { stepsLast } from './steps.ts'

/** A swap and what clients' DNS answers take to follow it. (A.11) */
const shiftTakes: Ms = 65_000

/** With new instances beside the old ones, or batch by batch; measured with three instances. (A.10) */
const policies: Readonly<Record<string, Ms>> = {
  Immutable: 18 * 60_000,
  TrafficSplitting: 18 * 60_000,
  Rolling: 8 * 60_000,
  RollingWithAdditionalBatch: 8 * 60_000,
}

type Part = 'bring up' | 'prove' | 'shift' | 'bake'

/** What of an operation an environment that is not Ready gets in the way of. */
const partsOf: Readonly<Record<OperationName, readonly Part[]>> = {
  deploy: ['bring up', 'prove', 'shift', 'bake'],
  promote: ['prove', 'shift', 'bake'],
  verify: ['bring up', 'prove'],
  rollback: ['shift'],
  retire: [],
  recover: [],
  status: [],
}

/**
 * How long an operation is expected to take from its plan until nothing of it can go wrong for users any more, in ms. What
 * the user's tests take nobody knows: they are left out. `candidate`: its option settings; undefined while it does not exist.
 */
export function plannedTime(
  run: Run,
  operation: OperationName,
  candidate: readonly OptionSetting[] | undefined,
): Ms {
  const takes: Readonly<Record<Part, () => Ms>> = {
    'bring up': () => bringUpTakes(run, candidate),
    prove: () => run.settings.healthStableFor,
    shift: () => shiftTakes + stepsLast(run, run.ports.routerFor({ ids: [], productionName: '' })),
    bake: () => run.settings.bakeTime,
  }
  return partsOf[operation].reduce((sum, part) => sum + takes[part](), 0)
}

/** The pair's own history knows best. */
function bringUpTakes(run: Run, candidate: readonly OptionSetting[] | undefined): Ms {
  if (!candidate) return usually(run, 'creation')
  const usual = usually(run, 'deployment')
  if (run.ports.journal.state.durations?.deployment) return usual
  const option = { namespace: 'aws:elasticbeanstalk:command', name: 'DeploymentPolicy' }
  return policies[valueIn(candidate, option) ?? ''] ?? usual
}
