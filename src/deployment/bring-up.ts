import type { Environment } from './environment.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { prepareCandidate } from './stages/prepare-candidate.ts'
import { publishVersion, type Wanted } from './stages/publish-version.ts'
import { verifyCandidate } from './stages/verify-candidate.ts'

/** Brings the wanted version up where no traffic is, and proves it there. */
export async function bringUp(run: Run, plan: Plan, wanted: Wanted): Promise<Environment> {
  const { clock } = run.ports
  const began = clock.now()
  await run.stage('Publish version', (stage) => publishVersion(stage, wanted))
  const candidate = await run.stage('Prepare candidate', (stage) =>
    prepareCandidate(stage, plan, wanted.version),
  )
  const proven = {
    candidate,
    live: plan.live,
    version: wanted.version,
    canProbe: plan.production.isReachable,
  }
  await run.stage('Verify candidate', (stage) => verifyCandidate(stage, proven))
  run.record.bringUpTook = clock.now() - began
  return candidate
}
