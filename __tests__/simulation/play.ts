import type { RecordedCall } from '../../simulator/cloud.ts'
import type { Reachable } from '../../simulator/in-process.ts'
import { startUsers, type Users } from '../../simulator/users.ts'
import type { Probe, Tests } from '../../src/deployment/ports.ts'
import type { UserCommand } from '../../src/system/user-command.ts'
import { type Account, openAccount } from './account.ts'
import { trafficWrite } from './by-command.ts'
import { seeded } from './dice.ts'
import { type AnyFault, type Chapter, type History, nameOf as nameOfMember, ownName } from './history.ts'
import { type Meddling, strike } from './meddle.ts'
import { type Process, startProcess } from './process.ts'
import { gets, towards } from './routing.ts'
import { type Court, judgeArrival, judgeTaking, type RuleName, type Violation } from './rules.ts'
import { type Excuse, judgeEnd, judgeSettled, judgeUsers, productionIn } from './rules-at-the-end.ts'
import { createStory, type Line } from './story.ts'
import { byId, existing, inShort, stateKey } from './truth.ts'
import { type Arrival, createWatch, labelsOf, type Swap, targetOf, type Watch } from './watch.ts'

/** One history, played to its end. */
export interface Played {
  readonly violations: readonly Violation[]
  readonly story: readonly Line[]
  /** How often each rule was looked at. */
  readonly looked: Readonly<Record<string, number>>
  readonly outcomes: readonly string[]
  readonly faults: readonly AnyFault[]
  readonly calls: number
  /** Runs of the step and of its post step. */
  readonly runs: number
  /** Simulated ms. */
  readonly took: number
}

/** Longer than any timeout that a history gives, all waits and a post step together, in simulated ms. */
const longestRun = 6 * 3_600_000

