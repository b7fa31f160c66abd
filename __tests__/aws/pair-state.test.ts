import { PutObjectCommand } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { AnswerLost, Failure, HeldBy, LostLock } from '../../src/deployment/errors.ts'
import { journalWorld, key, minutes, promoted, promoting, url } from './journal-world.ts'
import { awsWorld, bucket } from './world.ts'

describe('taking', () => {
  it('makes the object when there is none, and the bucket too', async () => {
    const world = journalWorld()
    expect(world.aws.buckets.has(bucket)).toBe(false)
    const one = world.process('1')
    expect(one.state().holder).toBeUndefined()
    const state = await world.run(one.take(0, 'nobody'))
    expect(state?.holder?.run).toBe('acme/shop 1')
    expect(world.stored()).toMatchObject({ schema: 1, holder: { nonce: 'nonce-of-1' }, pending: [] })
  })

  it('lets one of two that come at the same time have it', async () => {
    const world = journalWorld()
    const runs = [world.process('1'), world.process('2')]
    const ends = await world.run(Promise.allSettled(runs.map((run) => run.take(0, 'nobody'))))
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const loser = ends.find((end) => end.status === 'rejected')
    expect(loser?.reason).toBeInstanceOf(HeldBy)
  })

  it('waits for the holder, says for whom once a minute, and goes on from what it left', async () => {
    const world = journalWorld()
    const [one, two] = [world.process('1'), world.process('2')]
    await world.run(one.take(0, 'nobody'))
    await world.run(one.write(promoting('e-1')))
    const taking = two.take(10 * minutes, 'nobody')
    await world.seconds(150)
    expect(two.said).toHaveLength(3)
    expect(two.said[0]).toBe(
      'waiting for acme/shop 1 (https://github.com/acme/shop/actions/runs/1): deploy since 2026-01-05T09:00:00Z',
    )
    await world.run(one.release())
    const state = await world.run(taking)
    expect(promoted(state)).toEqual(['e-1'])
    expect(state?.holder?.nonce).toBe('nonce-of-2')
  })

  it('gives up after its time, and says who has it, since when, until when, and where to look', async () => {
    const world = journalWorld()
    const [one, two] = [world.process('1'), world.process('2')]
    await world.run(one.take(0, 'nobody'))
    const began = world.clock.now()
    const held: HeldBy = await world.run(two.take(2 * minutes, 'nobody').catch((thrown) => thrown))
    expect(held).toBeInstanceOf(HeldBy)
    expect(held.message).toContain(
      'held by acme/shop 1 (https://github.com/acme/shop/actions/runs/1): deploy since 2026-01-05T09:00:00Z, until 2026-01-05T09:0',
    )
    expect(held.remedies.at(-1)?.command).toBe(`aws s3 cp '${url}' -`)
    expect(world.clock.now() - began).toBeLessThan(2 * minutes + 2_000)
  })

  it('stops waiting when it is cancelled', async () => {
    const world = journalWorld()
    await world.run(world.process('1').take(0, 'nobody'))
    const cancelling = new AbortController()
    const two = world.process('2', { cancelled: cancelling.signal })
    const ended = two.take(60 * minutes, 'nobody').catch((thrown) => thrown)
    await world.seconds(15)
    cancelling.abort(new Error('cancelled'))
    const before = world.clock.now()
    expect(await world.run(ended)).toMatchObject({ message: 'cancelled' })
    expect(world.clock.now()).toBe(before)
  })

  it('takes over from a holder that has not renewed for its ttl, by the clock of S3 alone', async () => {
    const world = journalWorld()
    const gone = new AbortController()
    const one = world.process('1', { cancelled: gone.signal })
    await world.run(one.take(0, 'nobody'))
    await world.run(one.write(promoting('e-1')))
    gone.abort()
    const began = world.clock.now()
    const state = await world.run(world.process('2').take(20 * minutes, 'nobody'))
    expect(world.clock.now() - began).toBeGreaterThan(5 * minutes - 2_000)
    expect(world.clock.now() - began).toBeLessThan(5 * minutes + 15_000)
    expect(promoted(state)).toEqual(['e-1'])
  })

  it('never takes over from a holder that renews', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    await expect(world.run(world.process('2').take(60 * minutes, 'nobody'))).rejects.toThrow(HeldBy)
    expect(one.lost.aborted).toBe(false)
  })

  it('takes its own lock back at once: the post step of the same run', async () => {
    const world = journalWorld()
    const main = world.process('1')
    await world.run(main.take(0, 'nobody'))
    await world.run(main.write(promoting('e-1')))
    const post = world.process('post', { nonce: 'nonce-of-1' })
    expect(promoted(await world.run(post.take(0, 'nobody')))).toEqual(['e-1'])
  })

  it('over a bake does not wait, and the one that baked learns it with its next write', async () => {
    const world = journalWorld()
    const [baker, rollback] = [world.process('1'), world.process('2')]
    await world.run(baker.take(0, 'nobody'))
    await expect(world.run(rollback.take(0, 'a bake'))).rejects.toThrow(HeldBy)
    await world.run(baker.write((now) => ({ ...now, holder: now.holder && { ...now.holder, baking: true } })))
    await expect(world.run(world.process('3').take(0, 'nobody'))).rejects.toThrow(HeldBy)
    await world.run(rollback.take(0, 'a bake'))
    const lost: LostLock = await world.run(baker.write(promoting('e-1')).catch((thrown) => thrown))
    expect(lost).toBeInstanceOf(LostLock)
    expect(lost.message).toContain('lost to acme/shop 2 (https://github.com/acme/shop/actions/runs/2)')
    expect(baker.lost.reason).toBe(lost)
    expect(promoted(rollback.state())).toEqual([])
  })
})

