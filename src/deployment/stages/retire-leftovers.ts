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
 * for `retire-after`, what no other pair needs, and what nobody is on. They are in no journal: a run that dies here
 * leaves nothing half done, and the next one looks again. Gives the lock back when all is asked for: nothing may be
 * changed after it.
 */
export async function retireLeftovers(run: Run, pattern: string): Promise<Cleared> {
  const fitting = await leftoversIn(run, pattern)
  if (fitting.length === 0) {
    const unmatched = `No environment outside of the pair fits \`leftovers: ${pattern}\`.`
    run.ports.report.line(unmatched)
    return { done: [], failed: [], unmatched }
  }
  const asked: Asked[] = []
  const failed: string[] = []
  for (const one of fitting.filter((found) => !isEnding(found))) {
    try {
      const ask = await askForEnd(run, one)
      if (ask.is === 'asked') asked.push(ask)
      else run.ports.report.line(`${one.name} stays: ${ask.why}.`)
    } catch (thrown) {
      failed.push(failureOf(run, thrown))
    }
  }
  // From here on there is only reading: a rollback need not wait for other people's environments.
  await run.ports.journal.release()
  const ends = await Promise.allSettled(
    asked.map(async ({ one, since }) => {
      await untilGone(run, { ...one, since })
      return `${one.name} (${one.id}), a leftover, was terminated.`
    }),
  )
  run.signal.throwIfAborted()
  return {
    done: ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])),
    failed: [
      ...failed,
      ...ends.flatMap((end) => (end.status === 'rejected' ? [failureOf(run, end.reason)] : [])),
    ],
  }
}

/** The others can go all the same. */
function failureOf(run: Run, thrown: unknown): string {
  run.signal.throwIfAborted()
  if (!(thrown instanceof Failure)) throw thrown
  run.record.remedies.push(...thrown.remedies)
  return thrown.message
}

async function leftoversIn(run: Run, pattern: string): Promise<readonly Environment[]> {
  const { blueEnvironment, greenEnvironment } = run.settings
  return (await run.ports.beanstalk.all()).filter(
    (one) => fits(one.name, pattern) && one.name !== blueEnvironment && one.name !== greenEnvironment,
  )
}

/** `*` stands for any characters. */
const fits = (name: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(name)

/** Its end was asked for, and its events are of that from `since` on; or why it stays. */
type Asked = { readonly is: 'asked'; readonly one: Environment; readonly since: Instant }
type Ask = Asked | { readonly is: 'stays'; readonly why: string }

/** Sent only while this run holds the lock, and after a last look: its own pair's run may have begun meanwhile. */
async function askForEnd(run: Run, one: Environment): Promise<Ask> {
  const { beanstalk, report } = run.ports
  const { id, name } = one
  const whyNot = whyUnfit(run, one) ?? (await whyNeeded(run, one))
  if (whyNot !== undefined) return { is: 'stays', why: whyNot }
  const since = (await beanstalk.newestEventAt(id)) + 1
  const why = await terminate(run, id, async () => {
    const needed = await whyNeeded(run, one)
    const [now] = await beanstalk.read([id])
    return needed ?? (now ? whyUnfit(run, now) : 'it is gone already')
  })
  if (why !== undefined) return { is: 'stays', why }
  report.line(`Terminating ${name} (${id}).`)
  return { is: 'asked', one, since }
}

/** What the environment itself says. */
function whyUnfit(run: Run, one: Environment): string | undefined {
  const { retireAfter } = run.settings
  if (!isMadeHere(one)) return 'this action did not create it'
  if (!isReady(one)) return `it is ${one.status}`
  if (!hasGeneratedCname(one))
    return `it has an address that was chosen (${one.cname}): production may be on it`
  const unchangedFor = run.ports.journal.serverTime() - one.updated
  if (unchangedFor < retireAfter)
    return `it was changed ${inWords(Math.max(0, unchangedFor))} ago, and is ended ${inWords(retireAfter)} after that`
  return undefined
}

/**
 * Without a prefix Beanstalk generates NAME.eba-XXXXXXXX.REGION… [aws-semantics A.6]. A swap would have brought it the
 * name of another, and production is reached by a name that somebody chose.
 */
const hasGeneratedCname = ({ name, cname }: Environment): boolean =>
  cname?.startsWith(`${name.toLowerCase()}.eba-`) === true

/** What those say who work with it, or are on it. */
async function whyNeeded(run: Run, one: Environment): Promise<string | undefined> {
  const need = await run.ports.journal.otherNeed(one)
  if (need !== undefined) return need
  const use = await useOf(run, one.id)
  return use.is === 'used' ? `it serves ${use.perSecond.toFixed(1)} requests a second` : undefined
}
