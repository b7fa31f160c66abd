import { Failure } from './errors.ts'
import type { Ms } from './ports.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'

/** A re-run of an old job must not bring an old version back. */
export async function refuseOlder(run: Run, { live }: Plan): Promise<void> {
  const { versions } = run.ports
  if (run.settings.allowOlder) return
  refuseTakenBack(run)
  if (live.version === undefined) return
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

/** A human went back from this very version: that the old job is run again does not make it a good one. */
function refuseTakenBack({ settings, ports }: Run): void {
  const { version } = settings
  const last = ports.journal.state.promotions.find((one) => one.version === version || one.left === version)
  if (last?.left !== version) return
  throw new Failure(
    `Production was rolled back from ${version} to ${last.version}: it is not deployed again by an old job.`,
    [
      { why: 'Publish what mends it under a new version label, and deploy that.' },
      { why: 'If you mean this very version, say `allow-older: true`.' },
    ],
  )
}

/** A rollback that ended as this deployment began is not one that it waited through, in ms. */
const together: Ms = 10_000

/** A human went back while this deployment waited for the lock: what it brings may be what they went back from. */
export function refuseAfterRollback(run: Run): void {
  const { journal, clock } = run.ports
  const last = run.record.found
  const startedAt = journal.serverTime() - (clock.now() - run.began)
  if (run.settings.allowOlder || last?.by !== 'rollback' || last.at <= startedAt + together) return
  throw new Failure(
    'Production was rolled back while this deployment waited for its turn, so it was not begun.',
    [{ why: 'If it should go on, run this job again.' }],
  )
}
