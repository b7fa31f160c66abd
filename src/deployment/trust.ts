import { changeSince } from './changed-since.ts'
import { describe, type Environment } from './environment.ts'
import type { Instant, Verification } from './ports.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { inWords } from './wait-until.ts'

/** What was verified still stands, as far as one look tells. */
export interface Trusted {
  readonly is: 'trusted'
  readonly candidate: Environment
  /** By Beanstalk's clock. */
  readonly unchangedSince: Instant
}

/** Does what was verified still stand, or why not? */
export type Trust = Trusted | { readonly is: 'doubted'; readonly doubt: string }

/** Only exactly this version, verified in exactly this environment, not long ago, with nothing changed since, is trusted. */
export async function trustIn(run: Run, plan: Plan): Promise<Trust> {
  const { report, versions } = run.ports
  const { version } = run.settings
  const candidate = plan.other.now
  if (!candidate) return { is: 'doubted', doubt: `${plan.other.name} does not exist` }
  const verification = await versions.verified(version)
  if (!verification) return { is: 'doubted', doubt: await whyNone(run) }
  const doubt =
    doubtByRecord(run, plan, verification) ??
    (await doubtByPlace(run, candidate, verification)) ??
    (await doubtByLook(run, candidate, verification))
  if (doubt !== undefined) return { is: 'doubted', doubt }
  const { tests, commit, at } = verification
  report.line(
    `${version} was verified in ${candidate.name} ${ageOf(run, at)} ago (tests: ${tests}${commit === undefined ? '' : `; commit ${commit}`}), and nothing changed since.`,
  )
  run.record.testsBefore = `${tests === 'passed' ? 'passed' : 'none'} at the verification, ${ageOf(run, at)} ago${commit === undefined ? '' : `, commit ${commit.slice(0, 12)}`}`
  return { is: 'trusted', candidate, unchangedSince: verification.unchangedSince }
}

async function whyNone({ ports, settings }: Run): Promise<string> {
  const { application, version } = settings
  if ((await ports.versions.read(version)) === undefined)
    return `the application ${application} has no version ${version}`
  return `${version} was never verified, or not any more since its last verification failed`
}

/** What the record says, against what was asked for and what is live. */
function doubtByRecord(
  run: Run,
  { live }: Plan,
  { at, tests, live: then }: Verification,
): string | undefined {
  const { version, maxVerifiedAge, testCommand } = run.settings
  if (run.ports.journal.serverTime() - at > maxVerifiedAge)
    return `${version} was verified ${ageOf(run, at)} ago, and \`max-verified-age\` is ${inWords(maxVerifiedAge)}`
  if (then.environment !== live.id || then.version !== live.version)
    return `${then.version ?? 'no version'} on ${then.environment} was live when ${version} was verified, and ${describe(live)} is now`
  if (tests === 'none' && testCommand !== undefined) return `${version} was verified without tests`
  return undefined
}

async function doubtByPlace(
  { ports, settings }: Run,
  candidate: Environment,
  found: Verification,
): Promise<string | undefined> {
  if (found.environment !== candidate.id) {
    const [place] = await ports.beanstalk.read([found.environment])
    const where = place ? `${place.name} (${place.id})` : `${found.environment}, which is gone`
    return `${settings.version} was verified in ${where}, and not in ${describe(candidate)}, which would go live`
  }
  if (candidate.version !== settings.version)
    return `${describe(candidate)} does not run ${settings.version} any more`
  return undefined
}

async function doubtByLook(
  run: Run,
  { id, name }: Environment,
  found: Verification,
): Promise<string | undefined> {
  const [change, labels] = await Promise.all([
    changeSince(run, id, found.unchangedSince),
    run.ports.beanstalk.versionsOnInstances(id),
  ])
  if (change !== undefined) return `${name} was changed after it was verified (“${change}”)`
  const stray = Object.entries(labels ?? {}).find(([, label]) => label !== run.settings.version)
  return stray && `instance ${stray[0]} of ${name} runs ${stray[1]}`
}

const ageOf = ({ ports }: Run, at: number): string => inWords(Math.max(0, ports.journal.serverTime() - at))
