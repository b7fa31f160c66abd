import { describe } from '../environment.ts'
import { Failure, type Remedy } from '../errors.ts'
import { refuseUnknown } from '../known-target.ts'
import type { Ending } from '../outcome.ts'
import type { Promotion } from '../ports.ts'
import { isForwardAgain, wasLiveThere } from '../promotions.ts'
import { listVersions } from '../remedies.ts'
import type { Run } from '../run.ts'
import { alreadyThere } from './already-there.ts'
import type { Plan } from './plan.ts'

/** Production is there already, or which version it goes back to, on the other environment. */
export type WhereBack =
  | { readonly is: 'there'; readonly ending: Ending }
  | {
      readonly is: 'elsewhere'
      readonly version: string
      /** The environment that it must be; undefined: whichever has the other name. */
      readonly environment: string | undefined
      /** It had production there, as far as anybody knows: it need not be proven again. */
      readonly wasLive: boolean
    }

/** Where a rollback goes: where `to` says, else what was live before the last promotion, else the only place possible. */
export async function whereBack(run: Run, pair: Plan): Promise<WhereBack> {
  const [last] = run.ports.journal.state.promotions
  if (run.settings.to !== undefined) return named(run, pair, run.settings.to)
  const there = wentBack(run, pair, last)
  if (there) return { is: 'there', ending: there }
  return last === undefined ? onlyPlace(run, pair) : remembered(run, pair, last)
}

/** A name of the pair is an environment, anything else a version label. */
async function named(run: Run, pair: Plan, to: string): Promise<WhereBack> {
  const { live, other } = pair
  await refuseUnknown(run, to, [live.version, other.now?.version])
  if (to === live.name || (to !== other.name && to === live.version))
    return { is: 'there', ending: isThere(run, pair) }
  if (to !== other.name)
    return {
      is: 'elsewhere',
      version: to,
      environment: undefined,
      wasLive: await mayHaveBeenLive(run, pair, to),
    }
  const version = other.now?.version
  if (version === undefined)
    throw new Failure(
      `${to} ${other.now ? 'runs no version' : 'does not exist'}: there is nothing to go back to on it. Production stays on ${describe(live)}.`,
      [sayVersion(run)],
    )
  return {
    is: 'elsewhere',
    version,
    environment: other.now?.id,
    wasLive: await mayHaveBeenLive(run, pair, version),
  }
}

/** When nothing is remembered, the other environment may have been live with what is older than live now. */
async function mayHaveBeenLive(run: Run, { live, other }: Plan, version: string): Promise<boolean> {
  if (run.ports.journal.state.promotions.length > 0) return wasLiveThere(run, other.now, version)
  return isOlder(run, version, live.version)
}

async function isOlder({ ports }: Run, version: string, than: string | undefined): Promise<boolean> {
  if (than === undefined || version === than) return false
  const [older, newer] = await Promise.all([version, than].map((label) => ports.versions.read(label)))
  return older !== undefined && newer !== undefined && older.created < newer.created
}

function isThere(run: Run, pair: Plan): Ending {
  const { name, version } = pair.live
  if (run.record.wayBackTook === undefined)
    return alreadyThere(run, pair, `${version} is live on ${name} already.`)
  return {
    is: 'restored',
    says: `${version} is live again, on ${name}: the deployment under way was taken back.`,
  }
}

function wentBack(run: Run, pair: Plan, last: Promotion | undefined): Ending | undefined {
  const { live } = pair
  if (run.record.wayBackTook !== undefined) return isThere(run, pair)
  if (last?.by === 'rollback' && last.environment === live.id && last.version === live.version)
    return alreadyThere(run, pair, `Production went back to ${live.version} on ${live.name} already.`)
  if (last?.by === 'deploy' && last.before?.environment === live.id && last.before.version === live.version)
    return alreadyThere(
      run,
      pair,
      `${live.version} is live on ${live.name} already: somebody moved production back.`,
    )
  return undefined
}

function remembered(run: Run, { live }: Plan, last: Promotion): WhereBack {
  const isForward = isForwardAgain(last, live)
  const back = isForward ? last : last.before
  if (back?.version === undefined)
    throw new Failure('Nothing is remembered that production could go back to.', waysToSay(run))
  if (!isForward && (last.environment !== live.id || last.version !== live.version))
    throw new Failure(
      `The last promotion put ${last.version} on ${last.environment}, but ${describe(live)} is live: somebody changed production since, and where to go back to is not clear.`,
      waysToSay(run),
    )
  return { is: 'elsewhere', environment: back.environment, version: back.version, wasLive: true }
}

/**
 * Nobody remembers anything. The other environment is where to go back to only if it runs an older version: a newer one
 * may be a candidate that nobody has proven.
 */
async function onlyPlace(run: Run, { live, other }: Plan): Promise<WhereBack> {
  const nothing = 'Nothing is remembered that production could go back to'
  const [from, to] = [live.version, other.now?.version]
  if (from === undefined || to === undefined || from === to) throw new Failure(`${nothing}.`, waysToSay(run))
  if (!(await isOlder(run, to, from)))
    throw new Failure(
      `${nothing}, and ${to} on ${other.name} is not older than ${from}, which is live: it may never have been proven.`,
      waysToSay(run),
    )
  run.ports.report.line(
    `Nothing is remembered of this pair; ${to} on ${other.name} is older than ${from}, so that is the way back.`,
  )
  return { is: 'elsewhere', version: to, environment: other.now?.id, wasLive: true }
}

/** What to do when nobody but a human can say where to go. */
const waysToSay = (run: Run): readonly Remedy[] => [
  {
    why: `If it is the other environment as it is, say so: \`operation: rollback\` and \`to\` with its name.`,
  },
  sayVersion(run),
  { why: 'Or deploy the version that you want: `operation: deploy` with `version` and `allow-older: true`.' },
]

const sayVersion = ({ settings }: Run): Remedy => ({
  why: 'If it is a version, say so: `operation: rollback` and `to` with its label. The newest ones:',
  command: listVersions(settings.application),
})
