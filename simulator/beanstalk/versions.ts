import { AwsError, type Call } from '../cloud.ts'
import { addApplication } from './applications.ts'
import { applyLifecycle } from './apply-lifecycle.ts'
import { arnOf } from './arns.ts'
import { invalid } from './errors.ts'
import { sayOfVersion } from './events.ts'
import { findApplication, findVersion } from './find.ts'
import { page } from './page.ts'
import { requireRoom } from './quotas.ts'
import type { Application, Region, Tags, Version } from './region.ts'
import { type TagInput, tagsFrom } from './tag-input.ts'

/** `CreateApplicationVersion`: with `Process` the bundle is looked at, which takes some seconds. [BC:elasticbeanstalk] */
export function createApplicationVersion(region: Region, input: CreateInput, call: Call) {
  const { ApplicationName, VersionLabel, SourceBundle, Process = false, Description, Tags = [] } = input
  const found = region.applications.get(ApplicationName)
  if (!found && !input.AutoCreateApplication) findApplication(region, ApplicationName)
  if (!found) requireRoom(region, 'Applications')
  if (found?.versions.has(VersionLabel)) throw invalid(`Application Version ${VersionLabel} already exists.`)
  const { S3Bucket: bucket, S3Key: key } = SourceBundle ?? {}
  const source = bucket === undefined || key === undefined ? undefined : { bucket, key }
  requireOwnRegion(region, bucket)
  requireRoom(region, 'Application Versions')
  const application = found ?? addApplication(region, ApplicationName)
  const version = addVersion(region, application, {
    label: VersionLabel,
    description: Description,
    source,
    tags: tagsFrom(Tags),
  })
  const about = { application: application.name, version: VersionLabel, call }
  sayOfVersion(region, about, 'createApplicationVersion is starting.')
  sayOfVersion(region, about, `Created new Application Version: ${VersionLabel}`)
  sayOfVersion(region, about, 'createApplicationVersion completed successfully.')
  if (Process) startProcessing(region, { application, version, call })
  applyLifecycle(region, { application, created: version })
  return { ApplicationVersion: describe(region, application, version) }
}

/**
 * `DescribeApplicationVersions`, newest first. [BC:elasticbeanstalk] Of an application that is not there it tells none: a tool
 * that asks first is only refused when it creates a version. [issue einaregilsson/beanstalk-deploy#63]
 */
export function describeApplicationVersions(region: Region, input: DescribeInput) {
  const { ApplicationName, VersionLabels = [] } = input
  const applications =
    ApplicationName === undefined
      ? [...region.applications.values()]
      : [region.applications.get(ApplicationName)].filter((found) => found !== undefined)
  const found = applications.flatMap((application) =>
    [...application.versions.values()]
      .reverse()
      .filter(({ label }) => VersionLabels.length === 0 || VersionLabels.includes(label))
      .map((version) => describe(region, application, version)),
  )
  const { items, next } = page(found, input)
  return { ApplicationVersions: items, ...next }
}

/** `UpdateApplicationVersion`: its description, which an empty one takes away. [BC:elasticbeanstalk] */
export function updateApplicationVersion(
  region: Region,
  input: { ApplicationName: string; VersionLabel: string; Description?: string },
) {
  const application = findApplication(region, input.ApplicationName)
  const version = findVersion(application, input.VersionLabel)
  if (input.Description !== undefined) version.description = input.Description || undefined
  version.updatedAt = region.cloud.clock.now()
  return { ApplicationVersion: describe(region, application, version) }
}

/** The version, unless it is being processed or was found faulty: then it cannot be deployed. */
export function requireDeployable(application: Application, label: string): Version {
  const version = findVersion(application, label)
  if (version.status === 'PROCESSING' || version.status === 'FAILED') {
    throw invalid(`Application Version ${label} cannot be deployed: its status is ${version.status}.`)
  }
  return version
}

/** Adds a version as it is before anybody has looked at its bundle. */
export function addVersion(
  region: Region,
  application: Application,
  made: { label: string; description?: string | undefined; source: Version['source']; tags?: Tags },
): Version {
  const now = region.cloud.clock.now()
  const version: Version = {
    label: made.label,
    description: made.description,
    source: made.source,
    createdAt: now,
    tags: made.tags ?? new Map(),
    status: 'UNPROCESSED',
    updatedAt: now,
  }
  application.versions.set(made.label, version)
  return version
}

interface CreateInput {
  readonly ApplicationName: string
  readonly VersionLabel: string
  readonly Description?: string
  readonly SourceBundle?: { readonly S3Bucket?: string; readonly S3Key?: string }
  readonly AutoCreateApplication?: boolean
  readonly Process?: boolean
  readonly Tags?: readonly TagInput[]
}

interface DescribeInput {
  readonly ApplicationName?: string
  readonly VersionLabels?: readonly string[]
  readonly MaxRecords?: number
  readonly NextToken?: string
}

/** [BC:elasticbeanstalk CreateApplicationVersionMessage.SourceBundle] A bucket that does not exist is found out later. */
function requireOwnRegion({ cloud, buckets }: Region, bucket: string | undefined): void {
  const region = bucket === undefined ? undefined : buckets.region(bucket)
  if (region === undefined || region === cloud.region) return
  throw new AwsError(
    'S3LocationNotInServiceRegionException',
    `The specified S3 bucket is not in the service region: ${bucket}`,
  )
}

function startProcessing(
  region: Region,
  { application, version, call }: { application: Application; version: Version; call: Call },
): void {
  const { clock, random } = region.cloud
  version.status = 'PROCESSING'
  clock.at(clock.now() + 3_000 + random() * 6_000, () => {
    version.status = isZip(region, version) ? 'PROCESSED' : 'FAILED'
    version.updatedAt = clock.now()
    sayOfVersion(
      region,
      { application: application.name, version: version.label, call },
      `Finished processing application version ${version.label}: ${version.status}.`,
    )
  })
}

function isZip({ buckets }: Region, { source }: Version): boolean {
  if (!source) return true
  const content = buckets.read(source.bucket, source.key)
  return content?.[0] === 0x50 && content[1] === 0x4b
}

function describe({ cloud }: Region, application: Application, version: Version) {
  const { label, description, source, createdAt, updatedAt, status } = version
  return {
    ApplicationVersionArn: arnOf(cloud, 'applicationversion', application.name, label),
    ApplicationName: application.name,
    VersionLabel: label,
    ...(description !== undefined && { Description: description }),
    ...(source && { SourceBundle: { S3Bucket: source.bucket, S3Key: source.key } }),
    DateCreated: new Date(createdAt),
    DateUpdated: new Date(updatedAt),
    Status: status,
  }
}
