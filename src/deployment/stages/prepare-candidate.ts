import { createEnvironment, createLike } from '../create-environment.ts'
import { deployTo } from '../deploy-to.ts'
import type { Environment } from '../environment.ts'
import { adoptHolds, holdCapacity } from '../hold-capacity.ts'
import type { Run } from '../run.ts'
import type { Plan } from './plan.ts'
import type { FirstPlan } from './plan-first.ts'

/** Brings the version up in the environment without traffic, with at least the capacity that live has now. */
export async function prepareCandidate(run: Run, plan: Plan, version: string): Promise<Environment> {
  const candidate = plan.other.now
    ? await deployTo(run, { plan, candidate: plan.other.now, version })
    : await createCandidate(run, plan, version)
  await adoptHolds(run, candidate.id)
  const live = await run.ports.capacity.read(plan.live.id)
  if (live) await holdCapacity(run, { environment: candidate, atLeast: live.inService })
  return candidate
}

/** Creates the very first environment, with the production address. */
export function createFirst(run: Run, plan: FirstPlan, version: string): Promise<Environment> {
  const { template, platform, blueEnvironment } = run.settings
  const base = template === undefined ? { platform: platform as string } : { template }
  return createEnvironment(run, { name: blueEnvironment, version, base, cnamePrefix: plan.prefix })
}

function createCandidate(run: Run, plan: Plan, version: string): Promise<Environment> {
  const { template } = run.settings
  const { name } = plan.other
  if (template !== undefined) return createEnvironment(run, { name, version, base: { template } })
  run.ports.report.line(`${name} does not exist: it is created with the configuration of ${plan.live.name}.`)
  return createLike(run, { live: plan.live, liveOptions: plan.liveOptions, name, version })
}