/** Plays a history in virtual time, with rules looked at after every event. */
export async function play(history: History): Promise<Played> {
  const account = await openAccount(history)
  const { clock, aws, dataPlane, traffic } = account
  const story = createStory(clock.now)
  const looked: Record<string, number> = {}
  const violations: Violation[] = []
  const faults: AnyFault[] = []
  const outcomes: string[] = []
  const processes: Process[] = []
  const befores = new Map<number, ReturnType<typeof productionIn>>()
  const excuses: { from: number; to: number }[] = []
  const watch = createWatch({ aws, traffic, tell: story.tell })
  const court: Court = {
    check(rule: RuleName, holds, says) {
      looked[rule] = (looked[rule] ?? 0) + 1
      if (holds) return
      violations.push({ rule, at: clock.now(), says: says() })
      story.tell('RULE', `${rule} — BROKEN: ${says()}`)
    },
  }
  watch.look()
  watchFaults(account, () => processes.findLast((one) => one.state() === 'running'), faults)

  const users: { now?: Users } = {}
  const beginUsers = () => {
    // A production that never stood has no users yet.
    const stands =
      traffic.by === 'cname-swap'
        ? history.start.live !== undefined || outcomes.includes('promoted')
        : aws.names.resolve(traffic.address).length > 0
    if (users.now || !stands) return
    users.now = startUsers({
      clock,
      names: aws.names,
      send: dataPlane.request,
      address: traffic.address,
      ...history.users,
      ...(isSticky(history) && { keepCookies: true }),
      random: seeded(history.seed + 7),
    })
  }
  beginUsers()

  const ticking = { on: true }
  const tick = () => {
    watch.look()
    traffic.tend(aws.beanstalk.state())
    judgeStillness(court, watch, account)
    if (ticking.on) clock.at(clock.now() + 5_000, tick)
  }
  tick()

  const meddling: Meddling = { account, watch, story, excuses, faults }

  const begin = (told: Chapter, part: Process['part'], of?: Process): Process => {
    const chapter: Chapter = of ? told : { ...told, inputs: traffic.inputs(told.inputs) }
    const number = of?.number ?? new Set(processes.map((one) => one.number)).size + 1
    const ref: { process?: Process } = {}
    const probe = probeOf(account, chapter)
    const process = startProcess(
      {
        clock,
        aws: observed(account, watch, { court, story, by: () => ref.process as Process }),
        seed: history.seed,
        probe,
        command:
          traffic.command &&
          observedCommand(traffic.command, account, watch, {
            court,
            story,
            by: () => ref.process as Process,
          }),
        tests: testsOf(account, history, { chapter, number, watch, probe }),
      },
      { number, part, chapter, ...(of && { saved: of.seen.state }) },
    )
    ref.process = process
    processes.push(process)
    const before = befores.get(number) ?? productionIn(aws.beanstalk.state(), watch)
    befores.set(number, before)
    const { inputs } = chapter
    if (inputs.operation === 'rollback') {
      watch.rollbacks.push(clock.now())
      if (inputs.to) watch.aims.add(inputs.to)
      if (inputs.force) {
        watch.forced = true
        // What users meet from here on is what a human chose.
        excuses.push({ from: clock.now(), to: Number.POSITIVE_INFINITY })
      }
    }
    story.tell(
      nameOf(process),
      `begins: ${part === 'post' ? 'post' : `${inputs.operation} ${inputs.version ?? ''}`}`,
    )
    if (part === 'main')
      for (const mishap of chapter.mishaps) process.at(mishap.at, () => strike(meddling, process, mishap))
    const limit = clock.at(clock.now() + longestRun, () => {
      court.check('ends: every run ends', false, () => `${nameOf(process)} in ${process.stage()}`)
      process.kill()
    })
    const over = process.over.then(() => {
      limit()
      watch.look()
      const outcome = process.state() === 'dead' ? 'dead' : (process.seen.outputs.outcome ?? 'silent')
      outcomes.push(part === 'post' ? `post: ${outcome}` : outcome)
      story.tell(nameOf(process), `${outcome}: ${process.seen.failed ?? ''}`)
      for (const line of process.seen.log) story.quiet(nameOf(process), line)
      if (process.state() !== 'dead') {
        court.check('ends: every run ends', true, () => '')
        judgeEnd(court, watch, { process, now: clock.now(), state: aws.beanstalk.state(), before, history })
      }
      beginUsers()
    })
    return { ...process, over, state: process.state, stage: process.stage }
  }

  const aftermath = async (main: Process) => {
    await main.over
    const { afterwards } = main.chapter
    const ended = main.state() === 'ended' && main.seen.state.ended !== undefined
    if (afterwards === 'nothing' && !ended) return
    if (main.seen.state.nonce === undefined) return
    const post = begin(main.chapter, 'post', main)
    if (afterwards === 'post that dies' && !ended) {
      const moment = { call: '*', nth: 3 + (history.seed % 40), ms: [0, 10, 30][history.seed % 3] as number }
      post.at(moment, () => strike(meddling, post, { what: 'death', at: moment }))
    }
    await post.over
  }

  const playAll = async () => {
    let last: Process | undefined
    const endings: Promise<void>[] = []
    for (const chapter of history.chapters) {
      const { begins } = chapter
      if (last && begins.when === 'during') await arrives(last, begins.at)
      else {
        await endings.at(-1)
        await clock.sleep(begins.when === 'after' ? begins.ms : 0)
      }
      last = begin(chapter, 'main')
      endings.push(aftermath(last))
    }
    await Promise.all(endings)
    aws.cloud.faults.clear()
    story.tell('world', 'no more faults; recover settles what is left')
    await clock.sleep(1_000)
    const { to, force, ...first } = (history.chapters[0] as Chapter).inputs
    void [to, force]
    const inputs = {
      ...first,
      'blue-environment': nameOfMember.blue,
      'green-environment': nameOfMember.green,
      operation: 'recover',
      'lock-wait': '20m',
      timeout: '2h',
    }
    const rest: Chapter = {
      inputs,
      begins: { when: 'after', ms: 0 },
      canSee: true,
      skewMs: 0,
      testsTakeMs: 0,
      mishaps: [],
      afterwards: 'post',
    }
    await begin(rest, 'main').over
    for (const blue of new Set(
      history.chapters.filter(isOfOwn).map(({ inputs }) => inputs['blue-environment']),
    ))
      await begin(
        { ...rest, inputs: { ...inputs, 'blue-environment': blue ?? '', 'green-environment': ownName } },
        'main',
      ).over
    await clock.sleep(25 * 60_000)
  }

  const beganAt = clock.now()
  await clock.run(playAll())
  ticking.on = false
  watch.look()
  for (const one of aws.beanstalk.state().environments) story.quiet('AWS', inShort(one))
  judgeSettled(court, watch, { state: aws.beanstalk.state(), processes, now: clock.now() })
  court.check('bug: neither product nor simulator makes a mistake of its own', aws.bugs.length === 0, () =>
    aws.bugs.join('\n'),
  )
  if (users.now) {
    await clock.run(users.now.stop())
    judgeUsers(court, users.now.requests(), {
      history,
      excuses: [...excuses, ...afterHumans(watch, clock.now())],
    })
  }
  return {
    violations,
    story: story.lines,
    looked,
    outcomes,
    faults,
    calls: aws.calls.length,
    runs: processes.length,
    took: clock.now() - beganAt,
  }
}

