/**
 * What an error of the AWS SDK means for the one who sent the request.
 * - `not now`: turned away, nothing happened; later it may go.
 * - `no answer`: nobody knows what happened (no connection, a timeout, a reset, 5xx, an unreadable answer).
 * - `skewed`: turned away because this machine's clock is wrong; the SDK has learned the difference by now.
 * - `denied`, `bad credentials`, `refused`: turned away for good.
 * - `foreign`: no error of AWS's at all.
 */
export type Trouble =
  | 'not now'
  | 'no answer'
  | 'skewed'
  | 'denied'
  | 'bad credentials'
  | 'refused'
  | 'foreign'

/** Tells what an error means. The SDK's own idea of "retryable" is not used: it calls every error of a skewed clock transient. */
export function troubleOf(thrown: unknown): Trouble {
  if (!(thrown instanceof Error) || thrown.name === 'AbortError') return 'foreign'
  const { name, code, status, isSkewCorrected, hasResponse } = partsOf(thrown)
  if (NO_CREDENTIALS.has(name) || BAD_CREDENTIALS.has(name)) return 'bad credentials'
  if (NOT_NOW.has(name) || status === 429) return 'not now'
  if (NO_ANSWER.has(name)) return 'no answer'
  if (status !== undefined && status >= 500) return 'no answer'
  if (isSkewCorrected && SKEWED.has(name)) return 'skewed'
  if (status === 403 || DENIED.has(name)) return SKEWED.has(name) ? 'refused' : 'denied'
  if (status !== undefined && status >= 300) return 'refused'
  if (code !== undefined || hasResponse) return 'no answer'
  return 'foreign'
}

/** Was it answered with one of these codes? */
export const isCalled = (thrown: unknown, ...names: readonly string[]): boolean =>
  thrown instanceof Error && names.includes(thrown.name)

/** The HTTP status of an answer; undefined when there was none. */
export const statusOf = (thrown: unknown): number | undefined =>
  thrown instanceof Error ? partsOf(thrown).status : undefined

/** For `catch`: this answer is expected and means `value`; everything else goes on. */
export const meaning =
  <T>(value: T, ...names: readonly string[]) =>
  (thrown: unknown): T => {
    if (isCalled(thrown, ...names)) return value
    throw thrown
  }

function partsOf(error: Error) {
  const { code, $metadata } = error as Error & {
    readonly code?: unknown
    readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean }
  }
  return {
    name: error.name,
    code: typeof code === 'string' ? code : undefined,
    status: $metadata?.httpStatusCode,
    isSkewCorrected: $metadata?.clockSkewCorrected === true,
    hasResponse: '$response' in error,
  }
}

/**
 * What the SDK retries as throttling (§1.4), Auto Scaling's own way to say that something is under way, and STS's to say
 * that it did not reach GitHub. [BC:sts]
 */
const NOT_NOW = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'IDPCommunicationError',
  'IDPCommunicationErrorException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'ScalingActivityInProgressFault',
  'ScalingActivityInProgress',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
])
const NO_ANSWER = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException'])
const SKEWED = new Set([
  'AuthFailure',
  'InvalidSignatureException',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
])
const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError', 'ProviderError'])
const BAD_CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidToken',
  'MissingAuthenticationToken',
  'TokenRefreshRequired',
  'UnrecognizedClientException',
])
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'Forbidden',
  'InsufficientPrivilegesException',
  'UnauthorizedOperation',
])
