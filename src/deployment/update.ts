import { refusedOption } from './configuration/refused-option.ts'
import type { Timed } from './durations.ts'
import type { Environment } from './environment.ts'
import { wholeOf } from './move-traffic.ts'
import { movedMeanwhile } from './moved-meanwhile.ts'
import type { Accepted } from './ports.ts'
import type { Run } from './run.ts'
import { maybe } from './sent-once.ts'
import type { Plan } from './stages/plan.ts'
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

/** Sends an update and follows Beanstalk to its end. A request that never arrived is sent once more. */
export async function update(
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
  const route = await run.ports.routerFor({ ids, productionCname: plan.production.cname }).read()
  if (wholeOf(route) === plan.live.id) return
  throw movedMeanwhile(plan)
}
