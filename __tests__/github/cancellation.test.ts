import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { Cancelled } from '../../src/deployment/errors.ts'
import { cancellation } from '../../src/github/cancellation.ts'

describe('cancellation', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('is seen by %s, once', (name) => {
    const source = new EventEmitter()
    const { signal } = cancellation(source)
    expect(signal.aborted).toBe(false)
    source.emit(name)
    const { reason } = signal
    expect(reason).toBeInstanceOf(Cancelled)
    source.emit('SIGTERM')
    expect(signal.reason).toBe(reason)
  })

  it('gives the signals back when it is over', () => {
    const source = new EventEmitter()
    const { signal, stop } = cancellation(source)
    stop()
    source.emit('SIGINT')
    source.emit('SIGTERM')
    expect(signal.aborted).toBe(false)
    expect(source.eventNames()).toEqual([])
  })
})
