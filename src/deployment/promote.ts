import { endAlreadyLive } from './already-live.ts'
import { describe, type Environment } from './environment.ts'
import { Failure } from './errors.ts'
import { goLive } from './go-live.ts'
import { holdCapacity } from './hold-capacity.ts'
import { refuseManagedUpdates } from './managed-updates.ts'
import { nextStep } from './next-step.ts'
import { nothingLive } from './nothing-live.ts'
import { operate } from './operate.ts'
import { refuseAfterRollback, refuseOlder } from './out-of-date.ts'
import type { Run } from './run.ts'
import { type Plan, planDeployment } from './stages/plan.ts'
import { proveHealthy } from './stages/verify-candidate.ts'
import { instancesForFirst } from './steps.ts'
import { type Trusted, trustIn } from './trust.ts'
import { refuseVerificationOnly } from './verification-only.ts'
import { refuseChanged, verifyAnew } from './verify-anew.ts'

/** After an approval: production moves to what was verified before, if it still is what it was. */
export const promote = operate('promote', { over: 'nobody', leftovers: 'adopt' }, async (run) => {
  const plan = await run.stage('Plan', planDeployment)
  if (!plan.live) throw nothingLive(run)
  if (plan.live.version === run.settings.version) return endAlreadyLive(run, plan, run.settings)
  await refuseOlder(run, plan)
  refuseAfterRollback(run)
  refuseManagedUpdates(run, plan)
  refuseVerificationOnly(plan)
  const trust = await run.stage('Check verification', (stage) => trustIn(stage, plan))
  const candidate =
    trust.is === 'trusted' ? await stillFit(run, plan, trust) : await again(run, plan, trust.doubt)
  return goLive(run, plan, candidate)
})

/** Capacity and health are as old as the waiting was long: they are seen to anew. */
async function stillFit(run: Run, plan: Plan, { candidate, unchangedSince }: Trusted): Promise<Environment> {
  await run.stage('Prepare candidate', async (stage) => {
    const live = await stage.ports.capacity.read(plan.live.id)
    if (live)
      await holdCapacity(stage, {
        environment: candidate,
        atLeast: instancesForFirst(stage, plan, live.inService),
      })
  })
  const proven = {
    candidate,
    version: run.settings.version,
    canProbe: plan.production.isReachable,
    live: plan.live,
  }
  await run.stage('Verify candidate', async (stage) => {
    await proveHealthy(stage, proven)
    await refuseChanged(stage, candidate, unchangedSince)
  })
  return candidate
}

async function again(run: Run, plan: Plan, doubt: string): Promise<Environment> {
  if (run.settings.testCommand === undefined) throw notPromoted(run, plan, doubt)
  run.ports.report.line(`${doubt}: it is verified here.`)
  return verifyAnew(run, plan, 'like live')
}

const notPromoted = (run: Run, { live }: Plan, doubt: string): Failure =>
  new Failure(
    `Not promoted: ${doubt}. Production stays on ${describe(live)}, and there is no \`test-command\` to verify it here.`,
    [
      {
        why: 'Verify it, and promote it then (`package` publishes a version that does not exist yet):',
        workflow: nextStep(run, 'verify'),
      },
      { why: 'Or give this step a `test-command`: then it verifies by itself when it has to.' },
    ],
  )
