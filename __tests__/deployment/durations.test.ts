import { expect, it } from 'vitest'
import { learn, learningJournal, usually, usualSpan } from '../../src/deployment/durations.ts'
import type { PairState } from '../../src/deployment/ports.ts'
import { standingPair, type World } from './world.ts'

const known = (world: World, durations: unknown) =>
  Object.assign(world.object.state, { durations } as Partial<PairState>)

async function spanWith(durations: unknown) {
  const world = standingPair()
  known(world, durations)
  const bare = await world.bare()
  return bare.drive(async (run) => usualSpan(run, 'deployment'))
}

it('without a history an operation takes what AWS’s documentation and logs say', async () => {
  expect(await spanWith(undefined)).toEqual({ earliest: 70_400, latest: 89_600 })
})

it('with a history it takes what the last ones took', async () => {
  expect(await spanWith({ deployment: [200_000, 180_000] })).toEqual({ earliest: 171_000, latest: 210_000 })
})

it.each([
  ['no list', { deployment: 'long' }],
  ['no numbers', { deployment: ['10000', null] }],
  ['less than a second', { deployment: [999, -5] }],
  ['more than a day', { deployment: [86_400_001] }],
])('what cannot be a duration is none: %s', async (_, durations) => {
  expect(await spanWith(durations)).toEqual(await spanWith(undefined))
})

it('the last five are remembered, by a write that happens anyway', async () => {
  const world = standingPair()
  known(world, { deployment: [5_000, 4_000, 3_000, 2_000, 1_000], creation: [300_000] })
  const bare = await world.bare()
  await bare.drive(async (run) => {
    learn(run, 'deployment', 6_000.4)
    await run.ports.journal.write((now) => now)
    await run.ports.journal.write((now) => now)
  })
  expect(world.object.state.durations).toEqual({
    deployment: [6_000, 5_000, 4_000, 3_000, 2_000],
    creation: [300_000],
  })
})

it('a journal that learns is the journal otherwise', async () => {
  const world = standingPair()
  const bare = await world.bare()
  await bare.drive(async ({ ports: { journal } }) => {
    const learning = learningJournal(journal, [])
    await learning.write((now) => ({ ...now, productionName: 'shop.example' }))
    expect(learning.state).toBe(journal.state)
    expect(learning.state.productionName).toBe('shop.example')
    expect(learning.lost).toBe(journal.lost)
  })
})

it('how long it usually takes lies in the middle', async () => {
  const world = standingPair()
  known(world, { creation: [300_000, 400_000] })
  const bare = await world.bare()
  expect(await bare.drive(async (run) => usually(run, 'creation'))).toBe(352_500)
})
