import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/deployment/effects.ts'
import { Failure, HeldBy, LostLock } from '../../src/deployment/errors.ts'
import type { PairState } from '../../src/deployment/ports.ts'
import { journalWorld, key, minutes, promoted, promoting } from './journal-world.ts'
import { awsWorld, bucket } from './world.ts'

/** The pair that has shop-blue in common with ours. */
const otherKey = 'blue-green/shop/shop-blue+shop-new.json'
const claimOn = (environment: string) => `blue-green/claims/${environment}.json`

const createGreen: Effect = {
  what: 'create-environment',
  way: 'undo',
  name: 'shop-blue',
  nonce: 'n',
  onFailure: 'keep',
}

/** A run on the other pair that holds it, and one on ours. */
async function overlapping() {
  const world = journalWorld()
  const gone = new AbortController()
  const theirs = world.process('1', { key: otherKey, cancelled: gone.signal })
  await world.run(theirs.take(0, 'nobody'))
  return { world, theirs, ours: world.process('2'), die: () => gone.abort() }
}

describe('claims', () => {
  it('are made on both environments, and point to the pair', async () => {
    const world = journalWorld()
    await world.run(world.process('1').take(0, 'nobody'))
    expect(world.stored(claimOn('shop-blue'))).toMatchObject({ schema: 1, pair: key, besides: [] })
    expect(world.stored(claimOn('shop-green'))).toMatchObject({ schema: 1, pair: key, besides: [] })
  })

  it('are made only on what the run may change, as it says once it knows the state', async () => {
    const world = journalWorld()
    const one = world.process('1')
    const seen: unknown[] = []
    const changes = async () => {
      seen.push(one.journal.state.holder?.nonce)
      return ['shop-green', 'not-of-this-pair']
    }

    await world.run(one.take(0, 'nobody', { changes }))

    expect(seen).toEqual(['nonce-of-1'])
    expect(world.stored(claimOn('shop-blue'))).toEqual({})
    expect(world.stored(claimOn('shop-green'))).toMatchObject({ pair: key })
    expect(world.stored(claimOn('not-of-this-pair'))).toEqual({})
  })

  it('that name another pair are told of, once that pair is at rest too', async () => {
    const world = journalWorld()
    const theirs = world.process('1', { key: otherKey })
    await world.run(theirs.take(0, 'nobody'))
    await world.run(theirs.journal.release())
    const told: unknown[] = []
    const shared = (...seen: unknown[]) => told.push(seen)

    await world.run(world.process('2').take(0, 'nobody', { shared }))

    expect(told[0]).toEqual(['shop-blue', ['shop-blue', 'shop-new']])
    told.length = 0
    await world.run(world.process('2').take(0, 'nobody', { shared }))
    expect(told).toEqual([])
  })

  it('keep nobody out of an environment that is only looked at', async () => {
    const { world, ours } = await overlapping()

    await world.run(ours.take(0, 'nobody', { changes: async () => ['shop-green'] }))

    expect(ours.state().holder?.nonce).toBe('nonce-of-2')
  })

  it('are given back together with the lock when it cannot be told what would change', async () => {
    const world = journalWorld()
    const one = world.process('1')
    const failing = one.take(0, 'nobody', { changes: () => Promise.reject(new Failure('nobody knows')) })

    await expect(world.run(failing)).rejects.toThrow('nobody knows')

    expect(world.stored().holder).toBeUndefined()
  })

  it('that are ours already cost two reads side by side, and nothing is written', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    await world.run(one.release())
    const from = world.aws.calls.length
    await world.run(world.process('2').take(0, 'nobody'))
    const calls = world.aws.calls.slice(from)
    expect(calls.map(({ operation }) => operation)).toEqual([
      'GetCallerIdentity',
      'GetObject',
      'PutObject',
      'GetObject',
      'GetObject',
    ])
    expect(calls[3]?.at).toBe(calls[4]?.at)
  })

  it('are not given back: the pair’s own state says whether somebody works', async () => {
    const { world, theirs } = await overlapping()
    await world.run(theirs.release())
    expect(world.stored(claimOn('shop-blue'))).toMatchObject({ pair: otherKey })
  })
})

