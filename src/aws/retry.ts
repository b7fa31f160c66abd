import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types'
import { type Backoff, patience } from './backoff.ts'
import { type Trouble, troubleOf } from './trouble.ts'

/**
 * A retry strategy for the SDK's clients that waits on our own clock and leaves no timer behind. A run that is cancelled
 * repeats nothing: by then its post step may hold the lock.
 */
export function createRetryStrategy(backoff: Backoff, cancelled?: AbortSignal): RetryStrategyV2 {
  return {
    acquireInitialRetryToken: async () => token(0, 0),
    async refreshRetryTokenForRetry(used: RetryToken, { error }: RetryErrorInfo) {
      const tries = used.getRetryCount() + 1
      const trouble = troubleOf(error)
      if (cancelled?.aborted || tries >= patience || !isWorthRetrying(trouble))
        throw new Error('not tried again')
      const waited = await backoff(trouble, tries)
      if (cancelled?.aborted) throw new Error('not tried again')
      return token(tries, waited)
    },
    recordSuccess() {},
  }
}

function isWorthRetrying(trouble: Trouble): boolean {
  switch (trouble) {
    case 'not now':
    case 'no answer':
    case 'skewed':
      return true
    case 'denied':
    case 'bad credentials':
    case 'refused':
    case 'foreign':
      return false
  }
}

/** The waiting is over by the time the SDK sees it. */
const token = (count: number, waited: number): RetryToken => ({
  getRetryCount: () => count,
  getRetryDelay: () => 0,
  $retryLog: { acquisitionDelay: waited },
})
