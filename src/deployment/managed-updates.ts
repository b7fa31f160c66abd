import { valueIn } from './configured.ts'
import { Failure } from './errors.ts'
import type { Obstacle } from './pair-report.ts'
import { plannedTime } from './planned-time.ts'
import type { Instant, Ms } from './ports.ts'
import { type Run, warn } from './run.ts'
import type { OperationName } from './settings.ts'
import type { Plan } from './stages/plan.ts'
import { freeFrom, windowAfter } from './update-window.ts'
import { inWords } from './wait-until.ts'
import type { Side } from './what-stops.ts'

/** Refuses to begin what may run into an update that Beanstalk makes by itself. */
export function refuseManagedUpdates(run: Run, { sides }: Plan): void {
  const obstacle = managedUpdates(run, { ...asPlanned(run), sides })
  if (obstacle) throw new Failure(obstacle.what, [obstacle.mend])
}

/** Where refusing would be worse, it is said. */
export function warnOfManagedUpdates(run: Run, { sides }: Plan): void {
  const obstacle = managedUpdates(run, { ...asPlanned(run), sides })
  if (obstacle) warn(run, `${obstacle.what} It goes on all the same.`)
}

const asPlanned = ({ settings, ports }: Run) => ({
  operation: settings.operation,
  now: ports.journal.serverTime(),
})

/** What is begun, where and when. */
export interface Beginning {
  readonly operation: OperationName
  readonly sides: readonly Side[]
  /** By AWS's clock. */
  readonly now: Instant
}

/**
 * Windows for managed updates inside the planned time, on either environment: while such an update is carried out the
 * environment is not Ready. [DG:environment-platform-update-managed]
 */
export function managedUpdates(run: Run, { operation, sides, now }: Beginning): Obstacle | undefined {
  const takes = plannedTime(run, operation, sides.find(({ isLive }) => !isLive)?.options)
  const windows = sides.flatMap(windowOf)
  const met = windows.filter(({ start }) => {
    const next = windowAfter(start, now)
    return next !== undefined && next.from < now + takes
  })
  if (met.length === 0) return undefined
  const named = met.map(({ name, start }) => `${name} ${start} UTC`).join(', ')
  return {
    what: `Beanstalk’s weekly window for managed updates (${named}; two hours) falls into the time that this takes (about ${inWords(takes)} from ${time(now)}, without the tests). While an environment is updated nothing can be deployed to it, and traffic can be moved neither to it nor away from it.`,
    mend: {
      why: `${whenAgain(windows, now, takes)} Or choose a window in which nobody deploys:`,
      command: otherWindow(windows),
    },
  }
}

interface Window {
  readonly id: string
  readonly name: string
  readonly start: string
}

const namespace = 'aws:elasticbeanstalk:managedactions'

function windowOf({ environment: { id, name }, options }: Side): readonly Window[] {
  if (valueIn(options, { namespace, name: 'ManagedActionsEnabled' }) !== 'true') return []
  const start = valueIn(options, { namespace, name: 'PreferredStartTime' })
  return start === undefined ? [] : [{ id, name, start }]
}

function whenAgain(windows: readonly Window[], now: Instant, takes: Ms): string {
  const starts = windows.map(({ start }) => start)
  const from = freeFrom(starts, now, takes)
  if (from === undefined)
    return 'No week has that much time between the windows: plan less, such as a shorter `bake-time`.'
  return `Run this again from ${time(from)} on.`
}

/** For both the same, or they would be configured differently: some night that is not in the way. */
function otherWindow(windows: readonly Window[]): string {
  const night = windows.some(({ start }) => start.startsWith('Sun')) ? 'Wed:03:00' : 'Sun:03:00'
  return windows
    .map(
      ({ id }) =>
        `aws elasticbeanstalk update-environment --environment-id ${id} --option-settings Namespace=${namespace},OptionName=PreferredStartTime,Value=${night}`,
    )
    .join(' && ')
}

/** `2026-11-23 12:56 UTC` */
const time = (at: Instant): string =>
  new Date(at)
    .toISOString()
    .replace('T', ' ')
    .replace(/:\d\d\..*$/, ' UTC')
