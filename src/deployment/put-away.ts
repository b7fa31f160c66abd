import type { HoldCapacityEffect } from './effects.ts'
import { endEnvironment } from './end-environment.ts'
import { describe, type Environment } from './environment.ts'
import { Conflict } from './errors.ts'
import { holdOf } from './hold-capacity.ts'
import { gets } from './move-traffic.ts'
import { refuseNeeded } from './needed.ts'
import type { Instant } from './ports.ts'
import { resize } from './resize.ts'
import type { Run } from './run.ts'
import { type Use, waitUntilUnused } from './unused.ts'

/** An environment without production, and what becomes of it. */
export interface PutAway {
  readonly target: Environment
  readonly how: 'scale-down' | 'terminate'
  readonly productionName: string
  /** What it is the way back of, when it stays while that is sick. */
  readonly wayBackOf?: Environment
  /** When the last DNS answer that leads there expires, by S3's clock. */
  readonly followedAt: Instant
}

/** Scales the environment down or ends it once nobody is on it; while somebody is, it stays as it is. */
export async function putAway(run: Run, order: PutAway): Promise<Use> {
  const { target, how, followedAt } = order
  const { id, name } = target
  const use = await waitUntilUnused(run, { id, name, followedAt, within: run.settings.drainTimeout })
  if (use.is === 'used') return use
  await alone(run)
  if (order.wayBackOf) await refuseSick(run, target, order.wayBackOf)
  await refuseLive(run, order)
  if (how === 'scale-down') await scaleDown(run, order)
  else {
    await endEnvironment(run, target)
    run.record.left.push(`${name} (${id}) was terminated: there is no instant way back any more`)
  }
  return use
}

/** No rollback may take over between the last look at the environment and its end. */
async function alone(run: Run): Promise<void> {
  await run.ports.journal.write((now) => ({ ...now, holder: now.holder && { ...now.holder, baking: false } }))
}

/** It may have got sick while clients' DNS answers expired. */
async function refuseSick(run: Run, target: Environment, live: Environment): Promise<void> {
  const [now] = await run.ports.beanstalk.read([live.id])
  refuseNeeded(now ?? { ...live, health: 'unknown' }, target)
}

/** A human may have moved production back while clients' DNS answers expired. */
async function refuseLive(run: Run, { target, productionName }: PutAway): Promise<void> {
  const router = run.ports.routerFor({ ids: [target.id], productionName })
  const now = await router.read()
  if (gets(now, target.id))
    throw new Conflict(`${describe(target)} has production traffic again; it stays as it is.`)
  if (!now.settled)
    throw new Conflict(`Somebody else is changing ${describe(target)} just now; it stays as it is.`)
}

/** Below which number of instances it cannot shrink now, and could not before anything was held. */
export function heldFor(run: Run, environment: string): { now: number; before: number } | undefined {
  const holds = run.ports.journal.state.kept.filter(
    (effect): effect is HoldCapacityEffect =>
      effect.what === 'hold-capacity' && effect.environment === environment,
  )
  const [newest, oldest] = [holds[0], holds.at(-1)]
  return newest && oldest && { now: newest.after.min, before: oldest.before.min }
}

/** Down to one instance, which still is a way back; the bounds before stay remembered. */
async function scaleDown(run: Run, order: PutAway): Promise<void> {
  const { capacity, journal, report } = run.ports
  const { target } = order
  const group = await capacity.read(target.id)
  if (!group) return
  if (group.min <= 1 && group.desired <= 1) return report.line(`${target.name} has one instance already.`)
  const before = heldFor(run, target.id)?.before ?? group.min
  const effect = holdOf(target.id, group, 1)
  await refuseLive(run, order)
  await journal.write((now) => ({ ...now, kept: [effect, ...now.kept] }))
  run.signal.throwIfAborted()
  await resize(run, group.name, { ...effect.after, desired: 1 })
  run.record.left.push(`${describe(target)} stays, scaled down to one instance (before: at least ${before})`)
  report.line(`${target.name} is scaled down to one instance.`)
}