const isSticky = ({ routing }: History): boolean =>
  routing.by === 'load-balancer' && routing.stickyFor !== undefined

const isOfOwn = ({ inputs }: Chapter): boolean => inputs['green-environment'] === ownName

const nameOf = ({ number, part }: Process) => `run ${number}${part === 'post' ? ' post' : ''}`

/** When the moment comes in the life of a run, or the run is over without it. */
function arrives(process: Process, at: Parameters<Process['at']>[0]): Promise<void> {
  return new Promise((resolve) => {
    process.at(at, resolve)
    void process.over.then(resolve)
  })
}

/** While production is where a human put it, and until DNS answers have followed, what users see is not ours. */
function afterHumans({ changes, swaps, traffic }: Watch, end: number): readonly Excuse[] {
  const whole = changes.flatMap(({ at, by }, index) =>
    by === 'human' ? [{ from: at - 10_000, to: (changes[index + 1]?.at ?? end) + 75_000 }] : [],
  )
  if (traffic.by === 'cname-swap') return whole
  // What is answered by then is followed for a minute, and name servers may be told two minutes later.
  const parts = swaps.flatMap(({ at, by }, index) => {
    const next = swaps.slice(index).find((one) => one.by !== 'human')
    return by === 'human' ? [{ from: at - 10_000, to: (next?.at ?? end) + 200_000 }] : []
  })
  return [...whole, ...parts]
}

/**
 * What has production runs what it ran, as long as nobody moved anything. Not always one version: a human may have moved
 * it to where a deployment had failed.
 */
function judgeStillness(court: Court, watch: Watch, { aws }: Account): void {
  for (const holder of existing(aws.beanstalk.state())) {
    if (holder.id !== watch.holder() && !gets(watch.shares(), holder.id)) continue
    if (holder.status === 'Launching') continue
    const ran = watch.livesWith.get(holder.id) ?? labelsOf(holder)
    const runs = labelsOf(holder)
    court.check(
      '1 unchanged: what has production goes on running what it ran',
      runs.every((label) => label === undefined || ran.includes(label)),
      () => `${inShort(holder)}, and it ran ${ran.join(', ')}`,
    )
    watch.livesWith.set(holder.id, runs)
  }
}

