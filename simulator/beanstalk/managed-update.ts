import { callByItself } from './call-by-itself.ts'
import { sayer } from './events.ts'
import { begin, show } from './operation.ts'
import type { Environment, Region } from './region.ts'
import { timeline } from './timeline.ts'

/** A managed platform update out of the blue: Updating for about ten minutes. [DG:environment-platform-update-managed] */
export function beginManagedUpdate(region: Region, environment: Environment): void {
  const call = callByItself(region, 'ApplyEnvironmentManagedAction')
  begin(region, environment, {
    status: 'Updating',
    call,
    course: async () => {
      const line = sayer(region, environment, call)
      const until = timeline(region)
      line.info('Managed platform update is in progress.')
      await show(region, environment, { status: 'Info', causes: [], judged: true })
      await until(600)
      line.info('Environment update completed successfully.')
      return undefined
    },
  })
}

/** Begins one as soon as an operation is over, when that was ordered (`managed-update`). */
export function updateWhenOrdered(region: Region, environment: Environment): void {
  const { name, version, status, busy } = environment
  const isFree = status === 'Ready' && !busy
  const strikes = () =>
    region.cloud.faults.strikeEnvironment('managed-update', { environment: name, version })
  if (isFree && strikes()) beginManagedUpdate(region, environment)
}
