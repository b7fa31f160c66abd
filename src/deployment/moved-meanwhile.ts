import { Failure } from './errors.ts'
import { scalar } from './next-step.ts'
import type { Plan } from './stages/plan.ts'

/** Production is not where the plan found it: somebody moved it by hand, and what they wanted stands. */
export const movedMeanwhile = ({ live }: Plan): Failure =>
  new Failure(
    `Somebody moved production meanwhile: it is not on ${live.name} any more. Nothing was moved or deployed after that.`,
    [
      {
        why: 'If that was on purpose, there is nothing to do. If not, move it back:',
        workflow: `operation: rollback\nto: ${scalar(live.name)}`,
      },
    ],
  )
