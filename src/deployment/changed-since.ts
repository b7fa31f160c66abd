import type { Instant, Ms } from './ports.ts'
import type { Run } from './run.ts'

/** An operation that began before the moment may go on saying things after it; none takes longer than this to begin. */
const lookBack: Ms = 3_600_000

/**
 * What changed the environment after `moment` (by Beanstalk's clock): the first event of an operation that began later;
 * undefined when there was none. Health transitions and instances that come and go belong to no operation. `DateUpdated`
 * is not asked: no source says whether a transition of health moves it, too [aws-semantics A.1, A.14].
 */
export async function changeSince(run: Run, id: string, moment: Instant): Promise<string | undefined> {
  const events = await run.ports.beanstalk.events(id, Math.max(0, moment - lookBack))
  const harmless = new Set(
    events.filter(({ at, says }) => at <= moment || says === 'looked').map(({ requestId }) => requestId),
  )
  return events.find(
    ({ at, requestId }) => at > moment && requestId !== undefined && !harmless.has(requestId),
  )?.message
}
