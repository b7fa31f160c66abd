import { sentence } from './effects.ts'
import { AnswerLost, Cancelled, Failure, HeldBy, LostLock, messageOf, Unreachable } from './errors.ts'
import { dropForeign } from './foreign.ts'
import { hearLastWords } from './last-words.ts'
import { lookAhead } from './look-ahead.ts'
import { movedOtherwise } from './moved-otherwise.ts'
import type { Ending, Outcome } from './outcome.ts'
import { overtaken } from './overtaken.ts'
import type { PairState, Ports, Taking } from './ports.ts'
import { afterCancelling, lookAtHealth, recoverLater, tryAgain } from './remedies.ts'
import { newRun, type Run, under, warn } from './run.ts'
import { seeing } from './seeing.ts'
import type { OperationName, Settings } from './settings.ts'
import { type Fate, settle } from './settle.ts'
import type { Policy } from './settle-route.ts'
import { lookAtPair, type WholeSight } from './sight.ts'
import { tell } from './tell.ts'
import { inWords, isAborted } from './wait-until.ts'
import { whatChanges } from './what-changes.ts'

/** An operation: takes the lock, settles what a dead run left, does its work, settles its own mishaps, and tells. */
export type Operation = (ports: Ports, settings: Settings) => Promise<Outcome>

/** How an operation treats the runs before it. */
export interface Manners {
  /** Whose lock it may take at once. */
  readonly over: 'nobody' | 'a bake'
  /** What it does with what a dead or overtaken run left. */
  readonly leftovers: Policy
  /** Asked before it takes the lock from a run that bakes: how it ends if it does not. */
  readonly whyNotOvertake?: (run: Run, state: PairState) => Promise<Ending | undefined>
  /** In a hurry it asks side by side, while it takes the lock, what it will want to know. */
  readonly pace?: 'in a hurry'
}

/** Makes an operation of its work. The one place that holds try, settle and outcome. */
export function operate(
  name: OperationName,
  manners: Manners,
  work: (run: Run) => Promise<Ending>,
): Operation {
  return async (ports, settings) => {
    const began = ports.clock.now()
    const limit = timeLimit(ports, settings)
    const run = newRun({ ports, settings, signal: limit.signal })
    let ending: Ending
    let bug: Error | undefined
    try {
      ending = await begin(run, manners, work)
    } catch (thrown) {
      if (isBug(thrown)) bug = thrown
      ending = await endBadly(run, manners, thrown)
    } finally {
      limit.stop()
    }
    return tell(run, { name, ending, took: ports.clock.now() - began, bug })
  }
}

async function begin(run: Run, manners: Manners, work: (run: Run) => Promise<Ending>): Promise<Ending> {
  const { journal } = run.ports
  const { untaken, sight } = await run.stage('Lock', (stage) => takeLock(stage, manners))
  if (untaken) return untaken
  const otherwise = movedOtherwise(run, journal.state)
  if (otherwise) {
    await journal.release()
    return otherwise
  }
  run.record.found = journal.state.promotions[0]
  const eyed = sight ? seeing(run, sight) : run
  await dropForeign(eyed)
  const isClean = journal.state.pending.length === 0
  const left = await settleLeftovers(run, manners)
  run.record.hasBegun = left.is === 'settled'
  const ending: Ending =
    left.is === 'stuck'
      ? { is: 'stuck', says: `What an earlier run left could not be settled: ${left.why}` }
      : await work(isClean ? eyed : run)
  await journal.release()
  return ending
}

/** The ending, if the lock was left to another run; else what was seen of the pair as soon as it was taken. */
interface Taken {
  readonly untaken: Ending | undefined
  readonly sight: WholeSight | undefined
}

async function takeLock(run: Run, { over, whyNotOvertake, pace }: Manners): Promise<Taken> {
  const { lock, lockWait } = run.settings
  let untaken: Ending | undefined
  if (lock === 'none')
    warn(
      run,
      '`lock: none`: nobody keeps this run and another one apart, and nothing is remembered: no rollback afterwards, and nobody settles what is left open if this job dies.',
    )
  const changes = () => whatChanges(run)
  const mayOvertake = async (state: PairState): Promise<boolean> => {
    untaken = movedOtherwise(run, state) ?? (await whyNotOvertake?.(run, state))
    return untaken === undefined
  }
  const shared: Taking['shared'] = (environment, pair) => run.record.shared.push({ environment, pair })
  const hints = pace && lookAhead(run).catch(() => [])
  let sight: Promise<WholeSight | undefined> | undefined
  const locked = () => {
    if (hints !== undefined) sight = lookAtPair(run, hints)
  }
  await run.ports.journal.take(lockWait, over, { changes, mayOvertake, locked, shared })
  return { untaken, sight: await sight }
}

async function settleLeftovers(run: Run, manners: Manners): Promise<Fate> {
  if (run.ports.journal.state.pending.length === 0) return { is: 'settled', cameBack: false }
  return run.stage('Settle what an earlier run left', (stage) => settle(stage, manners.leftovers))
}