describe('writing', () => {
  it('needs the lock', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await expect(world.run(one.write(promoting('e-1')))).rejects.toThrow(LostLock)
    await world.run(one.take(0, 'nobody'))
    await world.run(one.release())
    await expect(world.run(one.write(promoting('e-1')))).rejects.toThrow(LostLock)
  })

  it('keeps the very objects that it was given, so that an effect can be found again', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    const effect = { what: 'create-template', way: 'undo', name: 'tmp' } as const
    await world.run(one.write((now) => ({ ...now, pending: [effect] })))
    expect(one.state().pending[0]).toBe(effect)
    expect(world.stored()).toMatchObject({ pending: [effect], holder: { nonce: 'nonce-of-1' } })
  })

  it('puts writes that come together one after the other, each on the one before', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    await world.run(Promise.all(['e-1', 'e-2', 'e-3'].map((id) => one.write(promoting(id)))))
    expect(promoted(one.state())).toEqual(['e-3', 'e-2', 'e-1'])
    expect(world.stored()).toMatchObject({ promotions: one.state().promotions })
  })

  it('gives equal states different bodies: equal bodies would have equal ETags', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    await world.run(one.write((now) => now))
    const before = world.stored().nonce
    await world.run(one.write((now) => now))
    expect(world.stored().nonce).not.toBe(before)
  })

  it.each(['answer-lost', 'reset-before', 'server-error', 'unavailable', 'unanswered', 'throttled'] as const)(
    'comes through %s without doubting the lock',
    async (fault) => {
      const world = journalWorld()
      const one = world.process('1')
      world.fault(fault, 'PutObject', { times: 2 })
      await world.run(one.take(0, 'nobody'))
      world.fault(fault, 'PutObject', { times: 2 })
      await world.run(one.write(promoting('e-1')))
      await world.run(one.write(promoting('e-2')))
      expect(promoted(one.state())).toEqual(['e-2', 'e-1'])
      expect(world.stored()).toMatchObject({ promotions: one.state().promotions })
      expect(one.lost.aborted).toBe(false)
    },
  )

  it('waits for another write on the same object to get out of the way', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    // A stray conditional write that loses: only its being there is in the way.
    const { s3 } = world.clients
    const stray = s3
      .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'stray', IfNoneMatch: '*' }))
      .catch(() => {})
    await world.run(Promise.all([stray, one.write(promoting('e-1'))]))
    expect(world.calls('PutObject').map(({ error }) => error)).toContain('ConditionalRequestConflict')
    expect(promoted(one.state())).toEqual(['e-1'])
    expect(world.stored()).toMatchObject({ promotions: one.state().promotions })
  })

  it('finds its own write there when every answer to it was lost', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    const before = world.calls('PutObject').length
    world.fault('answer-lost', 'PutObject', { times: 8 })
    await world.run(one.write(promoting('e-1')))
    expect(promoted(world.stored() as never)).toEqual(['e-1'])
    expect(world.calls('PutObject').length - before).toBe(8)
  })

  it('says that nobody knows when no answer comes, and goes on from whatever became of it', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    world.fault('reset-before', 'PutObject', { times: 8 })
    await expect(world.run(one.write(promoting('e-1')))).rejects.toThrow(AnswerLost)
    expect(promoted(one.state())).toEqual([])
    world.fault('answer-lost', 'PutObject', { times: 1 })
    world.fault('reset-before', 'PutObject', { times: 7 })
    world.fault('reset-before', 'GetObject', { times: 8 })
    await expect(world.run(one.write(promoting('e-2')))).rejects.toThrow(/could not be asked/)
    expect(promoted(world.stored() as never)).toEqual(['e-2'])
    await world.run(one.write(promoting('e-3')))
    expect(promoted(world.stored() as never)).toEqual(['e-3'])
  })

  it('after the object was deleted is refused, and makes no new one', async () => {
    for (const ifMatchOnMissingKey of [404, 412] as const) {
      const world = journalWorld(awsWorld({ switches: { ifMatchOnMissingKey } }))
      const one = world.process('1')
      await world.run(one.take(0, 'nobody'))
      world.aws.buckets.remove(bucket, key)
      await expect(world.run(one.write(promoting('e-1')))).rejects.toThrow('somebody deleted its object')
      expect(world.stored()).toEqual({})
    }
  })
})

