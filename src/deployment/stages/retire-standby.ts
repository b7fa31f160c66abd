import { describe } from '../environment.ts'
import type { Ms } from '../ports.ts'
import { heldFor, putAway } from '../put-away.ts'
import { type Run, warn } from '../run.ts'
import type { Plan } from './plan.ts'

/** What becomes of the environment that was live: kept as the way back, scaled down, or terminated. */
export async function retireStandby(run: Run, plan: Plan, clientsFollowWithin: Ms): Promise<void> {
  const { settings, ports } = run
  const { live: target, production } = plan
  if (settings.standby === 'keep') return keep(run, plan)
  const use = await putAway(run, {
    target,
    how: settings.standby,
    productionCname: production.cname,
    followedAt: ports.journal.serverTime() + clientsFollowWithin,
  })
  if (use.is === 'unused') return
  warn(
    run,
    `${target.name} still serves ${use.perSecond.toFixed(1)} requests a second after the drain-timeout: it is left as it is. Find out who sends them, then end it with: aws elasticbeanstalk terminate-environment --environment-id ${target.id}`,
  )
}

function keep(run: Run, { live }: Plan): void {
  const held = heldFor(run, live.id)
  run.record.left.push(
    `${describe(live)} stays as the way back${held ? `, kept at ${held.now} instances or more (before: ${held.before}); they cost money until it is retired` : ''}`,
  )
  run.ports.report.line(`${live.name} stays as the way back.`)
}