/** The local AWS as one process reaches it: every call is told, and judged when it arrives. */
function observed(
  { aws, clock }: Account,
  watch: Watch,
  { court, story, by }: { court: Court; story: ReturnType<typeof createStory>; by: () => Process },
): Reachable {
  return {
    cloud: aws.cloud,
    async handle(request) {
      watch.look()
      const before = aws.beanstalk.state()
      const routed = { state: before, holder: watch.holder(), exact: watch.traffic.exact() }
      const found = { holder: watch.object()?.holder, writtenAt: watch.objectAt() }
      const known = aws.calls.length
      const handled = aws.handle(request)
      const call = aws.calls[known] as RecordedCall
      const process = by()
      const arrival: Arrival = { call, by: process, before, move: watch.traffic.move(call, routed) }
      const swap = moveOf(arrival, watch)
      const verdicts = judged((bench) => judgeArrival(bench, watch, arrival))
      if (swap) {
        watch.swaps.push(swap)
        watch.asked.add(`${process.number} ${swap.to}`)
      }
      if (call.mutating && call.service !== 's3') note(arrival, watch)
      const sentAt = clock.now()
      const outcome = await handled
      const refused = call.error !== undefined && call.error !== 'answer-lost'
      if (swap && refused) watch.swaps.splice(watch.swaps.indexOf(swap), 1)
      const isChange = call.mutating && call.service !== 's3'
      const line = `${call.operation}${isChange ? ` ${JSON.stringify(call.input)}` : ''}${call.error ? ` → ${call.error}` : ''}${clock.now() > sentAt + 1000 ? ' (slow)' : ''}`
      if (isChange || call.error) story.tell(nameOf(process), line)
      else story.quiet(nameOf(process), line)
      // A swap that AWS turned away moved nothing.
      if (!(swap && refused))
        for (const { rule, holds, says } of verdicts) court.check(rule, holds, () => says)
      // Whether one took effect whose answer was lost, nobody knows.
      if (call.error === undefined && isStateWrite(call))
        judgeTaking(court, { by: process, at: sentAt, found })
      for (const { id } of aws.beanstalk.state().environments)
        if (!byId(before, id)) watch.created(id, process)
      watch.look()
      return outcome
    },
  }
}

/** The same for a command that moves traffic, which goes to nobody in AWS. */
function observedCommand(
  command: UserCommand,
  { aws, clock }: Account,
  watch: Watch,
  { court, story, by }: { court: Court; story: ReturnType<typeof createStory>; by: () => Process },
): UserCommand {
  return async (order) => {
    const before = aws.beanstalk.state()
    const exact = watch.traffic.exact()
    let moved: Swap | undefined
    if (order.command === trafficWrite) {
      watch.look()
      const input = order.variables
      const call = { at: clock.now(), service: 'command', operation: trafficWrite, input, mutating: true }
      const move = watch.traffic.move(call, { state: before, holder: watch.holder(), exact })
      const arrival: Arrival = { call, by: by(), before, move }
      judgeArrival(court, watch, arrival)
      moved = moveOf(arrival, watch)
      if (moved) watch.swaps.push(moved)
      story.tell(nameOf(by()), `${trafficWrite} ${input.BLUE_WEIGHT} ${input.GREEN_WEIGHT}`)
    }
    const ran = await command(order)
    if (ran.is !== 'passed') story.tell(nameOf(by()), `${order.command} → ${ran.says}`)
    // It failed before it had done anything.
    if (moved && watch.traffic.exact() === exact) watch.swaps.splice(watch.swaps.indexOf(moved), 1)
    watch.look()
    return ran
  }
}

const isStateWrite = ({ operation, input }: RecordedCall): boolean =>
  operation === 'PutObject' && (input as { readonly Key?: string }).Key === stateKey

interface Verdict {
  readonly rule: RuleName
  readonly holds: boolean
  readonly says: string
}

/** Verdicts about this moment, to be given when the answer is known. */
function judged(judge: (bench: Court) => void): readonly Verdict[] {
  const verdicts: Verdict[] = []
  judge({ check: (rule, holds, says) => verdicts.push({ rule, holds, says: holds ? '' : says() }) })
  return verdicts
}

/** Five minutes, and what lies between the journal's words and the call. */
const graceMs = 6 * 60_000

/** Of inputs such as `30s` and `2m`, in ms. */
const durationOf = (text: string): number => Number.parseInt(text, 10) * (text.endsWith('m') ? 60_000 : 1_000)