describe('a pair that shares an environment with another', () => {
  it('waits for the run on the other pair, says for whom and on which, and then goes on', async () => {
    const { world, theirs, ours } = await overlapping()
    const taking = ours.take(10 * minutes, 'nobody')
    await world.seconds(30)
    expect(ours.said).toEqual([
      'waiting for acme/shop 1 (https://github.com/acme/shop/actions/runs/1): deploy on the pair shop-blue + shop-new, which has shop-blue too since 2026-01-05T09:00:00Z',
    ])
    expect(world.stored()).not.toHaveProperty('holder')
    await world.run(theirs.release())
    expect((await world.run(taking))?.holder?.nonce).toBe('nonce-of-2')
    expect(world.stored(claimOn('shop-blue'))).toMatchObject({ pair: key, besides: [] })
    expect(world.stored(claimOn('shop-new'))).toMatchObject({ pair: otherKey })
  })

  it('gives up after its time, gives its own lock back, and says where the other lock lies', async () => {
    const { world, ours } = await overlapping()
    const held: HeldBy = await world.run(ours.take(2 * minutes, 'nobody').catch((thrown) => thrown))
    expect(held).toBeInstanceOf(HeldBy)
    expect(held.message).toContain('The environment shop-blue is held by acme/shop 1')
    expect(held.message).toContain('on the pair shop-blue + shop-new')
    expect(held.remedies.at(-1)?.command).toBe(`aws s3 cp 's3://${bucket}/${otherKey}' -`)
    expect(world.stored()).not.toHaveProperty('holder')
    expect(ours.state().pending).toEqual([])
  })

  it('does not take over from a bake on the other pair, not even for a rollback', async () => {
    const { world, theirs, ours } = await overlapping()
    await world.run(
      theirs.write((now) => ({ ...now, holder: now.holder && { ...now.holder, baking: true } })),
    )
    await expect(world.run(ours.take(0, 'a bake'))).rejects.toThrow(HeldBy)
  })

  it('takes a dead holder out of the other pair’s state before it goes on, and leaves the rest there', async () => {
    const { world, theirs, ours, die } = await overlapping()
    await world.run(theirs.write(promoting('e-1')))
    die()
    await world.seconds(301)
    await world.run(ours.take(0, 'nobody'))
    expect(world.stored(otherKey)).not.toHaveProperty('holder')
    expect(promoted(world.stored(otherKey) as never)).toEqual(['e-1'])
    // The holder was only paused: its next write tells it.
    await expect(world.run(theirs.write(promoting('e-2')))).rejects.toThrow(LostLock)
    expect(world.stored(claimOn('shop-blue'))).toMatchObject({ pair: key, besides: [] })
  })

  it('is refused what a dead run of the other pair left open there, and told how to settle it', async () => {
    const { world, theirs, ours, die } = await overlapping()
    await world.run(theirs.write((now) => ({ ...now, pending: [createGreen] })))
    const before = world.stored(otherKey)
    die()
    await world.seconds(301)
    const refused: Failure = await world.run(ours.take(60 * minutes, 'nobody').catch((thrown) => thrown))
    expect(refused).toBeInstanceOf(Failure)
    expect(refused.message).toBe(
      'An interrupted run on the pair shop-blue + shop-new left something open that may concern shop-blue: environment shop-blue is created.',
    )
    expect(refused.remedies[0]?.why).toBe(
      'Settle it first: run this action with `operation: recover`, `application: shop`, `blue-environment: shop-blue` and `green-environment: shop-new`.',
    )
    expect(world.stored(otherKey)).toEqual(before)
    expect(world.stored()).not.toHaveProperty('holder')
    await world.run(world.process('3', { key: otherKey }).take(0, 'nobody'))
  })

  it.each([
    ['hold-capacity', { what: 'hold-capacity', environment: 'e-1', group: 'g', before: {}, after: {} }, true],
    ['route', { what: 'route', from: 'e-1', to: 'e-2', productionName: 'c' }, true],
    ['the end of shop-blue', { what: 'terminate', name: 'shop-blue', environment: 'e-1' }, true],
    ['the end of shop-new', { what: 'terminate', name: 'shop-new', environment: 'e-2' }, false],
    ['create-template', { what: 'create-template', name: 'tmp' }, false],
  ])(
    'takes an open effect of the other pair for its own business or not: %s',
    async (_, effect, concerns) => {
      const { world, theirs, ours } = await overlapping()
      await world.run(theirs.write((now) => ({ ...now, pending: [effect as unknown as Effect] })))
      await world.run(theirs.release())
      const taken = await world.run(
        ours.take(0, 'nobody').then(
          () => true,
          (thrown) => {
            if (thrown instanceof HeldBy) return false
            throw thrown
          },
        ),
      )
      expect(taken).toBe(!concerns)
    },
  )

  it('that comes at the same moment as the other never works together with it', async () => {
    for (let offset = 0; offset <= 400; offset += 20) {
      const { world, theirs } = await overlapping()
      await world.run(theirs.release())
      // Ours comes first this time, and the claim is the other pair's.
      const runs = [world.process('2'), world.process('3', { key: otherKey })]
      const atWork = { now: 0, most: 0, ended: 0 }
      const works = runs.map(async (one, index) => {
        await new Promise<void>((resolve) => {
          world.clock.at(world.clock.now() + index * offset, resolve)
        })
        await one.take(30 * minutes, 'nobody')
        atWork.now += 1
        atWork.most = Math.max(atWork.most, atWork.now)
        await new Promise<void>((resolve) => {
          world.clock.at(world.clock.now() + minutes, resolve)
        })
        atWork.now -= 1
        await one.release()
        atWork.ended += 1
      })
      await world.run(Promise.all(works))
      expect(atWork).toEqual({ now: 0, most: 1, ended: 2 })
    }
  })

  it('reads a claim that was never confirmed as one of both pairs', async () => {
    const { world, theirs, ours } = await overlapping()
    const thirdKey = 'blue-green/shop/shop-blue+shop-third.json'
    // A third pair's run died after it wrote the claim, before it looked at the other pair again.
    const unconfirmed = { schema: 1, nonce: 'n', pair: thirdKey, besides: [otherKey] }
    world.put(JSON.stringify(unconfirmed), claimOn('shop-blue'))
    const held: HeldBy = await world.run(ours.take(0, 'nobody').catch((thrown) => thrown))
    expect(held.message).toContain('acme/shop 1')
    const third = world.process('3', { key: thirdKey })
    await expect(world.run(third.take(0, 'nobody'))).rejects.toThrow(HeldBy)
    await world.run(theirs.release())
    await world.run(third.take(0, 'nobody'))
    expect(world.stored(claimOn('shop-blue'))).toMatchObject({ pair: thirdKey, besides: [] })
  })

  it('looks again when the claim changed under its hands', async () => {
    const { world, theirs, ours } = await overlapping()
    await world.run(theirs.release())
    world.fault('answer-lost', 'PutObject', { times: 8, after: 1 })
    await world.run(ours.take(0, 'nobody'))
    expect(world.stored(claimOn('shop-blue'))).toMatchObject({ pair: key, besides: [] })
  })

  it('gives its own lock back when the claims cannot be read, and acts on nothing', async () => {
    const world = journalWorld()
    const one = world.process('1')
    await world.run(one.take(0, 'nobody'))
    await world.run(one.write((now) => ({ ...now, pending: [createGreen] })))
    await world.run(one.release())
    const two = world.process('2')
    world.fault('denied', 'GetObject', { after: 1 })
    await expect(world.run(two.take(0, 'nobody'))).rejects.toThrow(/s3:GetObject/)
    expect(two.state().pending).toEqual([])
    await expect(world.run(two.write(promoting('e-1')))).rejects.toThrow(LostLock)
    expect(world.stored()).toMatchObject({ pending: [createGreen] })
    expect(world.stored()).not.toHaveProperty('holder')
  })
})

