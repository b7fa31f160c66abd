import { invalid, missing, mustBeReady } from './errors.ts'
import type { Application, Environment, Region, Template, Version } from './region.ts'
import { readSaved } from './saved-configuration.ts'

/** How calls name an environment. */
export interface EnvironmentName {
  readonly EnvironmentId?: string | undefined
  readonly EnvironmentName?: string | undefined
}

/** The environment that a call names, unless it is terminated: then it is not found either. [issue cloudquery/cq-provider-aws#621] */
export function findEnvironment(
  region: Region,
  { EnvironmentId, EnvironmentName }: EnvironmentName,
): Environment {
  if (EnvironmentId === undefined && EnvironmentName === undefined) throw missing('EnvironmentName')
  const found = region.environments.find(
    (environment) =>
      environment.status !== 'Terminated' &&
      (EnvironmentId === undefined || environment.id === EnvironmentId) &&
      (EnvironmentName === undefined || environment.name === EnvironmentName),
  )
  if (found) return found
  throw invalid(
    EnvironmentId === undefined
      ? `No Environment found for EnvironmentName = '${EnvironmentName}'.`
      : `No Environment found for EnvironmentId = '${EnvironmentId}'.`,
  )
}

/** Refuses an environment that an operation is at work on. */
export function requireReady(environment: Environment): void {
  if (environment.busy || environment.status !== 'Ready') throw mustBeReady(environment.name)
}

/** [CLI:ebcli/resources/strings.py] */
export function findApplication(region: Region, name: string): Application {
  const found = region.applications.get(name)
  if (!found) throw invalid(`No Application named '${name}' found.`)
  return found
}

/** The text is matched by deployment plug-ins: `No Application Version named`. */
export function findVersion(application: Application, label: string): Version {
  const found = application.versions.get(label)
  if (!found) throw invalid(`No Application Version named '${label}' found.`)
  return found
}

/** The text follows the pattern of the others; no public source shows it. */
export function findTemplate(region: Region, application: Application, name: string): Template {
  const found = application.templates.get(name)
  if (!found) throw invalid(`No Configuration Template named '${application.name}/${name}' found.`)
  readSaved(region, application, found)
  return found
}
