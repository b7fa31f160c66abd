import { leaveOut } from '../attach.ts'
import { describe, isEnding } from '../environment.ts'
import type { TrafficRouter } from '../ports.ts'
import { heldFor, putAway } from '../put-away.ts'
import { type Run, warn } from '../run.ts'
import type { Plan } from './plan.ts'

/** What becomes of the environment that was live: kept as the way back, scaled down, or terminated. */
export async function retireStandby(run: Run, plan: Plan, router: TrafficRouter): Promise<void> {
  const { settings, ports } = run
  const { live: target, production } = plan
  if (settings.standby === 'keep') {
    await keep(run, plan)
    return leaveOut(run, router, target.id)
  }
  const use = await putAway(run, {
    target,
    how: settings.standby,
    productionName: production.cname,
    followedAt: ports.journal.serverTime() + router.clientsFollowWithin,
  })
  if (use.is === 'unused') {
    // What is terminated has been detached before.
    if (settings.standby === 'scale-down') await leaveOut(run, router, target.id)
    return
  }
  warn(
    run,
    `${target.name} still serves ${use.perSecond.toFixed(1)} requests a second after the drain-timeout: it is left as it is. Find out who sends them, then end it with: aws elasticbeanstalk terminate-environment --environment-id ${target.id}`,
  )
}

/** Somebody may have ended it in the bake. */
async function keep(run: Run, { live }: Plan): Promise<void> {
  const [now] = await run.ports.beanstalk.read([live.id])
  if (!now || isEnding(now)) {
    run.record.left.push(
      `${live.name} (${live.id}) ${now ? `is ${now.status}` : 'is gone'}: there is no instant way back any more`,
    )
    return
  }
  const held = heldFor(run, live.id)
  run.record.left.push(
    `${describe(live)} stays as the way back${held ? `, kept at ${held.now} instances or more (before: ${held.before}); they cost money until it is retired` : ''}`,
  )
  run.ports.report.line(`${live.name} stays as the way back.`)
}
