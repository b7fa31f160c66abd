import { changeSince } from './changed-since.ts'
import { compareConfiguration } from './configuration/compare.ts'
import { describe, type Environment, isReady } from './environment.ts'
import { Failure } from './errors.ts'
import { giveBackFor } from './give-back.ts'
import type { Instant } from './ports.ts'
import { readEvents } from './remedies.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { bringIn, prepareCandidate } from './stages/prepare-candidate.ts'
import { publishVersion } from './stages/publish-version.ts'
import { verifyCandidate } from './stages/verify-candidate.ts'
import { refuseVariables } from './unmerged.ts'
import { refuseInWindow, refuseWayBack, wayBackIn } from './way-back.ts'

/** With the capacity that production needs, when it follows right away; else as it is, since waiting costs money. */
export type CapacityWanted = 'like live' | 'as it is'

/**
 * Brings the wanted version up where no traffic is, proves it there, and remembers that in the version's tags. What was
 * remembered before does not count from the first change on: a run that dies in between leaves nothing that is not so.
 */
export async function verifyAnew(run: Run, plan: Plan, capacity: CapacityWanted): Promise<Environment> {
  const { clock, beanstalk } = run.ports
  const { version } = run.settings
  const began = clock.now()
  refuseWayBack(run, plan, version)
  refuseInWindow(run, plan)
  refuseVariables(run, plan)
  await compareConfiguration(run, plan)
  await run.stage('Publish version', async (stage) => {
    await publishVersion(stage, run.settings)
    await forget(stage, version)
  })
  const candidate = await run.stage('Prepare candidate', (stage) =>
    capacity === 'like live' ? prepareCandidate(stage, plan, version) : bringInAsItIs(stage, plan, version),
  )
  const since = await beanstalk.newestEventAt(candidate.id)
  await run.stage('Verify candidate', async (stage) => {
    await verifyCandidate(stage, {
      candidate,
      version,
      canProbe: plan.production.isReachable,
      live: plan.live,
    })
    await refuseChanged(stage, candidate, since)
    await remember(stage, { plan, candidate, since })
  })
  run.record.bringUpTook = clock.now() - began
  return candidate
}

async function forget(run: Run, version: string): Promise<void> {
  const { versions } = run.ports
  if ((await versions.verified(version)) === undefined) return
  await stillOurs(run)
  await versions.remember(version, undefined)
}

/** The version's tags are no part of the journal: only who has the lock may change them. */
async function stillOurs(run: Run): Promise<void> {
  await run.ports.journal.write((now) => now)
  run.signal.throwIfAborted()
}

/** What was held for it while it was the way back is given back. */
async function bringInAsItIs(run: Run, plan: Plan, version: string): Promise<Environment> {
  const candidate = await bringIn(run, plan, version)
  if (wayBackIn(run, candidate) === undefined) await giveBackFor(run, candidate.id)
  return candidate
}

/** Tests take their time, and what they proved must still be there. */
export async function refuseChanged(run: Run, candidate: Environment, since: Instant): Promise<void> {
  const [now] = await run.ports.beanstalk.read([candidate.id])
  const isSame = now !== undefined && isReady(now) && now.version === candidate.version
  const change = await changeSince(run, candidate.id, since)
  if (isSame && change === undefined) return
  const saw = change ?? (now ? `it is ${now.status} and runs ${now.version ?? 'nothing'}` : 'it is gone')
  throw new Failure(
    `Somebody changed ${describe(candidate)} while it was being verified (${saw}): what was proven may not be there any more.`,
    [readEvents(candidate.id)],
  )
}

interface Proof {
  readonly plan: Plan
  readonly candidate: Environment
  readonly since: Instant
}

async function remember(run: Run, { plan, candidate, since }: Proof): Promise<void> {
  const { ports, record } = run
  const { version } = run.settings
  await stillOurs(run)
  await ports.versions.remember(version, {
    environment: candidate.id,
    commit: ports.commit,
    tests: record.testsPassed ? 'passed' : 'none',
    at: ports.journal.serverTime(),
    unchangedSince: since,
    live: { environment: plan.live.id, version: plan.live.version },
  })
  ports.report.line(`The tags of version ${version} say that it is verified in ${candidate.name}.`)
}
