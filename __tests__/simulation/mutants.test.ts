import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hunt } from './hunt.ts'
import { mutants } from './mutants.ts'

it('every mutant still has a place in the product', () => {
  for (const { name, patches } of mutants)
    for (const { file, old } of patches) {
      const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
      expect(text.split(old).length - 1, `${name}: ${old} in ${file}`).toBe(1)
    }
  expect(mutants.length).toBeGreaterThanOrEqual(15)
})

const soonFound = [
  'a swap counts as done when its answer is there',
  'no capacity is held',
  'what a saved configuration is for is forgotten',
  'the outputs tell what was live before',
  'option settings are written to the log',
]

for (const mutant of mutants.filter(({ name }) => soonFound.includes(name)))
  it(`the simulation finds this mistake: ${mutant.name}`, async () => {
    expect(await hunt(mutant, 200)).not.toBe('escaped')
  }, 120_000)
