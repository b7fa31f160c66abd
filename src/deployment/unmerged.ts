import { describe } from './environment.ts'
import { Failure } from './errors.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { isForVerificationOnly, isSign } from './verification-only.ts'
import { ownEnvironment } from './way-back.ts'

/**
 * Refuses to start code that is not merged in an environment that may have production's variables: one that exists and is
 * not marked for verification only, unless it is wanted in so many words.
 */
export function refuseVariables(run: Run, { other, otherOptions = [] }: Plan): void {
  const { isMerged, copyVariables } = run.settings
  const there = other.now
  if (isMerged || copyVariables || !there || isForVerificationOnly(there)) return
  if (otherOptions.some(isSign)) return
  throw new Failure(
    `What a pull request or a merge queue brings would run with the environment properties of ${describe(there)}, which is not marked for verification only and may have production's secrets. Nothing was deployed.`,
    [
      {
        why: 'Verify in an environment of its own, which is created like live, without its environment properties:',
        workflow: ownEnvironment,
      },
      { why: 'If this code may run with them, say `copy-variables: true`.' },
    ],
  )
}
