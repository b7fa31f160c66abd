import { describe, expect, it } from 'vitest'
import { acts } from '../examples/rehearsal/acts.ts'
import { parseWanted } from '../examples/rehearsal/wanted.ts'

describe('the acts of the rehearsal', () => {
  it('are all played when none is named', () => {
    expect(parseWanted([])).toEqual({ acts })
  })

  it('are played alone by their names, in the order of the story', () => {
    const wanted = parseWanted(['--act', 'steps', '--act', 'good'])
    expect('acts' in wanted && wanted.acts.map(({ name }) => name)).toEqual(['good', 'steps'])
  })

  it('are listed with what they show', () => {
    const wanted = parseWanted(['--list'])
    for (const { name, title } of acts)
      expect(wanted).toMatchObject({ says: expect.stringMatching(`${name} +${title}`), exitCode: 0 })
  })

  it.each([[['--act', 'encore']], [['--loud']], [['--act']]])('%j is refused with what there is', (given) => {
    expect(parseWanted(given)).toMatchObject({ exitCode: 2 })
  })

  it('have names of their own', () => {
    expect(new Set(acts.map(({ name }) => name)).size).toBe(acts.length)
  })
})
