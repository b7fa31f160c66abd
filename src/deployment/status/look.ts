import type { Environment } from '../environment.ts'
import { Failure, Refused } from '../errors.ts'
import { holderAmong } from '../holder.ts'
import type { Unread } from '../pair-report.ts'
import type {
  Answer,
  EnhancedHealth,
  Instant,
  OptionSetting,
  Peeked,
  Reading,
  TrafficRouter,
} from '../ports.ts'
import type { Run } from '../run.ts'
import { prefixOfFirst } from '../stages/plan-first.ts'
import { attempt, type Read, seenIn } from './attempt.ts'

/** Everything that `status` read; what it says about it is decided elsewhere. */
export interface Sight {
  readonly names: readonly [string, string]
  readonly peeked: Read<Peeked>
  readonly members: Read<readonly Environment[]>
  /** The whole production name, and who said it. */
  readonly cname: Read<ProductionName>
  readonly live: Environment | undefined
  readonly other: Environment | undefined
  /** Every environment of the application, when something about the pair is odd. */
  readonly all: Read<readonly Environment[]> | undefined
  /** Where neither exists: why no first one can be created, if none can. */
  readonly first: Read<Failure | undefined> | undefined
  /** Of live, or of the only one there is; may hold secrets. */
  readonly options: Read<readonly OptionSetting[]> | undefined
  /** Of the one beside live. */
  readonly otherOptions: Read<readonly OptionSetting[]> | undefined
  readonly health: Read<EnhancedHealth | undefined> | undefined
  /** Who has the production address, where neither member has; undefined where that could not be read. */
  readonly holder: { readonly now: Environment | undefined } | undefined
  /** Where production goes, where that need not be one of the members alone. */
  readonly route: Read<Reading> | undefined
  readonly router: TrafficRouter
  readonly entry: Entry | undefined
  /** By S3's clock. */
  readonly now: Instant
}

/** The whole production name. */
export interface ProductionName {
  readonly name: string
  readonly by: 'input' | 'journal' | 'guess'
  /** Why it was not asked of AWS. */
  readonly unread?: readonly [Unread]
}

/** The production address as it is seen from here. */
export interface Entry {
  readonly url: string
  readonly host: string
  readonly answer: Answer
  readonly addresses: readonly string[]
  readonly atLive: readonly string[]
  readonly atOther: readonly string[]
  /** What the host is a CNAME of. */
  readonly alias: string | undefined
}

/** Looks at everything, and changes nothing. Seven calls to AWS at most when all is well. */
export async function look(run: Run): Promise<Sight> {
  const { beanstalk, journal } = run.ports
  const names = [run.settings.blueEnvironment, run.settings.greenEnvironment] as const
  const [peeked, members] = await Promise.all([
    attempt(() => journal.peek()),
    attempt(() => beanstalk.find(names)),
  ])
  const cname = await cnameFrom(run, seenIn(peeked))
  const found = seenIn(members) ?? []
  const name = seenIn(cname)?.name
  const live = name === undefined ? undefined : await holderOf(run, found, name)
  const other = live && found.find(({ id }) => id !== live.id)
  const subject = live ?? found[0]
  const router = run.ports.routerFor({ ids: found.map(({ id }) => id), productionName: name ?? '' })
  const [all, first, options, otherOptions, health, entry, route] = await Promise.all([
    other || members.is === 'unread' ? undefined : attempt(() => beanstalk.all()),
    subject || members.is === 'unread' ? undefined : attempt(() => whyNoFirst(run, router)),
    subject && attempt(() => beanstalk.options(subject.name)),
    other && attempt(() => beanstalk.options(other.name)),
    other && attempt(() => beanstalk.enhancedHealth(other.id)),
    name === undefined ? undefined : entryOf(run, { cname: name, live, other }),
    subject && router.moves === 'in-steps' ? attempt(() => router.read()) : undefined,
  ])
  const environments = seenIn(all)
  const holder =
    name === undefined || environments === undefined
      ? undefined
      : { now: await holderOf(run, environments, name) }
  const now = journal.serverTime()
  const pair = { names: [...names] as [string, string], peeked, members, cname, live, other, holder }
  return {
    ...pair,
    all,
    first,
    options,
    otherOptions,
    health,
    entry,
    route,
    router,
    now,
  }
}

/** Nobody, where it cannot be read: what stands in the way of that is told with the other things that were not read. */
const holderOf = (
  run: Run,
  members: readonly Environment[],
  name: string,
): Promise<Environment | undefined> => holderAmong(run, members, name).catch(() => undefined)

async function whyNoFirst(run: Run, router: TrafficRouter): Promise<Failure | undefined> {
  try {
    await prefixOfFirst(run, router)
    return undefined
  } catch (thrown) {
    if (thrown instanceof Failure && !(thrown instanceof Refused)) return thrown
    throw thrown
  }
}

/** As every operation takes it; the journal's name stands in where AWS may not be asked. */
async function cnameFrom(run: Run, peeked: Peeked | undefined): Promise<Read<ProductionName>> {
  const { productionName: wanted, blueEnvironment } = run.settings
  const remembered = peeked?.state.productionName
  if (wanted?.includes('.')) return read({ name: wanted.toLowerCase(), by: 'input' })
  if (wanted === undefined && remembered !== undefined) return read({ name: remembered, by: 'journal' })
  const asked = await attempt(() => run.ports.beanstalk.cnameOf(wanted ?? blueEnvironment))
  if (asked.is === 'read') return read({ name: asked.value, by: wanted === undefined ? 'guess' : 'input' })
  if (!remembered?.startsWith(`${wanted}.`)) return asked
  return read({ name: remembered, by: 'journal', unread: [{ what: asked.what, mends: asked.mends }] })
}

const read = (value: ProductionName): Read<ProductionName> => ({ is: 'read', value })

async function entryOf(
  run: Run,
  { cname, live, other }: { readonly cname: string } & Pick<Sight, 'live' | 'other'>,
): Promise<Entry | undefined> {
  const { probe } = run.ports
  if (run.settings.probe === 'off') return undefined
  const url = run.settings.productionUrl ?? `http://${cname}${run.settings.healthPath}`
  const host = new URL(url).hostname
  const at = (endpoint: string | undefined) => (endpoint === undefined ? [] : probe.addresses(endpoint))
  const [answer, addresses, atLive, atOther, alias] = await Promise.all([
    probe.ask(url, run.signal),
    probe.addresses(host),
    at(live?.endpoint),
    at(other?.endpoint),
    probe.alias(host),
  ])
  return { url, host, answer, addresses, atLive, atOther, alias }
}
