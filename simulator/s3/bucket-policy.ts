import { AwsError, type Cloud } from '../cloud.ts'
import { callerArn } from '../wire/call-faults.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { WireRequest } from '../wire/request.ts'

/** What a bucket's own policy denies, whatever the caller may. */
export interface BucketPolicy {
  /** Every write must ask for this encryption. */
  readonly requires?: 'aws:kms'
  /** S3 operations, for example `PutObject`. */
  readonly denies?: readonly string[]
}

/** Throws AccessDenied where the policy says no. [DG:S3 troubleshoot-403-errors] */
export function obey(
  policy: BucketPolicy | undefined,
  {
    exchange,
    request,
    cloud,
  }: {
    readonly exchange: Pick<Exchange, 'operation' | 'action' | 'resource'>
    readonly request: WireRequest
    readonly cloud: Cloud
  },
): void {
  const { operation, action, resource } = exchange
  const isUnencrypted =
    policy?.requires !== undefined &&
    (operation === 'PutObject' || operation === 'CreateMultipartUpload') &&
    request.headers['x-amz-server-side-encryption'] !== policy.requires
  if (!isUnencrypted && !policy?.denies?.includes(operation)) return
  throw new AwsError(
    'AccessDenied',
    `User: ${callerArn(cloud)} is not authorized to perform: ${action} on resource: ${resource} with an explicit deny in a resource-based policy`,
    403,
  )
}
