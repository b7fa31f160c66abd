import { describe } from './environment.ts'
import { Failure } from './errors.ts'
import { operate } from './operate.ts'
import type { Ending } from './outcome.ts'
import { lastMoveAt } from './promotions.ts'
import { putAway } from './put-away.ts'
import type { Run } from './run.ts'
import { planRetirement, type Retirement } from './stages/plan-retirement.ts'
import { type Cleared, retireLeftovers } from './stages/retire-leftovers.ts'
import { staysThere } from './straight.ts'

/** Ends or shrinks the environment without production, and the leftovers of what is over. Starts nothing new. */
export const retire = operate('retire', { over: 'nobody', leftovers: 'adopt' }, async (run) => {
  const retirement = await run.stage('Plan', planRetirement)
  const other = await run.stage('Retire', (stage) => retireOther(stage, retirement))
  const { leftovers } = run.settings
  const cleared =
    leftovers === undefined
      ? nothing
      : await run.stage('Retire leftovers', (stage) => retireLeftovers(stage, leftovers))
  return endingOf(other, cleared)
})

/** What became of one environment. */
type Fate = { readonly is: 'done' | 'stays' | 'failed'; readonly says: string }

const nothing: Cleared = { done: [], failed: [] }

async function retireOther(run: Run, retirement: Retirement): Promise<Fate> {
  if (retirement.is === 'not due') {
    run.ports.report.line(retirement.why)
    return { is: 'stays', says: retirement.why }
  }
  const { target, pair } = retirement
  const productionName = pair.production.cname
  const how = run.settings.standby === 'scale-down' ? 'scale-down' : 'terminate'
  const router = run.ports.routerFor({ ids: [target.id], productionName })
  const followedAt = lastMoveAt(run) + router.clientsFollowWithin
  try {
    const use = await putAway(run, { target, how, productionName, followedAt, wayBackOf: pair.live })
    if (use.is === 'unused')
      return {
        is: 'done',
        says: `${describe(target)} ${how === 'terminate' ? 'was terminated' : 'is scaled down to one instance'}.`,
      }
    run.record.remedies.push({
      why: `Find out who sends them: a name or CDN that points straight at ${target.endpoint} ${staysThere(router)}.`,
    })
    return {
      is: 'failed',
      says: `${describe(target)} still serves ${use.perSecond.toFixed(1)} requests a second after the drain-timeout: it is left as it is.`,
    }
  } catch (thrown) {
    // The leftovers can go all the same, and what could not be ended is tried again by the next run.
    if (!(thrown instanceof Failure) || run.signal.aborted) throw thrown
    run.record.remedies.push(...thrown.remedies)
    return { is: 'failed', says: thrown.message }
  }
}

function endingOf(other: Fate, { done, failed, unmatched }: Cleared): Ending {
  const all = [
    ...(other.is === 'failed' ? [other.says] : []),
    ...failed,
    ...(other.is === 'done' ? [other.says] : []),
    ...done,
  ]
  const more = unmatched === undefined ? [] : [unmatched]
  if (other.is === 'failed' || failed.length > 0) return { is: 'failed', says: [...all, ...more].join(' ') }
  const wasIdle = all.length === 0
  const says = wasIdle ? [`Nothing to retire: ${other.says}`] : all
  return { is: 'retired', says: [...says, ...more].join(' '), wasIdle }
}
