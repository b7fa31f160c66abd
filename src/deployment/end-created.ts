import { listed } from './create-once.ts'
import type { CreateEnvironmentEffect } from './effects.ts'
import { type Environment, isEnding, isReady } from './environment.ts'
import { forgetEnded } from './gone.ts'
import { gets } from './move-traffic.ts'
import { knownProductionName, sureProductionName } from './production-name.ts'
import { lastMoveAt } from './promotions.ts'
import { type Run, warn } from './run.ts'
import { terminate } from './terminate.ts'
import { waitUntilUnused } from './unused.ts'
import { waitUntil } from './wait-until.ts'

/** Settles an environment that a deployment created and that is not wanted: ended or kept, as that deployment said. */
export async function endCreated(run: Run, effect: CreateEnvironmentEffect): Promise<void> {
  const found = await listed(run, effect)
  if (!found || isEnding(found)) return
  if (await hasProduction(run, found)) {
    run.record.left.push(`environment ${found.name} (${found.id}) stays: it has production traffic`)
    return
  }
  if (effect.onFailure === 'keep') return keep(run, found, 'for a look (on-failure: keep)')
  await whenIdle(run, effect)
  await end(run, found)
}

async function hasProduction(run: Run, { id }: Environment): Promise<boolean> {
  const productionName = await knownProductionName(run)
  return (
    productionName !== undefined && gets(await run.ports.routerFor({ ids: [id], productionName }).read(), id)
  )
}

/** The environment that the effect speaks of, known by its nonce. */
export async function findCreated(
  run: Run,
  effect: CreateEnvironmentEffect,
): Promise<Environment | undefined> {
  const found = await run.ports.beanstalk.find([effect.name])
  return found.find(({ description }) => description.includes(`(${effect.nonce})`))
}

/** Beanstalk ends no environment that is still being launched [aws-semantics A.3]. */
async function whenIdle(run: Run, effect: CreateEnvironmentEffect): Promise<void> {
  await waitUntil(run, {
    sentence: `${effect.name} can be ended`,
    expected: 0,
    within: run.settings.waitForReady,
    look: async () => {
      const now = await findCreated(run, effect)
      if (!now || isReady(now) || isEnding(now)) return { is: 'done', value: undefined }
      return { is: 'waiting', saw: `it is ${now.status}` }
    },
  })
}

/** Users whose DNS answers lead there may still be on it: it had the traffic until just now, perhaps. */
async function end(run: Run, created: Environment): Promise<void> {
  const { id, name } = created
  const { routerFor } = run.ports
  const productionName = await sureProductionName(run, id)
  const { clientsFollowWithin } = routerFor({ ids: [id], productionName })
  const followedAt = lastMoveAt(run) + clientsFollowWithin
  const use = await waitUntilUnused(run, { id, name, followedAt, within: run.settings.drainTimeout })
  if (use.is === 'used')
    return keep(run, { id, name }, `it still serves ${use.perSecond.toFixed(1)} requests a second`)
  await terminate(run, id)
  forgetEnded(run, created)
  run.record.undone.push(`environment ${name} (${id}), created by this deployment, was terminated`)
}

function keep(run: Run, { id, name }: Pick<Environment, 'id' | 'name'>, why: string): void {
  const command = `aws elasticbeanstalk terminate-environment --environment-id ${id}`
  run.record.left.push(`environment ${name} (${id}) was created and is kept: ${why}`)
  run.record.remedies.push({
    why: `End ${name} when you have seen enough; it costs money while it runs.`,
    command,
  })
  warn(run, `Environment ${name} (${id}) is kept. End it with: ${command}`)
}