describe('a claim', () => {
  it.each([
    '',
    'not JSON',
    '[]',
    '{"schema":"1"}',
    '{"schema":1,"pair":7,"besides":[]}',
    '{"schema":1,"pair":"blue-green/shop/shop-blue+shop-new.json"}',
    '{"schema":1,"pair":"blue-green/shop/bank-live+bank-other.json","besides":[]}',
    '{"schema":1,"pair":"passwords.txt","besides":[]}',
  ])('that is garbage, or about another environment, is treated like none: %s', async (body) => {
    const { world, ours } = await overlapping()
    world.put(body, claimOn('shop-blue'))
    await world.run(ours.take(0, 'nobody'))
    expect(world.stored(claimOn('shop-blue'))).toMatchObject({ pair: key, besides: [] })
  })

  it('of a newer version of the action is refused', async () => {
    const { world, ours } = await overlapping()
    world.put('{"schema":2}', claimOn('shop-blue'))
    await expect(world.run(ours.take(0, 'nobody'))).rejects.toThrow(/newer version/)
    expect(world.stored(claimOn('shop-blue'))).toEqual({ schema: 2 })
    expect(world.stored()).not.toHaveProperty('holder')
  })

  it('on a pair whose state is gone holds nobody up', async () => {
    for (const ifMatchOnMissingKey of [404, 412] as const) {
      const world = journalWorld(awsWorld({ switches: { ifMatchOnMissingKey } }))
      const theirs = world.process('1', { key: otherKey })
      await world.run(theirs.take(0, 'nobody'))
      world.aws.buckets.remove(bucket, otherKey)
      await world.run(world.process('2').take(0, 'nobody'))
      expect(world.stored(claimOn('shop-blue'))).toMatchObject({ pair: key })
    }
  })
})

