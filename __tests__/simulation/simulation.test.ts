import { expect, it } from 'vitest'
import type { History } from './history.ts'
import { playSeed } from './play-seed.ts'
import { commandFor, replay } from './replay.ts'
import { shrink } from './shrink.ts'
import { readable } from './story.ts'
import { count, emptyTally } from './tally.ts'
import { writeHistory } from './write-history.ts'

const seeds = 80

it(`no rule is broken in ${seeds} whole histories with faults everywhere`, async () => {
  const tally = emptyTally()
  for (let seed = 1; seed <= seeds; seed++) count(tally, { seed }, await playSeed(seed))

  const [first] = tally.broken
  expect(first ? (await replay(first.seed)).text : 'no rule is broken').toBe('no rule is broken')
  const rules = Object.keys(tally.looked)
  expect(rules.length, `looked at: ${rules.join('; ')}`).toBeGreaterThan(20)
  expect(Object.keys(tally.endings)).toEqual(
    expect.arrayContaining(['promoted', 'rolled-back', 'failed', 'restored', 'dead', 'recovered']),
  )
}, 300_000)

it('seeds that broke a rule once break none any more', async () => {
  for (const seed of [455, 605, 10_091, 10_133, 11_597, 20_109, 21_166, 41_686, 42_347, 9_200_115])
    expect((await playSeed(seed)).violations, commandFor(seed)).toEqual([])
})

it('the same seed is the same history, to the last call and the last line of the log', async () => {
  for (const seed of [6, 19, 50, 88]) {
    expect(writeHistory(seed)).toEqual(writeHistory(seed))
    const stories = [await playSeed(seed), await playSeed(seed)].map(({ story }) =>
      readable(story, { all: true }),
    )
    expect(stories[0]).toBe(stories[1])
    expect(stories[0]?.split('\n').length).toBeGreaterThan(50)
  }
})

it('a failing history is shrunk to what it needs to fail', async () => {
  const history = { ...writeHistory(3), chapters: [1, 2, 3].flatMap((seed) => writeHistory(seed).chapters) }
  const isStorm = ({ chapters }: History) =>
    chapters.some(({ mishaps }) => mishaps.length > 0) || chapters.length > 1

  const smallest = await shrink(history, async (smaller) => isStorm(smaller))

  expect(smallest.chapters.length).toBeLessThanOrEqual(2)
  expect(smallest.chapters.flatMap(({ mishaps }) => mishaps).length).toBeLessThanOrEqual(1)
  expect(Object.values(smallest.apps).every((manner) => manner === 'good')).toBe(true)
})

it('the story of a seed ends with the verdict, and names the command that tells it again', async () => {
  const { text, isBroken } = await replay(2)

  expect(isBroken).toBe(false)
  expect(text).toContain('begins: ')
  expect(text).toContain('Seed 2 breaks no rule.')
  expect(commandFor(2)).toBe('npm run simulate -- --seed 2')
})
