import { refusedOption } from './configuration/refused-option.ts'
import type { Timed } from './durations.ts'
import { type Environment, isReady } from './environment.ts'
import { NotYet } from './errors.ts'
import { isOn } from './move-traffic.ts'
import { movedMeanwhile } from './moved-meanwhile.ts'
import type { Accepted } from './ports.ts'
import { readEvents } from './remedies.ts'
import type { Run } from './run.ts'
import { maybe } from './sent-once.ts'
import type { Plan } from './stages/plan.ts'
import { waitUntil } from './wait-until.ts'
import { type Ended, watchOperation } from './watch-operation.ts'

/** One update of an environment that nobody is on. */
export interface Update {
  readonly plan: Plan
  readonly candidate: Environment
  /** What it does, after "Beanstalk goes on": `deploying 1.4.0 to shop-green`. */
  readonly doing: string
  /** What is awaited: `shop-green runs 1.4.0`. */
  readonly sentence: string
  /** What kind it is, for how long it usually takes. */
  readonly takes: Timed
  send(): Promise<Accepted>
}

/**
 * Sends an update and follows Beanstalk to its end. A request that never arrived is sent once more; so is one that found the
 * environment busy, when that is over: the plan is as old as the waiting since was long.
 */
export async function update(run: Run, order: Update): Promise<Ended> {
  try {
    return await updateNow(run, order)
  } catch (thrown) {
    if (!(thrown instanceof NotYet)) throw thrown
    run.ports.report.line(`${order.candidate.name} is busy by now: that is waited for.`)
    await readyAgain(run, order.candidate)
    return updateNow(run, order)
  }
}

/** Beanstalk may still show it as it was before. */
async function readyAgain(run: Run, { id, name }: Environment): Promise<void> {
  await waitUntil(run, {
    sentence: `${name} is Ready again`,
    expected: 30_000,
    hasJustBegun: true,
    within: run.settings.waitForReady,
    whenOver: () => [readEvents(id)],
    look: async () => {
      const [now] = await run.ports.beanstalk.read([id])
      if (!now || isReady(now)) return { is: 'done', value: undefined }
      return { is: 'waiting', saw: `it is ${now.status}` }
    },
  })
}

async function updateNow(
  run: Run,
  { plan, candidate, doing, sentence, takes, send }: Update,
): Promise<Ended> {
  const { beanstalk, report } = run.ports
  const since = (await beanstalk.newestEventAt(candidate.id)) + 1
  await refuseMoved(run, plan, candidate)
  run.signal.throwIfAborted()
  run.record.underWay = `Beanstalk goes on ${doing}`
  const sent = () => send().catch((thrown: unknown) => refusedOption(run, candidate, thrown))
  const request = await maybe(sent)
  const watched = { id: candidate.id, sentence, request, since, takes }
  const ended = await watchOperation(run, watched)
  run.record.underWay = undefined
  if (ended.is === 'ended') return ended
  report.line('That request never arrived: it is sent once more.')
  run.signal.throwIfAborted()
  return watchOperation(run, { ...watched, request: await sent() })
}

/** The last look before the request: the plan is as old as the waiting was long. */
async function refuseMoved(run: Run, plan: Plan, candidate: Environment): Promise<void> {
  const ids = [plan.live.id, candidate.id]
  const route = await run.ports.routerFor({ ids, productionName: plan.production.cname }).read()
  if (isOn(route, plan.live.id)) return
  throw movedMeanwhile(plan)
}
