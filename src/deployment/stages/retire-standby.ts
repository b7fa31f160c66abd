import type { HoldCapacityEffect } from '../effects.ts'
import { describe } from '../environment.ts'
import { Failure } from '../errors.ts'
import { holdOf } from '../hold-capacity.ts'
import { wholeOf } from '../move-traffic.ts'
import type { Ms } from '../ports.ts'
import { resize } from '../resize.ts'
import { intend, type Run, settled, warn } from '../run.ts'
import { terminate } from '../terminate.ts'
import { waitUntilUnused } from '../unused.ts'
import { waitUntil } from '../wait-until.ts'
import type { Plan } from './plan.ts'

/** What becomes of the environment that was live: kept as the way back, scaled down, or terminated. */
export async function retireStandby(run: Run, plan: Plan, clientsFollowWithin: Ms): Promise<void> {
  const { settings, ports, record } = run
  const name = plan.live.name
  if (settings.standby === 'keep') {
    const held = heldFor(run, plan.live.id)
    record.left.push(
      `${describe(plan.live)} stays as the way back${held ? `, kept at ${held.now} instances or more (before: ${held.before}); they cost money until it is retired` : ''}`,
    )
    return ports.report.line(`${name} stays as the way back.`)
  }
  const use = await waitUntilUnused(run, {
    id: plan.live.id,
    name,
    followedAt: ports.journal.serverTime() + clientsFollowWithin,
    within: settings.drainTimeout,
  })
  if (use.is === 'used') return refuse(run, plan, use.perSecond)
  await alone(run)
  if (settings.standby === 'scale-down') return scaleDown(run, plan)
  return end(run, plan)
}

/** Never an environment ended or shrunk that still has traffic. */
function refuse(run: Run, { live }: Plan, perSecond: number): void {
  warn(
    run,
    `${live.name} still serves ${perSecond.toFixed(1)} requests a second after the drain-timeout: it is left as it is. Find out who sends them, then end it with: aws elasticbeanstalk terminate-environment --environment-id ${live.id}`,
  )
}

/** No rollback may take over between the last look at the standby and its end. */
async function alone(run: Run): Promise<void> {
  await run.ports.journal.write((now) => ({ ...now, holder: now.holder && { ...now.holder, baking: false } }))
}

/** Below which number of instances it cannot shrink now, and could not before anything was held. */
function heldFor(run: Run, environment: string): { now: number; before: number } | undefined {
  const holds = run.ports.journal.state.kept.filter(
    (effect): effect is HoldCapacityEffect =>
      effect.what === 'hold-capacity' && effect.environment === environment,
  )
  const [newest, oldest] = [holds[0], holds.at(-1)]
  return newest && oldest && { now: newest.after.min, before: oldest.before.min }
}

/** Down to one instance, which still is a way back; the bounds before stay remembered. */
async function scaleDown(run: Run, plan: Plan): Promise<void> {
  const { capacity, journal, report } = run.ports
  const group = await capacity.read(plan.live.id)
  if (!group) return
  const before = heldFor(run, plan.live.id)?.before ?? group.min
  const effect = holdOf(plan.live.id, group, 1)
  await refuseLive(run, plan)
  await journal.write((now) => ({ ...now, kept: [effect, ...now.kept] }))
  run.signal.throwIfAborted()
  await resize(run, group.name, { ...effect.after, desired: 1 })
  run.record.left.push(
    `${describe(plan.live)} stays, scaled down to one instance (before: at least ${before})`,
  )
  report.line(`${plan.live.name} is scaled down to one instance.`)
}

/** A human may have moved production back while clients' DNS answers expired. */
async function refuseLive(run: Run, plan: Plan): Promise<void> {
  const { live, production } = plan
  const router = run.ports.routerFor({ ids: [live.id], productionCname: production.cname })
  if (wholeOf(await router.read()) !== live.id) return
  throw new Failure(`${describe(live)} has production traffic again; it stays as it is.`)
}

async function end(run: Run, plan: Plan): Promise<void> {
  const { beanstalk, journal, report } = run.ports
  const { id, name } = plan.live
  const effect = await intend(run, { what: 'terminate', way: 'finish', environment: id, name })
  const since = (await beanstalk.newestEventAt(id)) + 1
  await terminate(run, id)
  await waitUntil(run, {
    sentence: `${name} is terminated`,
    expected: 300_000,
    within: 30 * 60_000,
    look: async () => {
      const [now] = await beanstalk.read([id])
      if (!now) return { is: 'done', value: undefined }
      if (now.status === 'Terminating') return { is: 'waiting', saw: 'it is Terminating' }
      const events = await beanstalk.events(id, since)
      const error = events.findLast(({ severity }) => severity === 'error')
      if (error)
        return { is: 'doomed', failure: new Failure(`${name} could not be terminated: ${error.message}`) }
      return { is: 'waiting', saw: `it is ${now.status}` }
    },
  })
  await settled(run, effect)
  await journal.write((now) => ({
    ...now,
    kept: now.kept.filter((one) => one.what !== 'hold-capacity' || one.environment !== id),
  }))
  run.record.left.push(`${name} (${id}) was terminated: there is no instant way back any more`)
  report.line(`${name} is terminated.`)
}
