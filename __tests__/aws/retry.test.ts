import type { SdkError } from '@smithy/types'
import { expect, it } from 'vitest'
import { createRetryStrategy } from '../../src/aws/retry.ts'

const lost = Object.assign(new Error('socket hang up'), {
  name: 'TimeoutError',
  code: 'ECONNRESET',
}) as SdkError

const strategy = (cancelled: AbortSignal, backoff = async () => 50) => createRetryStrategy(backoff, cancelled)

it('what got no answer is tried again', async () => {
  const retry = strategy(new AbortController().signal)
  const first = await retry.acquireInitialRetryToken('')

  const again = await retry.refreshRetryTokenForRetry(first, { error: lost, errorType: 'TRANSIENT' })

  expect(again.getRetryCount()).toBe(1)
})

it('a cancelled run tries nothing again, also when it is cancelled while it waits to', async () => {
  const cancelling = new AbortController()
  const retry = strategy(cancelling.signal, async () => {
    cancelling.abort()
    return 50
  })
  const first = await retry.acquireInitialRetryToken('')
  const again = () => retry.refreshRetryTokenForRetry(first, { error: lost, errorType: 'TRANSIENT' })

  await expect(again()).rejects.toThrow('not tried again')
  await expect(again()).rejects.toThrow('not tried again')
})
