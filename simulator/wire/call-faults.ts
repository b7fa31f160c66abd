import { AwsError, type Cloud } from '../cloud.ts'
import type { CallFaultOrder } from '../faults.ts'
import { expiredToken } from '../sessions.ts'
import { assertTimely } from './authorization.ts'
import type { Exchange } from './exchange.ts'
import { text, type WireOutcome, type WireResponse } from './request.ts'

/** Lets a fault strike one exchange: refuses it, hides its answer, or carries it out late. */
export async function strike(
  { fault, forMs = 0 }: CallFaultOrder,
  { exchange, cloud, run }: { exchange: Exchange; cloud: Cloud; run: () => Promise<WireResponse> },
): Promise<WireOutcome> {
  switch (fault) {
    case 'throttled':
      return exchange.fail(throttled(exchange.service))
    case 'server-error':
      return exchange.fail(
        exchange.service === 's3'
          ? new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500)
          : new AwsError('InternalFailure', 'An internal failure occurred', 500),
      )
    case 'unavailable':
      return {
        status: 503,
        headers: { 'content-type': 'text/html' },
        body: text('<html><body><h1>503 Service Unavailable</h1></body></html>'),
      }
    case 'reset-before':
      return 'reset'
    case 'answer-lost':
      await run()
      return 'reset'
    case 'unanswered':
      return 'never'
    case 'slow': {
      const response = await run()
      await cloud.clock.sleep(forMs)
      return response
    }
    case 'expired-credentials':
      return exchange.fail(expiredToken(exchange.service))
    case 'clock-skew':
      return exchange.fail(skewed(exchange.service, cloud.clock.now()))
    case 'denied':
      return exchange.fail(denied(exchange, cloud))
  }
}

/** `Throttling` / `Rate exceeded` (§B); S3 says `SlowDown`. */
export function throttled(service: string): AwsError {
  return service === 's3'
    ? new AwsError('SlowDown', 'Please reduce your request rate.', 503)
    : new AwsError('Throttling', 'Rate exceeded', 400)
}

/** The answer for a client whose clock is half an hour late. */
function skewed(service: string, now: number): AwsError {
  try {
    const signed = { accessKeyId: '', service, region: '', at: now - 1_800_000 }
    assertTimely(signed, { earliest: now, latest: now })
  } catch (error) {
    if (error instanceof AwsError) return error
    throw error
  }
  throw new Error('half an hour late is in time')
}

/** Who calls the simulated cloud. */
export const callerArn = (cloud: Cloud) => `arn:aws:sts::${cloud.account}:assumed-role/deployer/session`

/** The answer to a caller without the permission. [log] */
export const denied = (exchange: Pick<Exchange, 'action' | 'resource'>, cloud: Cloud): AwsError =>
  deniedTo(callerArn(cloud), exchange)

/** The same for a caller of any account. */
export function deniedTo(arn: string, { action, resource }: Pick<Exchange, 'action' | 'resource'>): AwsError {
  const who = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}`
  return new AwsError(
    'AccessDenied',
    `${who} because no identity-based policy allows the ${action} action`,
    403,
  )
}
