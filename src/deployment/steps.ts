import type { Ms, TrafficRouter } from './ports.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'

/** Per cent, each more than the one before, with 100 at the end. */
export type Steps = readonly [number, ...number[]]

const whole: Steps = [100]

/** Per cent that go to the new side, one after the other: all at once where the router can do no other, and on any way back. */
export const stepsOf = ({ settings }: Run, { moves }: Pick<TrafficRouter, 'moves'>): Steps => {
  const { operation } = settings
  const goesForward = operation === 'deploy' || operation === 'promote'
  return moves === 'in-steps' && goesForward ? settings.trafficSteps : whole
}

/** How long each step but the last is watched: clients follow it first, in ms. */
export const stepLasts = ({ settings }: Run, { clientsFollowWithin }: TrafficRouter): Ms =>
  clientsFollowWithin + settings.stepInterval

/** All steps but the last are watched before the bake begins, in ms. */
export const stepsLast = (run: Run, router: TrafficRouter): Ms => {
  const steps = stepsOf(run, router)
  return steps === whole ? 0 : (steps.length - 1) * (router.takes.latest + stepLasts(run, router))
}

/** How many instances carry so much of what live carries with all of its own. */
export const instancesFor = (percent: number, inService: number): number =>
  Math.ceil((inService * percent) / 100)

/** How many the candidate needs for the first step that it will be given. */
export function instancesForFirst(run: Run, { live, production }: Plan, inService: number): number {
  const router = run.ports.routerFor({ ids: [live.id], productionName: production.cname })
  return instancesFor(stepsOf(run, router)[0], inService)
}
