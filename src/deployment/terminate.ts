import type { TerminateEffect } from './effects.ts'
import { isEnding } from './environment.ts'
import { Conflict } from './errors.ts'
import { gets } from './move-traffic.ts'
import type { Ms } from './ports.ts'
import { sureProductionName } from './production-name.ts'
import type { Run } from './run.ts'
import { maybe } from './sent-once.ts'
import { waitUntil } from './wait-until.ts'

/**
 * Asks for the end of an environment, after looking that it is not what production reaches. Does not wait for it.
 * `whyNot`, asked last of all, may have it stay: answers why it did.
 */
export async function terminate(
  run: Run,
  id: string,
  whyNot?: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const { beanstalk, journal, routerFor } = run.ports
  const [environment] = await beanstalk.read([id])
  if (!environment || isEnding(environment)) return undefined
  const productionName = await sureProductionName(run, id)
  const router = routerFor({ ids: [id], productionName })
  if (gets(await router.read(), id))
    throw new Conflict(`${environment.name} (${id}) has production traffic; it stays.`)
  // Whoever waited for users to leave may have lost the lock meanwhile, and finds out here.
  await journal.write((now) => now)
  const why = await whyNot?.()
  run.signal.throwIfAborted()
  if (why !== undefined) return why
  await router.detach(id, 'it ends')
  run.signal.throwIfAborted()
  if (!(await maybe(() => beanstalk.terminate(id))))
    run.ports.report.line(
      `The answer to the termination of ${environment.name} was lost; the next look will tell.`,
    )
  return undefined
}

const staleFor: Ms = 20_000

/**
 * Reads may be some seconds old [aws-semantics H.2]: who comes next must not take for Ready what is about to end. What
 * does not show itself in that time is not waited for.
 */
export async function untilItEnds(
  run: Run,
  { environment: id, name }: Pick<TerminateEffect, 'environment' | 'name'>,
): Promise<void> {
  const { beanstalk, clock } = run.ports
  const asked = clock.now()
  await waitUntil(run, {
    sentence: `the end of ${name} shows itself`,
    expected: 3_000,
    within: 2 * staleFor,
    look: async () => {
      const [now] = await beanstalk.read([id])
      if (!now || isEnding(now) || clock.now() - asked >= staleFor) return { is: 'done', value: undefined }
      return { is: 'waiting', saw: `it is ${now.status}` }
    },
  })
}