describe('holding', () => {
  it('ends with a signal as soon as a renewal finds that the lock is lost', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    world.put(JSON.stringify({ schema: 1, nonce: 'theirs', pending: [], kept: [], promotions: [] }))
    expect(one.lost.aborted).toBe(false)
    await world.seconds(101)
    expect(one.lost.reason).toBeInstanceOf(LostLock)
  })

  it('survives that renewals fail for a while, and says so', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    world.fault('denied', 'PutObject', { times: 1 })
    await world.seconds(110)
    expect(one.said.join()).toMatch(/could not be renewed: s3:PutObject is not allowed/)
    await world.run(one.write(promoting('e-1')))
    expect(one.lost.aborted).toBe(false)
  })

  it('ends with the release: the holder goes, everything else stays, nothing is written any more', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    await world.run(one.write(promoting('e-1')))
    await world.run(one.release())
    expect(world.stored()).not.toHaveProperty('holder')
    expect(promoted(world.stored() as never)).toEqual(['e-1'])
    const sent = world.aws.calls.length
    await world.seconds(3_600)
    expect(world.aws.calls).toHaveLength(sent)
  })

  it('leaves nothing planned behind', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    await world.run(one.release())
    await expect(world.run(new Promise(() => {}))).rejects.toThrow('nothing is planned')
  })

  it('can be given up in the middle of a renewal', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    const before = world.calls('PutObject').length
    world.fault('slow', 'PutObject', { forMs: 5_000 })
    await world.seconds(102)
    expect(world.calls('PutObject')).toHaveLength(before + 1)
    await world.run(one.release())
    expect(world.stored()).not.toHaveProperty('holder')
  })

  it('stops being renewed when the run is cancelled, and can still be written', async () => {
    const world = journalWorld()
    const cancelling = new AbortController()
    const one = world.process('1', { cancelled: cancelling.signal })
    await world.run(one.take(0, 'nobody'))
    cancelling.abort()
    await world.run(one.write(promoting('e-1')))
    const sent = world.aws.calls.length
    await world.seconds(3_600)
    expect(world.aws.calls).toHaveLength(sent)
  })

  it('is given back without an error even when somebody else has it, or S3 is gone', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    world.put(JSON.stringify({ schema: 1, nonce: 'theirs', pending: [], kept: [], promotions: [] }))
    await world.run(one.release())
    expect(one.said).toEqual([])
    const two = world.process('2')
    await world.run(two.take(0, 'nobody'))
    world.fault('reset-before', '*', { times: 100 })
    await world.run(two.release())
    expect(two.said.join()).toMatch(/could not be given back/)
  })
})

