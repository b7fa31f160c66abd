import type { Call } from '../cloud.ts'
import { changeStatus } from './describe-environments.ts'
import { say } from './events.ts'
import { look } from './health/look.ts'
import type { Environment, Health, Region, Status } from './region.ts'

/** An operation on one environment that goes on after its call was answered. */
export interface Work {
  readonly status: Status
  readonly call: Call
  /** Ends with the environment Ready, unless it says that the environment stays as it is. */
  readonly course: () => Promise<'stays' | undefined>
  /** What follows when the environment is Ready. */
  readonly afterwards?: () => void
}

/** Starts an operation: the environment is busy, in the given status, until the course has come to its end. */
export function begin(
  region: Region,
  environment: Environment,
  { status, call, course, afterwards }: Work,
): void {
  environment.busy = true
  changeStatus(region, environment, status)
  const all = async () => {
    try {
      if ((await course()) === 'stays') return
    } catch (error) {
      // The data plane broke, not the application: seen in the events rather than lost.
      say(region, environment, { message: `Internal failure: ${error}`, severity: 'FATAL', call })
    }
    await becomeReady(region, environment)
    afterwards?.()
  }
  void all()
}

/** Shows a health of the operation's own; with `judged` only as long as the checks find nothing worse. */
export function show(
  region: Region,
  environment: Environment,
  shown: Health & { judged: boolean },
): Promise<void> {
  const { judged, ...health } = shown
  environment.shown = { health, judged }
  return look(region, environment)
}

/** Ends an operation: what health shows is what the checks say, and the next operation may come. */
export async function becomeReady(region: Region, environment: Environment): Promise<void> {
  environment.shown = undefined
  environment.out = false
  await look(region, environment)
  environment.busy = false
  changeStatus(region, environment, 'Ready')
}
