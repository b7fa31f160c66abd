import type { Application, Environment, Region } from './region.ts'

/** The environments that run a version, or are being updated to it. The terminated use nothing any more. */
export function usersOf(region: Region, application: Application, label: string): readonly Environment[] {
  return region.environments.filter(
    (environment) =>
      environment.status !== 'Terminated' &&
      environment.application === application.name &&
      (environment.version === label ||
        (environment.busy && environment.deploying === label) ||
        [...environment.machines.values()].some(({ version }) => version === label)),
  )
}
