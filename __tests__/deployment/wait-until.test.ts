import { expect, it } from 'vitest'
import { Failure, Unreachable } from '../../src/deployment/errors.ts'
import { inWords, type Look, pauseAfter, waitUntil } from '../../src/deployment/wait-until.ts'
import { standingPair } from './world.ts'

const minute = 60_000
const wait = { sentence: 'the door is open', expected: 10_000, within: 5 * minute }
const waiting = { is: 'waiting', saw: 'it is shut' } as const

async function watching(look: (at: number) => Look<string>) {
  const world = standingPair()
  const bare = await world.bare()
  const began = world.clock.now()
  const looks: number[] = []
  const ended = bare.drive((run) =>
    waitUntil(run, {
      ...wait,
      look: async () => {
        looks.push(world.clock.now() - began)
        return look(world.clock.now() - began)
      },
    }),
  )
  return { ...bare, world, looks, ended, took: () => world.clock.now() - began }
}

it.each([
  [400, '0 s'],
  [59_000, '59 s'],
  [minute, '1 min'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
  [3_780_000, '1 h 3 min'],
])('%i ms are said as %s', (ms, words) => {
  expect(inWords(ms)).toBe(words)
})

it('looks are rare at first, close while it is usually over, and ever rarer after that', () => {
  const usual = { earliest: 85_000, latest: 115_000 }
  expect(pauseAfter(0, usual)).toBe(20_000)
  expect(pauseAfter(84_500, usual)).toBe(1_500)
  expect(pauseAfter(90_000, usual)).toBe(1_500)
  expect(pauseAfter(165_000, usual)).toBe(4_000)
  expect(pauseAfter(3_600_000, usual)).toBe(15_000)
})

it('the less is known about the end, the rarer the looks: 30 while it is usually over, four seconds apart at most', () => {
  expect(pauseAfter(300_000, { earliest: 270_000, latest: 345_000 })).toBe(2_500)
  expect(pauseAfter(300_000, { earliest: 200_000, latest: 900_000 })).toBe(4_000)
})

it('what is over in seconds is looked at more closely', () => {
  expect(pauseAfter(3_900, { earliest: 3_800, latest: 6_200 })).toBe(1_000)
})

it('what is awaited is answered as soon as it is there', async () => {
  const { ended } = await watching((at) => (at > 30_000 ? { is: 'done', value: 'open' } : waiting))
  await expect(ended).resolves.toBe('open')
})

it('the next look comes when it is known to be worth it', async () => {
  const { looks, ended } = await watching((at) =>
    at >= 47_000 ? { is: 'done', value: 'open' } : { ...waiting, again: 47_000 - at },
  )
  await ended
  expect(looks).toEqual([0, 47_000])
})

it('a state from which it can never come fails at once', async () => {
  const { ended, took } = await watching(() => ({ is: 'doomed', failure: new Failure('walled up') }))
  await expect(ended).rejects.toThrow('walled up')
  expect(took()).toBe(0)
})

it('out of time says what was awaited and what was seen last', async () => {
  const { ended, took } = await watching(() => waiting)
  await expect(ended).rejects.toThrow('waited 5 min until the door is open, and saw last: it is shut')
  expect(took()).toBe(5 * minute)
})

it('says once a minute what is awaited', async () => {
  const { ended, log } = await watching(() => waiting)
  await expect(ended).rejects.toThrow(Failure)
  expect(log.length).toBeGreaterThanOrEqual(3)
  expect(log.length).toBeLessThanOrEqual(5)
  expect(log[0]).toMatch(/^waiting until the door is open: it is shut \(1 min/)
})

it('AWS that cannot be reached for a while says nothing about what is awaited', async () => {
  const { ended } = await watching((at) => {
    if (at < 100_000) throw new Unreachable('no route')
    return { is: 'done', value: 'open' }
  })
  await expect(ended).resolves.toBe('open')
})

it('AWS that stays unreachable is what was seen last', async () => {
  const { ended } = await watching(() => {
    throw new Unreachable('no route')
  })
  await expect(ended).rejects.toThrow('and saw last: no route')
})

it('a refusal ends the wait', async () => {
  const { ended, took } = await watching(() => {
    throw new Failure('not allowed')
  })
  await expect(ended).rejects.toThrow('not allowed')
  expect(took()).toBe(0)
})

it('a cancelled wait ends at once, with the reason', async () => {
  const world = standingPair()
  const { drive, cancel } = await world.bare()
  const began = world.clock.now()
  world.clock.at(began + 5_000, cancel)

  await expect(drive((run) => waitUntil(run, { ...wait, look: async () => waiting }))).rejects.toThrow(
    'cancelled',
  )

  expect(world.clock.now() - began).toBe(5_000)
})
