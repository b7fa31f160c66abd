import { askToEnd } from './ask-to-end.ts'
import { isEnding } from './environment.ts'
import { Failure } from './errors.ts'
import type { Instant, Ms } from './ports.ts'
import type { Run } from './run.ts'
import { groupsInUse, whoRefersTo } from './security-groups.ts'
import { terminate } from './terminate.ts'
import { waitUntil } from './wait-until.ts'

/** Four and a half minutes to more than ten [aws-semantics A.12], in ms. */
const usually: Ms = 300_000
const atMost: Ms = 30 * 60_000
const showsWithin: Ms = 60_000

/** Which environment is ended. */
export interface Doomed {
  readonly id: string
  readonly name: string
}

/**
 * Ends an environment and waits until it is gone; what was held for it is forgotten. When Beanstalk could not, the next
 * run tries again. Throws Failure, which names the security groups that stood in the way.
 */
export async function endEnvironment(run: Run, { id, name }: Doomed): Promise<void> {
  const { beanstalk, journal, report } = run.ports
  const since = (await beanstalk.newestEventAt(id)) + 1
  const effect = await askToEnd(run, { environment: id, name })
  await untilGone(run, { id, name, since, again: () => terminate(run, id) }).catch((thrown) => {
    if (thrown instanceof Failure && !run.signal.aborted)
      run.record.left.push(
        `${name} (${id}) was asked to end and has not ended: the next run, unless it is a rollback, asks again`,
      )
    throw thrown
  })
  await journal.write((now) => ({
    ...now,
    pending: now.pending.filter((one) => one !== effect),
    kept: now.kept.filter((one) => one.what !== 'hold-capacity' || one.environment !== id),
  }))
  report.line(`${name} is terminated.`)
}

/** An end that was asked for. */
export interface AskedFor extends Doomed {
  /** Events from here on are of it, by Beanstalk's clock. */
  readonly since: Instant
  /** Asks once more, where nothing of the request shows: to end what is ended already does no harm. */
  readonly again?: () => Promise<unknown>
}

/** Waits for the end that was asked for. */
export function untilGone(run: Run, { id, name, since, again }: AskedFor): Promise<void> {
  const { beanstalk, clock } = run.ports
  const askedAt = clock.now()
  let isAskedAgain = false
  return waitUntil(run, {
    sentence: `${name} is terminated`,
    expected: usually,
    within: atMost,
    look: async () => {
      const [now] = await beanstalk.read([id])
      if (!now) return { is: 'done', value: undefined }
      if (isEnding(now)) return { is: 'waiting', saw: `it is ${now.status}` }
      const events = await beanstalk.events(id, since)
      const errors = events.filter(({ severity }) => severity === 'error').map(({ message }) => message)
      if (errors.length > 0) return { is: 'doomed', failure: notEnded(name, errors) }
      if (again && !isAskedAgain && events.length === 0 && clock.now() - askedAt > showsWithin) {
        isAskedAgain = true
        run.ports.report.line(`Nothing shows that ${name} is being terminated: it is asked for once more.`)
        await again()
      }
      return { is: 'waiting', saw: `it is ${now.status}` }
    },
  })
}

function notEnded(name: string, errors: readonly string[]): Failure {
  const groups = groupsInUse(errors)
  const why = groups.length === 0 ? '' : ` Other security groups refer to ${groups.join(' and ')}.`
  return new Failure(`${name} could not be terminated: ${errors.at(-1)}${why}`, whoRefersTo(groups))
}
