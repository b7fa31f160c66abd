import type { Environment } from './environment.ts'
import { Refused } from './errors.ts'
import type { Accepted, NewEnvironment } from './ports.ts'
import type { Run } from './run.ts'
import { maybe } from './sent-once.ts'
import { waitUntil } from './wait-until.ts'

/** An environment that is being created. `request` is undefined when its answer was lost. */
export interface Created {
  readonly id: string
  readonly request: Accepted | undefined
}

/**
 * Asks for an environment. What never arrived is asked for once more: there cannot be two of a name. Throws AnswerLost when
 * that is lost, too, and Refused when Beanstalk said no.
 */
export async function createOnce(run: Run, order: NewEnvironment): Promise<Created> {
  const { beanstalk, report } = run.ports
  const answered = await maybe(() => beanstalk.create(order))
  if (answered) return { id: answered.id, request: answered }
  const id = await listedId(run, order.name)
  if (id !== undefined) return { id, request: undefined }
  report.line('That request never arrived: it is sent once more.')
  run.signal.throwIfAborted()
  try {
    const again = await beanstalk.create(order)
    return { id: again.id, request: again }
  } catch (thrown) {
    // It came late, and stands in its own way.
    const late = thrown instanceof Refused ? await listedId(run, order.name) : undefined
    if (late === undefined) throw thrown
    return { id: late, request: undefined }
  }
}

const listedWithin = 60_000

const listedId = async (run: Run, name: string): Promise<string | undefined> =>
  (await listed(run, { name, nonce: run.ports.journal.nonce }))?.id

/**
 * What was asked for by that nonce, known by its description. Beanstalk lists a new environment some seconds later
 * [TF:internal/service/elasticbeanstalk/environment.go]: until a minute has passed, not listed is not yet never created.
 */
export function listed(
  run: Run,
  { name, nonce }: { readonly name: string; readonly nonce: string },
): Promise<Environment | undefined> {
  const { beanstalk, clock } = run.ports
  const began = clock.now()
  return waitUntil(run, {
    sentence: `${name} is listed`,
    expected: 3_000,
    within: 2 * listedWithin,
    look: async () => {
      const found = await beanstalk.find([name])
      const own = found.find(({ description }) => description.includes(`(${nonce})`))
      if (own || clock.now() - began >= listedWithin) return { is: 'done', value: own }
      return { is: 'waiting', saw: 'Beanstalk does not list it' }
    },
  })
}
