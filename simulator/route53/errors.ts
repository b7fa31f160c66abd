import { AwsError } from '../cloud.ts'
import type { HostedZone, Route53State } from './zone-state.ts'

/** A zone of the caller's account by its id. Throws NoSuchHostedZone, or AccessDenied for a zone of another account. [issue aws/aws-sdk-php#2141] */
export function findZone(
  { zones }: Route53State,
  id: string,
  { account, arn }: { readonly account: string; readonly arn: string },
): HostedZone {
  const zone = zones.get(id)
  if (!zone) throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, 404)
  if (zone.account !== account)
    throw new AwsError('AccessDenied', `User: ${arn} is not authorized to access this resource`, 403)
  return zone
}

/** A batch that is refused whole, with everything that is wrong with it (C.4). */
export const invalidChangeBatch = (problems: readonly string[]): AwsError =>
  new AwsError('InvalidChangeBatch', `[${problems.join(', ')}]`)

/** A request that is refused before its records are looked at. */
export const invalidInput = (message: string): AwsError => new AwsError('InvalidInput', message)

/** While another change of the same zone is being carried out. [R53:DNSLimitations] (§B) */
export const priorRequestNotComplete = (): AwsError =>
  new AwsError(
    'PriorRequestNotComplete',
    'The request was rejected because Route 53 was still processing a prior request.',
  )
