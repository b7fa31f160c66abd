import { describe, isAtLeast } from './environment.ts'
import { Failure } from './errors.ts'
import type { Ending } from './outcome.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { publishVersion, type Wanted } from './stages/publish-version.ts'
import { refuseNowhere } from './stages/refuse-nowhere.ts'

/** The wanted version is live already: true only when it runs on every instance and is healthy. */
export async function endAlreadyLive(run: Run, plan: Plan, wanted: Wanted): Promise<Ending> {
  const { live } = plan
  refuseNowhere(plan)
  // The same label with other content would be a green step that deployed nothing.
  await run.stage('Publish version', (stage) => publishVersion(stage, wanted))
  const labels = Object.values((await run.ports.beanstalk.versionsOnInstances(live.id)) ?? {})
  const stray = labels.find((label) => label !== live.version)
  if (stray !== undefined)
    throw new Failure(`${describe(live)} is live, but some of its instances run ${stray}.`, [
      { why: 'Publish the same content under a new version label and deploy that.' },
    ])
  if (!isAtLeast(live.health, run.settings.minimumHealth))
    throw new Failure(`${describe(live)} is live already, but its health is ${live.health}.`, [
      { why: 'If the version is at fault, go back with `operation: rollback`.' },
    ])
  return {
    is: 'already-live',
    says: `${live.version} is live already, on ${live.name}. Nothing was changed.`,
  }
}