/** What failed decides what may still be done: nothing without the lock, nothing but stopping when cancelled. */
async function endBadly(run: Run, manners: Manners, thrown: unknown): Promise<Ending> {
  const { journal, report, cancelled } = run.ports
  if (thrown instanceof Failure) {
    run.record.remedies.push(...thrown.remedies)
    if (thrown.sick) run.record.sick = { ...thrown.sick, says: thrown.message }
  }
  if (thrown instanceof Unreachable) run.record.remedies.push(...(thrown.remedies ?? [tryAgain]))
  if (thrown instanceof AnswerLost) run.record.remedies.push(tryAgain)
  if (thrown instanceof HeldBy) return { is: 'failed', says: thrown.message }
  if (thrown instanceof LostLock) return overtaken(run, thrown)
  if (cancelled.aborted) return stopped(run)
  report.line(`Failed: ${messageOf(thrown)}`)
  try {
    const still = under(run, AbortSignal.any([cancelled, journal.lost]))
    return await takeBack(still, manners, messageOf(thrown))
  } catch (trouble) {
    if (trouble instanceof LostLock) return overtaken(run, trouble)
    if (cancelled.aborted) return stopped(run)
    sayWhenStuck(run)
    // Nothing more is sent: a lock that is renewed for ever keeps everybody out, and the process alive.
    await journal.release()
    return cutOff(run, messageOf(thrown), messageOf(trouble))
  }
}

/** What is open and has nothing to do with traffic can wait for the next run. */
function cutOff({ ports, record }: Run, why: string, trouble: string): Ending {
  const { pending } = ports.journal.state
  record.left.push(...pending.map((effect) => `still open, for the next run to settle: ${sentence(effect)}`))
  const says = why === trouble ? why : `${why} While taking it back: ${trouble}`
  return { is: pending.some(({ what }) => what === 'route') ? 'stuck' : 'failed', says }
}

/** Look first; last of all let the action try again. */
function sayWhenStuck({ record, settings }: Run): void {
  record.remedies.unshift(lookAtHealth(settings))
  record.remedies.push(recoverLater)
}

async function takeBack(run: Run, manners: Manners, why: string): Promise<Ending> {
  const { journal } = run.ports
  const fate = await settleOwn(run, manners)
  await hearLastWords(run)
  await journal.release()
  if (fate.is === 'stuck') {
    sayWhenStuck(run)
    // Said once, when it was refused twice.
    const also = fate.why === why ? '.' : `: ${fate.why}`
    return { is: 'stuck', says: `${why} It could not be taken back${also}` }
  }
  if (!fate.cameBack && run.record.wayBackEnded !== undefined) run.record.left.push(run.record.wayBackEnded)
  if (!fate.cameBack) return { is: 'failed', says: why }
  // For a rollback that was the work: settling has brought it to its end.
  if (manners.leftovers === 'go back')
    return { is: 'restored', says: `${why} Production went back all the same.` }
  return { is: 'rolled-back', says: why }
}

/** What this run did goes back; what it had found and not looked through yet is settled as before. */
async function settleOwn(run: Run, manners: Manners): Promise<Fate> {
  if (!run.record.hasBegun) {
    await dropForeign(run)
    return settleLeftovers(run, manners)
  }
  if (run.ports.journal.state.pending.length === 0) return { is: 'settled', cameBack: false }
  return run.stage('Take back', (stage) => settle(stage, 'go back'))
}

/** Main has ten seconds: it leaves everything to the post step, and names it. */
function stopped(run: Run): Ending {
  const open = run.ports.journal.state.pending
  if (run.record.underWay !== undefined) run.record.left.push(run.record.underWay)
  run.record.left.push(
    ...open.map((effect) => `still open, for the post step to settle: ${sentence(effect)}`),
  )
  run.record.remedies.push(afterCancelling)
  return {
    is: 'failed',
    says:
      open.length === 0
        ? 'Cancelled. Nothing of this run is open.'
        : 'Cancelled. The post step settles what is open, traffic first.',
  }
}

/** A failure that the domain foresees is an ending; anything else is a mistake of ours and keeps its stack. */
export const isBug = (thrown: unknown): thrown is Error =>
  thrown instanceof Error &&
  !(
    thrown instanceof Failure ||
    thrown instanceof LostLock ||
    thrown instanceof Cancelled ||
    thrown instanceof AnswerLost ||
    thrown instanceof Unreachable ||
    isAborted(thrown)
  )

function timeLimit(ports: Ports, settings: Settings) {
  const over = new AbortController()
  const stopped = new AbortController()
  const outOfTime = new Failure(`Not done within the timeout of ${inWords(settings.timeout)}.`, [
    { why: 'Allow it more time if Beanstalk simply needs it: raise the input `timeout`.' },
  ])
  ports.clock.sleep(settings.timeout, stopped.signal).then(
    () => over.abort(outOfTime),
    () => undefined,
  )
  return {
    signal: AbortSignal.any([ports.cancelled, ports.journal.lost, over.signal]),
    stop: () => stopped.abort(),
  }
}
