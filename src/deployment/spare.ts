import type { TerminateEffect } from './effects.ts'
import { isEnding } from './environment.ts'
import { gets, watchAfterLostAnswer } from './move-traffic.ts'
import { knownProductionName } from './production-name.ts'
import { type Run, warn } from './run.ts'
import { waitUntil } from './wait-until.ts'

/** Does the environment that an earlier run was about to end stay? What production reaches does, for good. */
export async function isSpared(run: Run, effect: TerminateEffect): Promise<boolean> {
  const { environment: id, name } = effect
  if (await hasProduction(run, id)) {
    warn(
      run,
      `The journal says that ${name} (${id}) is to be terminated, but it has production: it stays, and that is forgotten.`,
    )
    return true
  }
  return run.settings.operation === 'rollback' && isNotBegun(run, effect)
}

async function hasProduction(run: Run, id: string): Promise<boolean> {
  const productionName = await knownProductionName(run)
  if (productionName === undefined) return false
  return gets(await run.ports.routerFor({ ids: [id], productionName }).read(), id)
}

/**
 * A rollback ends nothing: what an earlier run was about to end may be just what it goes back to. That run's request may
 * still be on its way, so "it was not begun" is only believed after a while.
 */
async function isNotBegun(run: Run, { environment: id, name, at = 0 }: TerminateEffect): Promise<boolean> {
  const { beanstalk, journal, report } = run.ports
  const stays = await waitUntil(run, {
    sentence: `whether the termination of ${name} was begun is known`,
    expected: watchAfterLostAnswer,
    within: watchAfterLostAnswer + 60_000,
    look: async () => {
      const [now] = await beanstalk.read([id])
      if (!now || isEnding(now)) return { is: 'done', value: false }
      const left = at + watchAfterLostAnswer - journal.serverTime()
      if (left <= 0) return { is: 'done', value: true }
      return { is: 'waiting', saw: `${name} is ${now.status} so far`, again: left }
    },
  })
  if (stays)
    report.line(`${name} was about to be terminated by an earlier run, which did not begin it; it stays.`)
  return stays
}
