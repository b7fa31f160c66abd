import type { BeanstalkState, EnvironmentState } from '../../simulator/beanstalk/state.ts'
import type { UserRequest } from '../../simulator/users.ts'
import { type History, ownName, secrets } from './history.ts'
import type { Process } from './process.ts'
import { gets, inWords, wholeOf } from './routing.ts'
import type { Court } from './rules.ts'
import { byId, existing, inShort, membersIn } from './truth.ts'
import type { Watch } from './watch.ts'

/**
 * Others may have changed something while the run read for its last words: an answer shows what was when the request
 * arrived, and a client waits for it for half a minute.
 */
const lately = 40_000

/** A run as it stands at its end. */
export interface End {
  readonly process: Process
  readonly now: number
  readonly state: BeanstalkState
  /** Who had production, running what, when the step began; a post step brings back what its main had found. */
  readonly before: { readonly holder: string | undefined; readonly version: string | undefined }
  readonly history: History
}

const runOf = ({ number, part }: Process) => `run ${number}${part === 'post' ? ' (post)' : ''}`

/** Judges what a run says when it has ended. */
export function judgeEnd(court: Court, watch: Watch, end: End): void {
  const { process, now, state, history } = end
  const { seen, chapter } = process
  const { outputs } = seen
  const said = `${runOf(process)} says ${outputs.outcome}`
  court.check(
    'bug: neither product nor simulator makes a mistake of its own',
    process.thrown() === undefined &&
      !seen.log.some((line) => line.includes('This is a mistake in the action')),
    () => `${said}: ${process.thrown() ?? seen.log.slice(-12).join(' | ')}`,
  )
  judgeSecrets(court, watch, process)
  if (process.part === 'post') judgePost(court, watch, process)
  if (outputs.outcome === undefined) return
  // While somebody else's swap is under way both environments may have the name, or neither.
  const wasStill = ![...watch.changes, ...watch.swaps].some(
    ({ at, by }) => by !== process.number && now - at < lately,
  )
  const holder = byId(state, watch.holder())
  const live = outputs['live-environment']
  if (live && wasStill)
    court.check(
      '7 live: the outputs name what has production',
      live === holder?.name && outputs['live-version'] === (holder.version ?? ''),
      () =>
        `${said}, live ${live} ${outputs['live-version']}, but production is on ${holder && inShort(holder)}`,
    )
  const standby = outputs['standby-environment']
  const isOwn = chapter.inputs['green-environment'] === ownName
  const other = membersIn(state).find(({ id }) => id !== holder?.id)
  if (standby && wasStill && other && !isOwn)
    court.check(
      '7 live: the outputs name what has production',
      standby === other.name,
      () => `${said}, standby ${standby}, but that is ${inShort(other)}`,
    )
  if (process.part === 'main') judgeTests(court, watch, end)
  judgeOutcome(court, watch, end)
  if (history.chapters.every(({ mishaps }) => mishaps.length === 0)) judgeWorks(court, end)
  void chapter
}

/**
 * Unless it says that it failed, or that the lock could not be given back. A main that ended by itself has said so
 * already; if it could not write, its lock ends with its time.
 */
function judgePost(court: Court, watch: Watch, process: Process): void {
  const { seen, saved } = process
  const excused =
    seen.outputs.outcome === 'failed' || seen.log.some((line) => line.includes('could not be given back'))
  court.check(
    '5 post: a post step that ends well has let go of what its main held',
    excused ||
      saved.nonce === undefined ||
      saved.ended !== undefined ||
      watch.object()?.holder?.nonce !== saved.nonce,
    () => `${runOf(process)} says ${seen.outputs.outcome ?? 'nothing'}, and its main holds the lock`,
  )
}

function judgeTests(court: Court, watch: Watch, { process }: End): void {
  const said = process.seen.outputs['tests-passed']
  if (!said) return
  const passed = [...watch.passed].some((one) => one.startsWith(`${process.number} `))
  court.check(
    '7 tests: tests-passed is what the tests said',
    (said === 'true') === passed,
    () => `${runOf(process)} says tests-passed ${said}, and they ${passed ? 'passed' : 'did not pass'}`,
  )
}

