import { requestId } from '../ids.ts'
import type { Environment, Region } from '../region.ts'
import type { ManagedAction } from './action.ts'
import { dueAction } from './due.ts'
import { carryOut } from './run.ts'
import { windowMs } from './window.ts'

/** "Elastic Beanstalk typically checks for updates every hour." [DG:environment-platform-update-managed] */
const scanEveryMs = 3_600_000
/** How long after the window has opened an action is started at most, in ms. Assumed. */
const startWithinMs = 600_000

/** Looks every hour whether an environment has a managed action to be scheduled, until it is terminated. */
export function watchForUpdates(region: Region, environment: Environment): void {
  const { clock } = region.cloud
  const { life } = environment
  const again = () => {
    clock.at(clock.now() + scanEveryMs, () => {
      if (environment.status === 'Terminated' || environment.life !== life) return
      scan(region, environment)
      again()
    })
  }
  again()
}

/** Schedules what is due, and drops what is not any more; what is under way stays. */
function scan(region: Region, environment: Environment): void {
  const { managedAction: now } = environment
  if (now && now.status !== 'Scheduled') return
  const due = dueAction(region, environment)
  if (now && due && now.stack === due.stack && now.type === due.type && now.windowStart === due.windowStart)
    return
  const action: ManagedAction | undefined = due && {
    id: requestId(region.cloud.random),
    ...due,
    status: 'Scheduled',
  }
  environment.managedAction = action
  if (action) region.cloud.clock.at(action.windowStart, () => void open(region, environment, action))
}

/** The window opens: pending, then started, if nothing has changed and nobody has applied the action meanwhile. */
async function open(region: Region, environment: Environment, action: ManagedAction): Promise<void> {
  if (environment.managedAction !== action || action.status !== 'Scheduled') return
  if (dueAction(region, environment)?.stack !== action.stack) {
    environment.managedAction = undefined
    return
  }
  action.status = 'Pending'
  const { clock, random } = region.cloud
  await clock.sleep(random() * startWithinMs)
  await carryOut(region, environment, { action, until: action.windowStart + windowMs })
}
