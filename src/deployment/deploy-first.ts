import type { Ending } from './outcome.ts'
import type { Run } from './run.ts'
import type { FirstPlan } from './stages/plan-first.ts'
import { createFirst } from './stages/prepare-candidate.ts'
import { publishVersion, type Wanted } from './stages/publish-version.ts'
import { verifyCandidate } from './stages/verify-candidate.ts'

/** The first deployment of a pair: the blue environment is created with the production address and proven there. */
export async function deployFirst(run: Run, plan: FirstPlan, wanted: Wanted): Promise<Ending> {
  const { journal } = run.ports
  await run.stage('Publish version', (stage) => publishVersion(stage, wanted))
  const live = await run.stage('Create first environment', (stage) =>
    createFirst(stage, plan, wanted.version),
  )
  await run.stage('Verify candidate', (stage) =>
    verifyCandidate(stage, { candidate: live, live: undefined, version: wanted.version, canProbe: false }),
  )
  await journal.write((now) => ({
    ...now,
    pending: [],
    productionName: plan.cname,
    promotions: [
      {
        at: journal.serverTime(),
        by: 'deploy',
        environment: live.id,
        version: live.version,
        before: undefined,
      },
      ...now.promotions,
    ],
  }))
  return {
    is: 'promoted',
    says: `${live.version} is live on ${live.name}, the first environment of this pair. There is no way back yet: nothing was live before.`,
  }
}