function judgeOutcome(court: Court, watch: Watch, { process, state, before }: End): void {
  const { outputs, failed, log } = process.seen
  const moves = watch.changes.filter(({ at }) => at >= process.beganAt)
  const others = moves.filter(({ by }) => by !== process.number)
  const pending = watch.swaps.some(({ at, by }) => at >= process.beganAt && by !== process.number)
  if (others.length > 0 || pending) return
  const holder = byId(state, watch.holder())
  const now = watch.traffic.shares(state)
  // Where a cancelled or a stuck one leaves a split, its post step or the next run settles it.
  const isWell = ['promoted', 'rolled-back', 'restored', 'already-live', 'recovered', 'verified', 'retired']
  if (isWell.includes(outputs.outcome ?? ''))
    court.check(
      '4 whole: who ends well leaves no split',
      Object.keys(now).filter((id) => gets(now, id)).length < 2 || watch.byHand.some(isRoute),
      () => `${runOf(process)} says ${outputs.outcome}, and production is on ${inWords(now)}`,
    )
  const says = () =>
    `${runOf(process)} says ${outputs.outcome} (${failed ?? log.at(-2) ?? ''}), production was ${before.holder} ${before.version}, is ${holder && inShort(holder)}`
  switch (outputs.outcome) {
    case 'promoted':
      court.check(
        '7 outcome: what is said to be live is live',
        holder?.version === process.chapter.inputs.version &&
          holder?.instances.every(({ version }) => version === holder.version) === true,
        says,
      )
      return
    case 'verified':
      court.check(
        '8 verify: a verification moves production nowhere',
        // What an earlier run had moved may have been settled first.
        process.stageBeganAt('Settle what an earlier run left') !== undefined ||
          (holder?.id === before.holder && holder?.version === before.version),
        says,
      )
      judgeVerified(court, { process, state, holder })
      return
    case 'already-live':
    case 'restored':
      // With `force` a human goes where nobody can tell what runs.
      court.check(
        '7 outcome: what is said to be live is live',
        watch.forced ||
          watch.forced ||
          holder?.instances.every(({ version }) => version === holder.version) === true,
        says,
      )
      return
    case 'rolled-back': {
      // What an earlier run had moved may have been settled first: then its own move began after that.
      const own = moves.at(-2)
      const settledFirst =
        moves.length > 2 && process.stageBeganAt('Settle what an earlier run left') !== undefined
      // A step is taken back before production was whole anywhere else.
      const hasMoved =
        moves.length > 0 || watch.swaps.some(({ at, by }) => at >= process.beganAt && by === process.number)
      const began = settledFirst ? { holder: own?.from, version: own?.fromVersion } : before
      court.check(
        '4 back: what came back is where it was',
        hasMoved && holder?.id === began.holder && holder?.version === began.version,
        says,
      )
      return
    }
    case 'failed': {
      // A cancelled main undoes nothing; that is its post step's, which may not get there either.
      if (failed?.includes('Cancelled') || process.part === 'post') return
      // What an earlier run had moved may have been settled first.
      if (process.stageBeganAt('Settle what an earlier run left') !== undefined) return
      court.check(
        '4 untouched: a failure without a switch leaves production as it was',
        before.holder === undefined ||
          (holder?.id === before.holder && holder.version === before.version) ||
          // Where somebody had sent everything to what was ending, whoever is made next is there.
          byId(state, before.holder)?.status === 'Terminated',
        says,
      )
      return
    }
  }
}

/** It stands there, on every instance, unless it was to be ended. */
function judgeVerified(
  court: Court,
  {
    process,
    state,
    holder,
  }: Pick<End, 'process' | 'state'> & { readonly holder: EnvironmentState | undefined },
): void {
  const { inputs } = process.chapter
  const isOwn = inputs['green-environment'] === ownName
  const candidate = isOwn
    ? existing(state).find(({ name }) => name === ownName)
    : membersIn(state).find(
        ({ id, version }) => id !== holder?.id && (holder !== undefined || version === inputs.version),
      )
  const isEnded = inputs['after-verify'] === 'terminate' && candidate?.status !== 'Ready'
  court.check(
    '7 outcome: what is said to be live is live',
    isEnded ||
      (candidate?.version === inputs.version &&
        candidate?.instances.every(({ version }) => version === inputs.version) === true),
    () => `${runOf(process)} says verified, and there is ${candidate && inShort(candidate)}`,
  )
}

/** What may be said without any trouble: the world did not allow what was asked for. */
const goodReasons =
  /is older than|was rolled back from|was taken back from its bake|there is nothing to go back to on it|has production and its health is|Not done within the timeout|are Ready, and saw last|Nothing is remembered|does not exist any more|there is nothing to go back from|The pair is held by|Neither environment has the production address|Not promoted: |for verification only|without the environment properties|is the way back to|Neither environment exists|somebody ended it meanwhile|Must be Ready/

function judgeWorks(court: Court, { process, history }: End): void {
  const { outputs, failed } = process.seen
  const touched = Object.values(history.apps).some((manner) => manner !== 'good')
  if (touched) return
  court.check(
    'works: without any trouble it succeeds, or says why not',
    failed === undefined || goodReasons.test(failed),
    () => `${runOf(process)} says ${outputs.outcome}: ${failed}`,
  )
}

/** Everything that leaves the process, and the journal. */
function judgeSecrets(court: Court, watch: Watch, { seen, ...process }: Process): void {
  const places: Readonly<Record<string, string>> = {
    log: seen.log.join('\n'),
    summary: seen.summary,
    outputs: JSON.stringify(seen.outputs),
    annotations: JSON.stringify(seen.annotations),
    'saved state': JSON.stringify(seen.state),
    journal: watch.objectText(),
  }
  const leaks = Object.keys(places).filter((place) =>
    secrets.some((secret) => places[place]?.includes(secret)),
  )
  court.check(
    '7 secrets: no secret is seen outside AWS',
    leaks.length === 0,
    () => `run ${process.number}: in ${leaks.join(', ')}`,
  )
}

