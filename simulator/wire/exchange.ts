import type { AwsError } from '../cloud.ts'
import type { WireResponse } from './request.ts'

/** One request that has been understood well enough to be recorded, refused or carried out. */
export interface Exchange {
  readonly service: string
  readonly operation: string
  /** For the record of calls: the decoded input, or what could be made of it. */
  readonly input: unknown
  /** The IAM action that it needs, for example `s3:ListBucket`, and the resource, as they appear in AccessDenied. */
  readonly action: string
  readonly resource: string
  /** Carries it out. Throws AwsError; anything else that is thrown is a mistake in the simulator. */
  run(): Promise<WireResponse>
  /** The error as this protocol answers it. */
  fail(error: AwsError): WireResponse
}
