import { untilGone } from '../end-environment.ts'
import { type Environment, isEnding, isReady } from '../environment.ts'
import { Failure } from '../errors.ts'
import { isMadeHere } from '../made-here.ts'
import type { Instant } from '../ports.ts'
import type { Run } from '../run.ts'
import { terminate } from '../terminate.ts'
import { useOf } from '../unused.ts'
import { inWords } from '../wait-until.ts'

/** What became of them, in sentences. */
export interface Cleared {
  readonly done: readonly string[]
  readonly failed: readonly string[]
  /** Said when no environment is called like them: a pattern may have a slip. */
  readonly unmatched?: string
}

/**
 * Ends environments outside the pair whose names fit `leftovers`: only what this action created, what nothing has changed
 * for `retire-after`, and what nobody is on. They are in no journal: a run that dies here leaves nothing half done, and
 * the next one looks again.
 */
export async function retireLeftovers(run: Run, pattern: string): Promise<Cleared> {
  const { beanstalk, report } = run.ports
  const { blueEnvironment, greenEnvironment } = run.settings
  const fitting = (await beanstalk.all()).filter(
    (one) => fits(one.name, pattern) && one.name !== blueEnvironment && one.name !== greenEnvironment,
  )
  if (fitting.length === 0) {
    const unmatched = `No environment outside of the pair fits \`leftovers: ${pattern}\`.`
    report.line(unmatched)
    return { done: [], failed: [], unmatched }
  }
  const asked: { readonly one: Environment; readonly since: Instant }[] = []
  for (const one of fitting.filter((found) => !isEnding(found))) {
    const why = await whyItStays(run, one)
    if (why !== undefined) report.line(`${one.name} stays: ${why}.`)
    else asked.push({ one, since: await askForEnd(run, one) })
  }
  const ends = await Promise.allSettled(
    asked.map(async ({ one, since }) => {
      await untilGone(run, { ...one, since })
      return `${one.name} (${one.id}), a leftover, was terminated.`
    }),
  )
  run.signal.throwIfAborted()
  return {
    done: ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])),
    failed: ends.flatMap((end) => (end.status === 'rejected' ? [failureOf(run, end.reason)] : [])),
  }
}

function failureOf(run: Run, thrown: unknown): string {
  if (!(thrown instanceof Failure)) throw thrown
  run.record.remedies.push(...thrown.remedies)
  return thrown.message
}

/** `*` stands for any characters. */
const fits = (name: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(name)

async function whyItStays(run: Run, one: Environment): Promise<string | undefined> {
  const { retireAfter } = run.settings
  if (!isMadeHere(one)) return 'this action did not create it'
  if (!isReady(one)) return `it is ${one.status}`
  if (!hasGeneratedCname(one))
    return `it has an address that was chosen (${one.cname}): production may be on it`
  const unchangedFor = run.ports.journal.serverTime() - one.updated
  if (unchangedFor < retireAfter)
    return `it was changed ${inWords(Math.max(0, unchangedFor))} ago, and is ended ${inWords(retireAfter)} after that`
  const use = await useOf(run, one.id)
  return use.is === 'used' ? `it serves ${use.perSecond.toFixed(1)} requests a second` : undefined
}

/**
 * Without a prefix Beanstalk generates NAME.eba-XXXXXXXX.REGION… [aws-semantics A.6]. A swap would have brought it the
 * name of another, and production is reached by a name that somebody chose.
 */
const hasGeneratedCname = ({ name, cname }: Environment): boolean =>
  cname?.startsWith(`${name.toLowerCase()}.eba-`) === true

/** Sent only while this run holds the lock. Answers from when on its events are. */
async function askForEnd(run: Run, { id, name }: Environment): Promise<Instant> {
  const { beanstalk, journal, report } = run.ports
  const since = (await beanstalk.newestEventAt(id)) + 1
  await journal.write((now) => now)
  report.line(`Terminating ${name} (${id}).`)
  await terminate(run, id)
  return since
}
