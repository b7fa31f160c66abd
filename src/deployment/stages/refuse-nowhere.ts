import { describe } from '../environment.ts'
import { Failure } from '../errors.ts'
import type { Plan } from './plan.ts'

/** Nothing is live as long as nobody is led to it: throws Failure where nothing stands at the production name. */
export function refuseNowhere({
  live,
  production,
  leadsNowhere,
}: Pick<Plan, 'live' | 'production' | 'leadsNowhere'>): void {
  if (!leadsNowhere) return
  throw new Failure(
    `Nothing stands at ${production.cname} yet, so nobody is led to ${describe(live)}, the only environment there is. Nothing was changed.`,
    [
      leadsNowhere,
      { why: 'Or have it proven and led to, by this action with:', workflow: 'operation: deploy' },
    ],
  )
}