describe('an environment outside the pair', () => {
  const blue = { id: 'e-1', name: 'shop-blue' }
  const outsider = (world: ReturnType<typeof journalWorld>) =>
    world.process('3', { key: 'blue-green/shop/admin-blue+admin-green.json' })
  const routeTo = (to: string): Effect => ({
    what: 'route',
    way: 'undo',
    from: 'e-9',
    to,
    fromVersion: undefined,
    toVersion: undefined,
    before: { share: {}, exact: undefined },
    after: { share: {}, exact: undefined },
    productionName: 'shop.example.com',
    at: 0,
    until: 0,
  })

  it('that nobody claimed is needed by nobody', async () => {
    const world = journalWorld()
    world.put('{}', 'unrelated')
    expect(await world.run(outsider(world).otherNeed(blue))).toBeUndefined()
  })

  it('is needed while a run works on the pair that claimed it, and not after that', async () => {
    const { world, theirs } = await overlapping()
    const before = world.stored(otherKey)
    expect(await world.run(outsider(world).otherNeed(blue))).toBe(
      'acme/shop 1 works on it now: deploy on the pair shop-blue + shop-new',
    )
    expect(world.stored(otherKey)).toEqual(before)
    await world.run(theirs.release())
    expect(await world.run(outsider(world).otherNeed(blue))).toBeUndefined()
  })

  it.each([
    ['its pair promoted it', promoting('e-1'), true],
    ['it is the way back of its pair', promoting('e-2'), false],
    [
      'nobody knows whether production of its pair went there',
      (now: PairState) => ({ ...now, pending: [routeTo('e-1')] }),
      true,
    ],
  ] as const)('is needed when %s', async (_, change, isE1) => {
    const { world, theirs, die } = await overlapping()
    await world.run(theirs.write(change))
    die()
    await world.seconds(301)
    const wanted = isE1 ? blue : { ...blue, id: 'e-0' }
    expect(await world.run(outsider(world).otherNeed(wanted))).toBe(
      'production of the pair shop-blue + shop-new is or was on it',
    )
  })

  it('is not needed by a dead run that was only bringing it up', async () => {
    const { world, theirs, die } = await overlapping()
    await world.run(theirs.write((now) => ({ ...now, pending: [createGreen, routeTo('e-2')] })))
    die()
    await world.seconds(301)
    expect(await world.run(outsider(world).otherNeed(blue))).toBeUndefined()
  })

  it('is not needed by a pair whose state is gone', async () => {
    const world = journalWorld()
    world.put(JSON.stringify({ schema: 1, nonce: 'n', pair: otherKey, besides: [] }), claimOn('shop-blue'))
    expect(await world.run(outsider(world).otherNeed(blue))).toBeUndefined()
  })
})
