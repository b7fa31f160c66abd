import type { Effect, HoldCapacityEffect } from './effects.ts'
import { Failure } from './errors.ts'
import type { Group } from './ports.ts'
import type { Run } from './run.ts'
import { waitUntil } from './wait-until.ts'

/** Who must not shrink, and below what. */
export interface Hold {
  readonly environment: { readonly id: string; readonly name: string }
  readonly atLeast: number
}

/**
 * Keeps an environment's group at `atLeast` instances and waits until they are in service. Default triggers shrink
 * what idles within minutes; Beanstalk's own option would make the environment Updating, so this goes to the group.
 */
export async function holdCapacity(run: Run, { environment, atLeast }: Hold): Promise<void> {
  const { capacity, report } = run.ports
  const group = await capacity.read(environment.id)
  if (!group) throw new Failure(`${environment.name} has no Auto Scaling group: its capacity cannot be held.`)
  if (group.min < atLeast) {
    const effect = await intendHold(run, { environment: environment.id, group, atLeast })
    run.signal.throwIfAborted()
    report.line(`${environment.name} keeps at least ${atLeast} instances (before: ${effect.before.min})`)
    await capacity.resize(group.name, { ...effect.after, desired: Math.max(group.desired, atLeast) })
  }
  if (group.inService >= atLeast) return
  await waitUntil(run, {
    sentence: `${environment.name} has ${atLeast} instances in service`,
    expected: 150_000,
    within: run.settings.timeout,
    look: async () => {
      const now = await capacity.read(environment.id)
      if ((now?.inService ?? 0) >= atLeast) return { is: 'done', value: undefined }
      return { is: 'waiting', saw: `${now?.inService ?? 0} in service` }
    },
  })
}

/**
 * Capacity that was held for the environment while it was the way back is this run's to give back from now on: what
 * is brought up in it now is no way back.
 */
export async function adoptHolds(run: Run, environment: string): Promise<void> {
  const { journal } = run.ports
  const isOwn = (effect: Effect) => effect.what === 'hold-capacity' && effect.environment === environment
  if (!journal.state.kept.some(isOwn)) return
  await journal.write((now) => ({
    ...now,
    pending: [...now.kept.filter(isOwn), ...now.pending],
    kept: now.kept.filter((effect) => !isOwn(effect)),
  }))
}

/**
 * One hold per group: what an earlier one, perhaps kept since another run, says of the bounds before still counts,
 * unless somebody changed them since.
 */
async function intendHold(
  run: Run,
  { environment, group, atLeast }: { environment: string; group: Group; atLeast: number },
): Promise<HoldCapacityEffect> {
  const { journal } = run.ports
  const earlier = [...journal.state.pending, ...journal.state.kept].find(isHoldOf(group.name))
  const effect: HoldCapacityEffect = {
    what: 'hold-capacity',
    way: 'undo',
    environment,
    group: group.name,
    before: earlier && stands(earlier, group) ? earlier.before : { min: group.min, max: group.max },
    after: { min: atLeast, max: Math.max(group.max, atLeast) },
  }
  await journal.write((now) => ({
    ...now,
    pending: [effect, ...now.pending.filter((one) => one !== earlier)],
    kept: now.kept.filter((one) => one !== earlier),
  }))
  return effect
}

const isHoldOf =
  (group: string) =>
  (effect: Effect): effect is HoldCapacityEffect =>
    effect.what === 'hold-capacity' && effect.group === group

/** Does the group still have the bounds that the hold gave it? */
export const stands = ({ after }: HoldCapacityEffect, group: Group): boolean =>
  group.min === after.min && group.max === after.max
