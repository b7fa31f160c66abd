import type { Group, Surroundings } from './group.ts'
import { resize } from './scale.ts'

/** How long traffic must have been low before the group shrinks, in ms. [DG:command-options-general aws:autoscaling:trigger] */
export const breachMs = 5 * 60_000

/** Between two changes of size, in ms. [DG:command-options-general aws:autoscaling:asg Cooldown] */
export const cooldownMs = 360_000

/**
 * Takes one instance from a group whose traffic has been low since `idleSince`: Beanstalk's default trigger. Never
 * below the minimum, never during the cooldown.
 */
export function shrinkWhenIdle(cloud: Surroundings, group: Group, idleSince: number | undefined): void {
  const now = cloud.clock.now()
  if (idleSince === undefined || now - idleSince < breachMs) return
  if (group.desired <= group.min || now - group.scaledAt < cooldownMs) return
  resize(cloud, group, { desired: group.desired - 1 })
}
