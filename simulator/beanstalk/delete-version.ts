import { AwsError } from '../cloud.ts'
import { invalid } from './errors.ts'
import { findApplication, findVersion } from './find.ts'
import { usersOf } from './in-use.ts'
import type { Application, Region, Version } from './region.ts'

/**
 * `DeleteApplicationVersion`. The documentation says that a version of a running environment cannot be deleted; users
 * saw that it can [issue boto/boto3#891] [issue hashicorp/terraform#5770]: the switch `versionInUse`.
 */
export function deleteApplicationVersion(region: Region, input: DeleteInput): undefined {
  const application = findApplication(region, input.ApplicationName)
  const version = findVersion(application, input.VersionLabel)
  requireIdle(region, application, version)
  application.versions.delete(version.label)
  if (input.DeleteSourceBundle) deleteSource(region, version)
}

interface DeleteInput {
  readonly ApplicationName: string
  readonly VersionLabel: string
  readonly DeleteSourceBundle?: boolean
}

/** The text for a busy version: [issue ThoughtWorksStudios/eb_deployer#28]. For one in use it is assumed. */
function requireIdle(region: Region, application: Application, { label, status }: Version): void {
  const users = usersOf(region, application, label)
  if (status === 'PROCESSING' || users.some(({ busy }) => busy)) {
    throw new AwsError(
      'OperationInProgressFailure',
      `Unable to delete application version: ${label}. An operation is already in progress, please retry again shortly.`,
    )
  }
  if (users.length > 0 && region.cloud.switches.versionInUse === 'kept') {
    const names = users.map(({ name }) => name).join(', ')
    throw invalid(`Unable to delete application version: ${label}. It is deployed to: ${names}.`)
  }
}

/** "The application version was deleted successfully", says the error. [BC:elasticbeanstalk SourceBundleDeletionException] */
function deleteSource({ buckets }: Region, { source }: Version): void {
  if (!source) return
  if (!buckets.has(source.bucket)) {
    throw new AwsError(
      'SourceBundleDeletionFailure',
      'Unable to delete the Amazon S3 source bundle associated with the application version. The application version was deleted successfully.',
    )
  }
  buckets.remove(source.bucket, source.key)
}
