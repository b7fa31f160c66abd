import { Failure } from './errors.ts'
import type { Ms } from './ports.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'

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