/** When users failed through no fault of ours. */
export interface Excuse {
  readonly from: number
  readonly to: number
}

/** Judges what users saw: what is nobody's fault but ours. */
export function judgeUsers(
  court: Court,
  requests: readonly UserRequest[],
  { history, excuses }: { readonly history: History; readonly excuses: readonly Excuse[] },
): void {
  const ours = requests.filter(
    ({ failure, version, at }) =>
      failure !== undefined &&
      (version === undefined || (history.apps[version] ?? 'good') === 'good') &&
      !excuses.some(({ from, to }) => at >= from && at <= to),
  )
  court.check('1 users: no request of a user who obeys the TTL is lost by us', ours.length === 0, () => {
    const [first] = ours
    return `${ours.length} of ${requests.length}, the first at ${first?.at}: ${first?.failure} from ${first?.to ?? 'nobody'} (${first?.version ?? 'no version'})`
  })
}

/** What is there when everything has been settled and time has passed. */
export interface Settled {
  readonly state: BeanstalkState
  readonly processes: readonly Process[]
  readonly now: number
}

/** Judges what is left in the end. */
export function judgeSettled(court: Court, watch: Watch, { state, processes, now }: Settled): void {
  void now
  const object = watch.object()
  const isStuck = processes
    .filter(({ chapter }) => chapter === processes.at(-1)?.chapter || chapter.inputs.operation === 'recover')
    .some(({ seen }) => seen.outputs.outcome === 'stuck')
  const objects = [object, ...watch.ownObjects()]
  // One that Beanstalk did not let us delete is named, with the command that does.
  const commands = processes.flatMap(({ seen }) =>
    seen.annotations.flatMap(
      ({ says }) => /delete-configuration-template .*--template-name (\S+)/.exec(says)?.[1] ?? [],
    ),
  )
  const ours = state.templates.filter(
    ({ name }) => name.startsWith('blue-green-') && !commands.includes(name),
  )
  court.check(
    '5 template: no saved configuration of ours stays that nobody named',
    ours.length === 0 || isStuck,
    () => ours.map(({ name }) => name).join(', '),
  )
  court.check(
    '5 lock: nobody holds the lock',
    objects.every((one) => one?.holder === undefined),
    () => JSON.stringify(objects.map((one) => one?.holder)),
  )
  court.check(
    '5 open: nothing stays open in the journal, unless it is stuck',
    isStuck || objects.every((one) => (one?.pending ?? []).length === 0),
    () => JSON.stringify(objects.map((one) => one?.pending)),
  )
  judgeNamed(court, watch, { state, processes, now })
  if (!isStuck) judgeBounds(court, watch, state)
  if (!isStuck && watch.traffic.by !== 'cname-swap') judgeRoute(court, watch, state)
}

const isRoute = ({ what }: Watch['byHand'][number]): boolean => what.startsWith('route by hand')

/** What somebody else did to it, and did not undo, is theirs. */
function judgeRoute(court: Court, watch: Watch, state: BeanstalkState): void {
  if (watch.byHand.some(isRoute)) return
  const shares = watch.traffic.shares(state)
  court.check(
    '5 split: production is whole in the end',
    Object.keys(shares).length === 0 || wholeOf(shares) !== undefined,
    () => `production is on ${inWords(shares)}`,
  )
  const left = watch.traffic.left(state)
  court.check('5 names: nothing that routes production names what is gone', left.length === 0, () =>
    left.join('; '),
  )
}

function judgeNamed(court: Court, watch: Watch, { state, processes }: Settled): void {
  const words = processes
    .map(({ seen }) => [...seen.log, seen.summary, ...seen.annotations.map(({ says }) => says)].join('\n'))
    .join('\n')
  for (const one of existing(state)) {
    if (!watch.creators.has(one.id)) continue
    court.check(
      '5 environment: no environment stays that nobody named',
      (membersIn(state).includes(one) || one.name === ownName) &&
        (words.includes(one.id) || words.includes(one.name)),
      () => inShort(one),
    )
  }
}

function judgeBounds(court: Court, watch: Watch, state: BeanstalkState): void {
  const kept = new Set((watch.object()?.kept ?? []).map(({ group }) => group))
  for (const member of membersIn(state)) {
    const wanted = member.group && watch.bounds.get(member.group.name)
    if (!member.group || !wanted || wanted === 'nobody can tell') continue
    const { name, min, max } = member.group
    court.check(
      '5 capacity: no bounds stay changed that nobody remembers',
      kept.has(name) || (min === wanted.min && max === wanted.max),
      () => `${inShort(member)}, and it was ${wanted.min}..${wanted.max} before`,
    )
  }
}

/** Whose production it is, for the next comparison. */
export const productionIn = (state: BeanstalkState, watch: Watch) => {
  const holder = byId(state, watch.holder() ?? wholeOf(watch.traffic.shares(state)))
  return { holder: holder?.id, version: holder?.version }
}
