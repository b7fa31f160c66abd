import type { Environment } from './environment.ts'
import { messageOf, type Remedy } from './errors.ts'
import { isSplit } from './move-traffic.ts'
import { type Ending, type Member, type Outcome, succeeded } from './outcome.ts'
import type { Ports } from './ports.ts'
import { knownProductionName } from './production-name.ts'
import { lookAndRunAgain } from './remedies.ts'
import type { Run } from './run.ts'
import type { OperationName } from './settings.ts'

/** What is added to an ending to make the outcome of it. */
export interface Told {
  readonly name: OperationName
  readonly ending: Ending
  /** Milliseconds. */
  readonly took: number
  readonly bug: Error | undefined
}

/** Makes the outcome: the ending, what the run recorded, and what AWS says now. */
export async function tell(run: Run, told: Told): Promise<Outcome> {
  const { blueEnvironment, greenEnvironment } = run.settings
  const names = run.record.members ?? [blueEnvironment, greenEnvironment]
  const now = await membersNow(run.ports, names, productionNameOf(run) ?? (await nameFor(run)))
  return { ...outcomeOf(run, told, now), users: await run.record.watch?.stop() }
}

/** For a run that had no need of it, as one that finds nothing to settle. */
const nameFor = async (run: Run): Promise<string | undefined> =>
  run.ports.cancelled.aborted ? undefined : knownProductionName(run).catch(() => undefined)

/** What AWS says now of the pair. */
export interface MembersNow {
  readonly live: Member | undefined
  readonly standby: Member | undefined
  /** The share of each by name, where several have a part. */
  readonly split?: Outcome['split']
  /** In words, when it was read and is neither of them. */
  readonly elsewhere?: string | undefined
}

const productionNameOf = ({ record, ports }: Run): string | undefined =>
  record.productionName ?? ports.journal.state.productionName

/** The same without asking anybody, and without what users saw. */
export function outcomeOf(
  run: Run,
  { name, ending, took, bug }: Told,
  { live, standby, split, elsewhere }: MembersNow,
): Outcome {
  const { record } = run
  const isWithout = !succeeded(ending) && record.remedies.length === 0
  const before = record.beforeSettling ?? { live: record.liveBefore, other: record.otherBefore }
  return {
    operation: name,
    is: ending.is,
    says: ending.says,
    wasIdle: ending.wasIdle ?? false,
    live,
    standby,
    split,
    lastSeen: record.lastSeen,
    elsewhere: live ? undefined : (record.elsewhere ?? elsewhere),
    liveBefore: before.live,
    otherBefore: before.other,
    previousVersion: before.live?.version,
    productionName: productionNameOf(run),
    productionUrl: record.productionUrl,
    candidateUrl: record.candidateUrl,
    // Said of another environment than the one that is live now, it would prove nothing.
    proof: record.proof?.environment === live?.id ? record.proof?.saw : undefined,
    testsPassed: record.testsPassed,
    testsBefore: record.testsBefore,
    testResults: record.testResults,
    lastWords: record.lastWords,
    users: undefined,
    drift: record.drift,
    stages: record.stages,
    steps: record.steps,
    undone: record.undone,
    left: record.left,
    warnings: record.warnings,
    remedies: isWithout ? lookAndRunAgain(run.settings) : eachOnce(record.remedies),
    took,
    bringUpTook: record.bringUpTook,
    switchTook: record.switchTook,
    wayBackTook: record.wayBackTook,
    bug,
  }
}

const eachOnce = (remedies: readonly Remedy[]): readonly Remedy[] =>
  remedies.filter(
    (one, index) =>
      remedies.findIndex(({ why, command }) => why === one.why && command === one.command) === index,
  )

/** Who is live by what AWS answers now; a cancelled run has no time to ask. */
export async function membersNow(
  ports: Ports,
  names: readonly string[],
  productionName: string | undefined,
): Promise<MembersNow> {
  const { beanstalk, cancelled, report } = ports
  if (cancelled.aborted || productionName === undefined) return { live: undefined, standby: undefined }
  try {
    const members = await beanstalk.find(names)
    const { live, split } = await rolesNow(ports, members, productionName)
    // In the middle of somebody's swap nobody has the name, and nobody is the standby.
    const standby = live && members.find(({ id }) => id !== live.id)
    return {
      live: toMember(live),
      standby: toMember(standby),
      split,
      elsewhere: live ? undefined : neither(members),
    }
  } catch (thrown) {
    report.line(`What serves production at the end could not be read: ${messageOf(thrown)}`)
    return { live: undefined, standby: undefined }
  }
}

/** Who has production, or the greatest part of it. */
async function rolesNow(
  ports: Ports,
  members: readonly Environment[],
  productionName: string,
): Promise<{ readonly live: Environment | undefined; readonly split?: Outcome['split'] }> {
  const router = ports.routerFor({ ids: members.map(({ id }) => id), productionName })
  if (router.moves === 'whole' || members.length < 2) return { live: await router.holder(members) }
  const route = await router.read()
  const shareOf = ({ id }: Environment) => route.share[id] ?? 0
  const [most] = [...members].sort((one, other) => shareOf(other) - shareOf(one))
  return {
    live: most && shareOf(most) > 0 ? most : undefined,
    split: isSplit(route)
      ? Object.fromEntries(members.map((member) => [member.name, shareOf(member)]))
      : undefined,
  }
}

const neither = (members: readonly Environment[]): string =>
  members.length === 0
    ? 'nobody: neither environment exists'
    : 'neither of the two environments: neither has the production address'

/** An environment as the outcome tells it. */
export const toMember = (environment: Environment | undefined): Member | undefined =>
  environment && {
    name: environment.name,
    id: environment.id,
    version: environment.version,
    health: environment.health,
  }
