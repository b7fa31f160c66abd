import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/system/clock.ts'

describe('the system clock', () => {
  const clock = systemClock()

  it('sleeps for nothing when asked to', async () => {
    await expect(clock.sleep(0)).resolves.toBeUndefined()
    await expect(clock.sleep(-5)).resolves.toBeUndefined()
  })

  it("ends a sleep with the signal's own reason", async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const sleep = clock.sleep(3_600_000, controller.signal)
    controller.abort(reason)
    await expect(sleep).rejects.toBe(reason)
  })

  it('does not begin to sleep when the signal is aborted already', async () => {
    const reason = new Error('enough')
    await expect(clock.sleep(0, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('sleeps longer for a month than for a millisecond', async () => {
    const controller = new AbortController()
    const long = clock.sleep(31 * 24 * 3_600_000, controller.signal).then(() => 'a month')
    const first = await Promise.race([long, clock.sleep(1).then(() => 'a millisecond')])
    expect(first).toBe('a millisecond')
    controller.abort()
    await expect(long).rejects.toThrow()
  })
})
