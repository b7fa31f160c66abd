import { describe, isAtLeast } from './environment.ts'
import { Failure } from './errors.ts'
import type { Ending } from './outcome.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'

/** The wanted version is live already: true only when it runs on every instance and is healthy. */
export async function endAlreadyLive(run: Run, { live }: Plan): Promise<Ending> {
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

/** A re-run of an old job must not bring an old version back. */
export async function refuseOlder(run: Run, { live }: Plan): Promise<void> {
  const { versions } = run.ports
  if (run.settings.allowOlder || live.version === undefined) return
  const [wanted, current] = await Promise.all([
    versions.read(run.settings.version),
    versions.read(live.version),
  ])
  if (!wanted || !current || wanted.created >= current.created) return
  throw new Failure(
    `Version ${wanted.label} is older than ${current.label}, which is live: this looks like an old job that was run again.`,
    [
      { why: 'To go back to the version before, use `operation: rollback`.' },
      { why: 'If you mean it, say `allow-older: true`.' },
    ],
  )
}