function moveOf({ call, by, move }: Arrival, watch: Watch): Swap | undefined {
  const to = move && towards(move)
  if (!move || to === undefined) return undefined
  // What has steps is written down with the longest that they may take.
  const steps = (by.chapter.inputs['traffic-steps']?.split(',').length ?? 1) - 1
  const wayBackUntil =
    call.at + durationOf(by.chapter.inputs['bake-time'] ?? '5m') + graceMs + steps * 180_000
  return {
    at: call.at,
    by: by.number,
    from: watch.holder() ?? '',
    to,
    percent: move.after[to] ?? 0,
    wayBackUntil,
  }
}

function note(arrival: Arrival, watch: Watch): void {
  const { call, by } = arrival
  const target = targetOf(arrival)
  if (!target) return
  if (call.operation === 'UpdateEnvironment') watch.verified.delete(target.id)
  if (call.operation === 'UpdateEnvironment') watch.deployed.add(`${by.number} ${target.id}`)
  // Auto Scaling has no compare-and-set: what a human set between our look and our request is lost, whoever asks.
  const isTooLate = ({ what, id, at }: Watch['byHand'][number]) =>
    what === 'group by hand' && id === target.id && call.at - at < 1_000
  if (call.operation === 'UpdateAutoScalingGroup' && watch.byHand.some(isTooLate))
    watch.bounds.set(target.group?.name ?? '', 'nobody can tell')
}

function watchFaults({ aws }: Account, running: () => Process | undefined, faults: AnyFault[]): void {
  const { faults: ordered } = aws.cloud
  const { strikeCall, strikeEnvironment } = ordered
  const seen = new Set<string>()
  ordered.strikeCall = (operation) => {
    const order = strikeCall(operation)
    if (order) faults.push({ kind: order.fault, stage: running()?.stage() ?? 'between runs' })
    return order
  }
  ordered.strikeEnvironment = (fault, at) => {
    const struck = strikeEnvironment(fault, at)
    const key = `${fault} ${at.environment} ${at.version}`
    if (struck && !(at.peek && seen.has(key))) {
      seen.add(key)
      faults.push({ kind: fault, stage: running()?.stage() ?? 'between runs' })
    }
    return struck
  }
}

function probeOf({ aws, dataPlane }: Account, { canSee }: Chapter): Probe {
  const addresses = (host: string) =>
    aws.names
      .resolve(host)
      .filter(({ type }) => type === 'A')
      .map(({ data }) => data)
      .sort()
  return {
    addresses: async (host) => (canSee ? addresses(host) : []),
    alias: async () => undefined,
    ask: async (url, _signal, at) => {
      if (!canSee) return { is: 'no answer', why: 'no route from here' }
      const { hostname, pathname } = new URL(url)
      const [address] = addresses(at ?? hostname)
      if (!address) return { is: 'no answer', why: `${at ?? hostname} is not known` }
      try {
        const { status } = await dataPlane.request(address, { method: 'GET', host: hostname, path: pathname })
        return { is: 'answer', status, took: 5 }
      } catch (error) {
        return { is: 'no answer', why: String(error) }
      }
    },
  }
}

interface Testing {
  readonly chapter: Chapter
  readonly number: number
  readonly watch: Watch
  readonly probe: Probe
}

/** The user's tests ask the candidate, and know a bad version when they see it. */
function testsOf({ clock }: Account, history: History, { chapter, number, watch, probe }: Testing): Tests {
  return {
    run: async ({ variables }) => {
      await clock.sleep(chapter.testsTakeMs)
      const { VERSION = '', ENVIRONMENT_NAME = '', CANDIDATE_URL = '' } = variables
      const answer = await probe.ask(`${CANDIDATE_URL}/orders`)
      const isGood = answer.is === 'no answer' || answer.status < 400
      if (history.apps[VERSION] === 'fails its tests' || !isGood) return { is: 'failed', says: 'exit code 1' }
      watch.passed.add(`${number} ${ENVIRONMENT_NAME} ${VERSION}`)
      return { is: 'passed', says: 'exit code 0' }
    },
  }
}
