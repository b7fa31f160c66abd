import { createEnvironment, createFrom, createLike } from '../create-environment.ts'
import { deployTo } from '../deploy-to.ts'
import type { Environment } from '../environment.ts'
import { adoptHolds, holdCapacity } from '../hold-capacity.ts'
import type { Run } from '../run.ts'
import { instancesForFirst } from '../steps.ts'
import type { Plan } from './plan.ts'
import type { FirstPlan } from './plan-first.ts'

/** Brings the version up in the environment without traffic, with at least the capacity that live has now. */
export async function prepareCandidate(run: Run, plan: Plan, version: string): Promise<Environment> {
  const candidate = await bringIn(run, plan, version)
  await adoptHolds(run, candidate.id)
  const live = await run.ports.capacity.read(plan.live.id)
  if (live)
    await holdCapacity(run, { environment: candidate, atLeast: instancesForFirst(run, plan, live.inService) })
  return candidate
}

/** Brings the version into the environment without traffic, which is created if it does not exist. */
export const bringIn = (run: Run, plan: Plan, version: string): Promise<Environment> =>
  plan.other.now
    ? deployTo(run, { plan, candidate: plan.other.now, version })
    : createCandidate(run, plan, version)

/** Creates the very first environment, with the production address. */
export function createFirst(run: Run, plan: FirstPlan, version: string): Promise<Environment> {
  const { template, platform, blueEnvironment } = run.settings
  const base = template === undefined ? { platform: platform as string } : { template }
  return createEnvironment(run, { name: blueEnvironment, version, base, cnamePrefix: plan.prefix })
}

function createCandidate(run: Run, plan: Plan, version: string): Promise<Environment> {
  const { template } = run.settings
  const { name } = plan.other
  if (template !== undefined) return createFrom(run, { name, version, template, live: plan.live })
  const without = run.settings.copyVariables ? '' : ', without its environment properties (`copy-variables`)'
  run.ports.report.line(
    `${name} does not exist: it is created with the configuration of ${plan.live.name}${without}.`,
  )
  return createLike(run, { live: plan.live, liveOptions: plan.liveOptions, name, version })
}
