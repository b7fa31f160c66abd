import type { Bundle } from '../../data-plane/data-plane.ts'
import type { Say } from '../events.ts'
import { load } from '../fleet.ts'
import type { Environment, Machine, Region } from '../region.ts'
import type { Settings } from '../settings.ts'

/** One deployment to an environment's instances. */
export interface Job {
  readonly region: Region
  readonly environment: Environment
  readonly bundle: Bundle
  /** The settings that the applications are started with. */
  readonly settings: Settings
  readonly line: Say
  /** A fault that was ordered: the deployment ends as failed although the applications start. */
  readonly fault: 'deployment-fails' | 'deployment-rolls-back' | undefined
  /** Comes when somebody aborts it: every wait throws Aborted then. */
  readonly signal: AbortSignal
  /** From here on it cannot be aborted: only what is not needed any more is cleaned up. */
  readonly cleanUp: () => void
}

/** How a deployment ended. `reverted`: it failed, and everything is as it was. `aborted`: somebody stopped it. */
export type Ending = 'succeeded' | 'failed' | 'reverted' | 'aborted'

/** Puts the application on some machines side by side; the ids of those where it did not come up. */
export async function loadAll(
  { region, environment, bundle, settings }: Pick<Job, 'region' | 'environment' | 'bundle' | 'settings'>,
  machines: readonly Machine[],
): Promise<readonly string[]> {
  // An instance that Auto Scaling took away meanwhile must not be started again.
  const present = machines.filter(({ id }) => environment.machines.has(id))
  const came = await Promise.all(
    present.map(async (machine) => ({
      id: machine.id,
      up: await load(region, machine, { of: environment, bundle, settings }),
    })),
  )
  return came.filter(({ up }) => !up).map(({ id }) => id)
}

/** The lines of a deployment that failed on some instances. [log] */
export function sayFailed(line: Say, failed: readonly string[], all: number): void {
  for (const id of failed) {
    line.error("Instance deployment failed. For details, see 'eb-engine.log'.")
    line.error(
      `[Instance: ${id}] Command failed on instance. Return code: 1 Output: Engine execution has encountered an error..`,
    )
  }
  line.info(
    `Command execution completed on all instances. Summary: [Successful: ${all - failed.length}, Failed: ${failed.length}].`,
  )
  line.error(
    `Unsuccessful command execution on instance id(s) '${failed.join(',')}'. Aborting the operation.`,
  )
}

/** What Beanstalk says when it may have left several versions behind. [log] */
export function sayMixed(line: Say): void {
  line.error('Failed to deploy application.')
  line.error(
    'During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.',
  )
}