describe('reading', () => {
  it('refuses the state of a newer version of the action', async () => {
    const world = journalWorld()
    world.put(JSON.stringify({ schema: 2, whatever: true }))
    await expect(world.run(world.process('1').take(0, 'nobody'))).rejects.toThrow(/newer version/)
    expect(world.stored()).toEqual({ schema: 2, whatever: true })
  })

  it.each([
    '',
    'not JSON',
    '[]',
    'null',
    '{"schema":1,"pending":"none"}',
    '{"schema":1,"pending":[],"kept":[],"promotions":[],"holder":{}}',
  ])('leaves alone what this action did not write: %s', async (body) => {
    const world = journalWorld()
    world.put(body)
    const failure: Failure = await world.run(
      world
        .process('1')
        .take(0, 'nobody')
        .then(
          () => Promise.reject(new Error('taken')),
          (thrown) => thrown,
        ),
    )
    expect(failure).toBeInstanceOf(Failure)
    expect(failure.message).toContain(url)
    expect(failure.remedies.map(({ command }) => command)).toEqual([
      `aws s3 cp '${url}' -`,
      `aws s3 rm '${url}'`,
    ])
    expect(world.calls('PutObject')).toHaveLength(0)
  })

  it('names s3:ListBucket too when S3 hides a missing object', async () => {
    const world = journalWorld()
    world.fault('denied', 'GetObject')
    await expect(world.run(world.process('1').take(0, 'nobody'))).rejects.toThrow(/s3:GetObject/)
  })

  it.each([-3_600_000, 3_600_000])(
    'tells the time of S3 on a machine whose clock is %d ms ahead, and judges by it who is dead',
    async (aheadMs) => {
      const world = journalWorld()
      const one = world.process('1', { aheadMs })
      await world.run(one.take(0, 'nobody'))
      await world.seconds(90)
      expect(Math.abs(one.serverTime() - world.clock.now())).toBeLessThan(1_000)
      await expect(world.run(world.process('2', { aheadMs: -aheadMs }).take(0, 'nobody'))).rejects.toThrow(
        HeldBy,
      )
    },
  )
})

describe('peeking', () => {
  it('finds nothing where nothing was ever written, and writes nothing', async () => {
    const world = journalWorld()
    const { state, held } = await world.run(world.process('1').peek())
    expect([state.promotions, held]).toEqual([[], undefined])
    expect(world.aws.buckets.has(bucket)).toBe(false)
  })

  it('sees what another run holds, for how long, and what it has written; that run goes on', async () => {
    const world = journalWorld()
    const [one, two] = [world.process('1'), world.process('2')]
    await world.run(one.take(0, 'nobody'))
    await world.run(one.write(promoting('e-1')))
    const { state, held } = await world.run(two.peek())
    expect(promoted(state)).toEqual(['e-1'])
    expect(held).toMatchObject({ holder: { run: 'acme/shop 1' } })
    expect((held?.until ?? 0) - (held?.since ?? 0)).toBeGreaterThanOrEqual(held?.holder.ttl ?? 0)
    await world.run(one.write(promoting('e-2')))
  })

  it('knows a dead holder for one that holds nothing', async () => {
    const world = journalWorld()
    const gone = new AbortController()
    const [one, two] = [world.process('1', { cancelled: gone.signal }), world.process('2')]
    await world.run(one.take(0, 'nobody'))
    gone.abort()
    await world.seconds(3_600)
    const { state, held } = await world.run(two.peek())
    expect([state.holder?.run, held]).toEqual(['acme/shop 1', undefined])
  })
})
