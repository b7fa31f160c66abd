import { arnOf } from './arns.ts'
import { invalid } from './errors.ts'
import { findApplication } from './find.ts'
import { describeLifecycle, type LifecycleInput, mergeLifecycle, noLifecycle } from './lifecycle.ts'
import { requireRoom } from './quotas.ts'
import type { Application, Region } from './region.ts'
import { type TagInput, tagsFrom } from './tag-input.ts'

/** `CreateApplication`. [BC:elasticbeanstalk] */
export function createApplication(region: Region, input: CreateInput) {
  const { ApplicationName: name, Description, ResourceLifecycleConfig = {}, Tags = [] } = input
  if (region.applications.has(name)) throw invalid(`Application ${name} already exists.`)
  const lifecycle = mergeLifecycle(noLifecycle, ResourceLifecycleConfig)
  requireRoom(region, 'Applications')
  const application = addApplication(region, name)
  application.lifecycle = lifecycle
  application.description = Description
  for (const [key, value] of tagsFrom(Tags)) application.tags.set(key, value)
  return { Application: describe(region, application) }
}

/** `DescribeApplications`. [BC:elasticbeanstalk] */
export function describeApplications(
  region: Region,
  { ApplicationNames }: { ApplicationNames?: readonly string[] },
) {
  const found = [...region.applications.values()].filter(
    ({ name }) => ApplicationNames === undefined || ApplicationNames.includes(name),
  )
  return { Applications: found.map((application) => describe(region, application)) }
}

/** `UpdateApplication`: an empty description takes it away. [BC:elasticbeanstalk] */
export function updateApplication(
  region: Region,
  { ApplicationName, Description }: { ApplicationName: string; Description?: string },
) {
  const application = findApplication(region, ApplicationName)
  if (Description !== undefined) application.description = Description || undefined
  application.updatedAt = region.cloud.clock.now()
  return { Application: describe(region, application) }
}

/** Adds an application without anything in it. */
export function addApplication(region: Region, name: string): Application {
  const application: Application = {
    name,
    description: undefined,
    createdAt: region.cloud.clock.now(),
    updatedAt: region.cloud.clock.now(),
    lifecycle: noLifecycle,
    tags: new Map(),
    versions: new Map(),
    templates: new Map(),
  }
  region.applications.set(name, application)
  return application
}

interface CreateInput {
  readonly ApplicationName: string
  readonly Description?: string
  readonly ResourceLifecycleConfig?: LifecycleInput
  readonly Tags?: readonly TagInput[]
}

function describe({ cloud }: Region, application: Application) {
  const { name, description, createdAt, updatedAt, versions, templates, lifecycle } = application
  return {
    ApplicationArn: arnOf(cloud, 'application', name),
    ApplicationName: name,
    ...(description !== undefined && { Description: description }),
    DateCreated: new Date(createdAt),
    DateUpdated: new Date(updatedAt),
    Versions: [...versions.keys()].reverse(),
    ConfigurationTemplates: [...templates.keys()],
    ResourceLifecycleConfig: describeLifecycle(lifecycle),
  }
}
