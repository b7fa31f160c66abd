import type { Effect, HoldCapacityEffect } from './effects.ts'
import { Failure } from './errors.ts'
import type { Group, Ms } from './ports.ts'
import { resize } from './resize.ts'
import { intend, type Run, warn } from './run.ts'
import { waitUntil } from './wait-until.ts'

/** Who must not shrink, and below what. */
export interface Hold {
  readonly environment: { readonly id: string; readonly name: string }
  readonly atLeast: number
  /** How many are waited for; `atLeast` when left out. */
  readonly enough?: number
  /** How long; as long as the whole operation may take when left out. */
  readonly within?: Ms
}

/** Nobody who presses rollback waits for ever: what is not up by then will not come up by itself, in ms. */
export const capacityForRollback: Ms = 12 * 60_000

/**
 * Keeps an environment's group at `atLeast` instances and waits until they are in service. Default triggers shrink
 * what idles within minutes; Beanstalk's own option would make the environment Updating, so this goes to the group.
 */
export async function holdCapacity(
  run: Run,
  { environment, atLeast, enough = atLeast, within = run.settings.timeout }: Hold,
): Promise<void> {
  const { capacity, report } = run.ports
  const group = await capacity.read(environment.id)
  if (!group) throw new Failure(`${environment.name} has no Auto Scaling group: its capacity cannot be held.`)
  if (group.min < atLeast) {
    const effect = await intend(run, holdOf(environment.id, group, atLeast))
    report.line(`${environment.name} keeps at least ${atLeast} instances (before: ${effect.before.min})`)
    await resize(run, group.name, { ...effect.after, desired: Math.max(group.desired, atLeast) })
  }
  if (group.inService >= enough) {
    if (group.inService < atLeast) sayFewer(run, { environment, atLeast }, group.inService)
    return
  }
  await waitUntil(run, {
    sentence: `${environment.name} has ${enough} instances in service`,
    expected: 150_000,
    within,
    look: async () => {
      const now = await capacity.read(environment.id)
      if ((now?.inService ?? 0) >= enough) return { is: 'done', value: undefined }
      return { is: 'waiting', saw: `${now?.inService ?? 0} in service` }
    },
  })
}

function sayFewer(run: Run, { environment, atLeast }: Hold, inService: number): void {
  warn(
    run,
    `${environment.name} has ${inService} of ${atLeast} instances in service (\`force: true\`): fewer instances take all traffic until the others are up.`,
  )
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
 * A hold on the group as it is now. Where an earlier one stands, this one lies on top of it and gives back what that one
 * gave: replacing it would lose the group's own bounds when the run dies before its request is sent.
 */
export const holdOf = (environment: string, group: Group, min: number): HoldCapacityEffect => ({
  what: 'hold-capacity',
  way: 'undo',
  environment,
  group: group.name,
  before: { min: group.min, max: group.max },
  after: { min, max: Math.max(group.max, min) },
})

/** Does the group still have the bounds that the hold gave it? */
export const stands = ({ after }: HoldCapacityEffect, group: Group): boolean =>
  group.min === after.min && group.max === after.max
