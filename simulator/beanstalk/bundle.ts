import type { Bundle } from '../data-plane/data-plane.ts'
import type { Environment, Region } from './region.ts'

/** The label that Beanstalk shows for its own sample application. */
export const sampleApplication = 'Sample Application'

/** The bundle of a version as it lies in S3 now; undefined when it is not there. */
export function bundleOf(
  region: Region,
  environment: Environment,
  label: string | undefined,
): Bundle | undefined {
  if (label === undefined || label === sampleApplication)
    return { version: sampleApplication, content: undefined }
  const version = region.applications.get(environment.application)?.versions.get(label)
  if (!version) return undefined
  if (!version.source) return { version: label, content: undefined }
  const content = region.buckets.read(version.source.bucket, version.source.key)
  return content && { version: label, content }
}
