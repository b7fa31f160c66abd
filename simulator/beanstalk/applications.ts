import { arnOf } from './arns.ts'
import { invalid } from './errors.ts'
import type { Application, Region } from './region.ts'
import { type TagInput, tagsFrom } from './tag-input.ts'

/** `CreateApplication`. [BC:elasticbeanstalk] */
export function createApplication(region: Region, input: CreateInput) {
  const { ApplicationName: name, Description, Tags = [] } = input
  if (region.applications.has(name)) throw invalid(`Application ${name} already exists.`)
  const application = addApplication(region, name)
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

/** Adds an application without anything in it. */
export function addApplication(region: Region, name: string): Application {
  const application: Application = {
    name,
    description: undefined,
    createdAt: region.cloud.clock.now(),
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
  readonly Tags?: readonly TagInput[]
}

function describe({ cloud }: Region, application: Application) {
  const { name, description, createdAt, versions, templates } = application
  return {
    ApplicationArn: arnOf(cloud, 'application', name),
    ApplicationName: name,
    ...(description !== undefined && { Description: description }),
    DateCreated: new Date(createdAt),
    DateUpdated: new Date(createdAt),
    Versions: [...versions.keys()].reverse(),
    ConfigurationTemplates: [...templates.keys()],
  }
}
