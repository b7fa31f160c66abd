import { sentence } from './effects.ts'
import type { Environment } from './environment.ts'
import type { LostLock } from './errors.ts'
import { holderAmong } from './holder.ts'
import { scalar } from './next-step.ts'
import type { Ending } from './outcome.ts'
import type { Holder } from './ports.ts'
import { lookAtHealth } from './remedies.ts'
import { type Run, under } from './run.ts'
import { waitUntil } from './wait-until.ts'

/** Another run took the lock: nothing more is sent, and what it finds in the journal it settles. */
export async function overtaken(run: Run, lost: LostLock): Promise<Ending> {
  const { moved, productionName } = run.record
  if (!moved) return { is: 'failed', says: lost.message }
  if (lost.to === 'nobody') return forgotten(run, lost)
  const took = `Another run took over, as a rollback may: nothing more was sent. ${lost.message}`
  const back = await backSoon(run)
  if (!back) return { is: 'stuck', says: `${took} It has not moved production back so far.` }
  const taker = await rollbackThatTook(run)
  if (!taker) return { is: 'rolled-back', says: took }
  const version = back.version ?? 'no version'
  const isBaking = run.ports.journal.state.pending.some(({ what }) => what === 'route')
  const who = [taker.run, taker.link].filter((known) => known !== undefined).join(', ')
  run.record.undone.push(
    `production (${productionName}) went back to ${back.name} (${back.id}), running ${version}: that rollback did it`,
  )
  run.record.remedies.push({
    why: `Nothing, if that was on purpose. To bring ${run.settings.version} live again, deploy it once more.`,
  })
  return {
    is: 'rolled-back',
    says: `A rollback (${who}) took production from ${run.settings.version} back to ${version}${isBaking ? ' during the bake' : ''}.`,
  }
}

/** Nobody else will settle what this run did: the journal is gone. */
function forgotten({ ports, record, settings }: Run, lost: LostLock): Ending {
  record.left.push(
    ...ports.journal.state.pending
      .filter(({ what }) => what !== 'route')
      .map((effect) => `nobody remembers it any more: ${sentence(effect)}`),
  )
  record.remedies.push(lookAtHealth(settings), {
    why: `If ${settings.version} is well, there is nothing to do: the next run takes production where it is. If not, go back:`,
    workflow: `operation: rollback\nto: ${scalar(`${record.liveBefore?.name}`)}`,
  })
  return {
    is: 'stuck',
    says: `${lost.message} Nothing more was sent: production stays where it is, and was not watched to the end of its bake.`,
  }
}

/** What is reported is what is: the other run may be about to move production, or may have left it where it is. */
function backSoon(run: Run): Promise<Environment | undefined> {
  const { beanstalk, cancelled } = run.ports
  const { liveBefore } = run.record
  const back = waitUntil(under(run, cancelled), {
    sentence: 'the other run has moved production back',
    expected: 10_000,
    within: 2 * 60_000,
    look: async () => {
      const [before] = liveBefore ? await beanstalk.read([liveBefore.id]) : []
      if (before && (await hasProduction(run, before))) return { is: 'done', value: before }
      return { is: 'waiting', saw: 'production is where this run moved it' }
    },
  })
  return back.catch(() => undefined)
}

const hasProduction = async (run: Run, member: Environment): Promise<boolean> =>
  (await holderAmong(run, [member], `${run.record.productionName}`)) !== undefined

/** It holds the lock still, or it has ended and is remembered; undefined when that cannot be told. */
async function rollbackThatTook({ ports, record }: Run): Promise<Pick<Holder, 'run' | 'link'> | undefined> {
  const peeked = await ports.journal.peek().catch(() => undefined)
  if (peeked?.held?.holder.operation === 'rollback') return peeked.held.holder
  const last = peeked?.state.promotions[0]
  if (last?.by !== 'rollback' || last.at === record.found?.at || last.run === undefined) return undefined
  return { run: last.run, link: last.link }
}
