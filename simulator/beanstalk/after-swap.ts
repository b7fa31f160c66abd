import { AwsError } from '../cloud.ts'
import type { EnvironmentFault } from '../faults.ts'
import type { Environment, Region } from './region.ts'

/** Lets happen what was ordered for the time after a swap: applications end, or a human swaps back half a minute later. */
export async function strikeAfterSwap(
  region: Region,
  both: readonly [Environment, Environment],
  swapBack: () => void,
): Promise<void> {
  const strikes =
    (fault: EnvironmentFault) =>
    ({ name, version }: Environment) =>
      region.cloud.faults.strikeEnvironment(fault, { environment: name, version })
  await Promise.all(both.filter(strikes('app-crashes-after-swap')).map((one) => crash(region, one)))
  if (!both.some(strikes('human-swaps-back'))) return
  const { clock } = region.cloud
  clock.at(clock.now() + 30_000, () => {
    try {
      swapBack()
    } catch (error) {
      // Whoever swaps by hand is refused as anybody else.
      if (!(error instanceof AwsError)) throw error
    }
  })
}

/** Ends the application on every instance. Nothing starts it again until the next deployment. */
export async function crash({ dataPlane }: Region, { machines }: Environment): Promise<void> {
  await Promise.all([...machines.keys()].map((instance) => dataPlane.crash(instance)))
}
