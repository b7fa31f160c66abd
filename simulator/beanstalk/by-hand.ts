import { type Bounds, resize } from '../auto-scaling/scale.ts'
import { abortEnvironmentUpdate } from './abort.ts'
import { crash } from './after-swap.ts'
import { callByItself } from './call-by-itself.ts'
import { findEnvironment, requireReady } from './find.ts'
import { beginManagedUpdate } from './managed-update.ts'
import type { Region } from './region.ts'
import { swapEnvironmentCnames } from './swap.ts'
import { terminateEnvironment } from './terminate.ts'

/** What a human in the console, or AWS itself, does meanwhile. Environments are named by their ids. */
export interface ByHand {
  /** A swap that somebody else orders; refused with the errors of the call. */
  swap(idA: string, idB: string): void
  /** Changes the environment's Auto Scaling group directly. */
  setGroup(id: string, bounds: Bounds): void
  /** A managed platform update: Updating for about ten minutes. [DG:environment-platform-update-managed] */
  managedUpdate(id: string): void
  /** Somebody else ends the environment; refused with the errors of the call. */
  terminate(id: string): void
  /** Somebody aborts the update that is under way; refused with the error of the call. */
  abort(id: string): void
  /** The application ends on every instance, and is not started again. */
  crash(id: string): void
}

/** Hands that work in a region. */
export function byHandIn(region: Region): ByHand {
  const call = (operation: string) => callByItself(region, operation)
  return {
    swap(idA, idB) {
      const input = { SourceEnvironmentId: idA, DestinationEnvironmentId: idB }
      swapEnvironmentCnames(region, input, call('SwapEnvironmentCNAMEs'))
    },
    terminate(id) {
      terminateEnvironment(region, { EnvironmentId: id }, call('TerminateEnvironment'))
    },
    abort(id) {
      abortEnvironmentUpdate(region, { EnvironmentId: id }, call('AbortEnvironmentUpdate'))
    },
    setGroup(id, bounds) {
      const { group } = findEnvironment(region, { EnvironmentId: id })
      if (group) resize(region.cloud, group, bounds)
    },
    managedUpdate(id) {
      const environment = findEnvironment(region, { EnvironmentId: id })
      requireReady(environment)
      beginManagedUpdate(region, environment)
    },
    crash(id) {
      void crash(region, findEnvironment(region, { EnvironmentId: id }))
    },
  }
}
