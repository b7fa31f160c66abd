import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/deployment/outcome.ts'
import { summaryOf } from '../../src/github/summary.ts'
import { cancelled, failed, hostile, poisoned, promoted, rolledBack, stuck } from './outcomes.ts'

const all = { promoted, rolledBack, failed, stuck, cancelled }

/** Do the texts come in this order, all of them? */
function expectInOrder(text: string, parts: readonly string[]): void {
  const places = parts.map((part) => text.indexOf(part))
  expect(
    places.every((place) => place >= 0),
    `${parts[places.indexOf(-1)]} is missing`,
  ).toBe(true)
  expect(places).toEqual([...places].sort((one, other) => one - other))
}

describe('the summary', () => {
  it.each(Object.entries(all))('of a deployment that ended %s reads as it did', (_, outcome) => {
    expect(summaryOf(outcome)).toMatchSnapshot()
  })

  it('says of a success what serves production and what users saw', () => {
    const text = summaryOf(promoted)
    expectInOrder(text, [
      '✅ Promoted',
      '**Production now:**',
      '**Tests:** passed',
      '| 342 | 0 (0.00 %) | none |',
    ])
  })

  it.each([rolledBack, stuck, failed, cancelled])(
    'says of a failure what happened, what serves production, what was undone and what to do, in this order',
    (outcome) => {
      const toDo = outcome.remedies.length > 0 ? ['### What to do'] : []
      expectInOrder(summaryOf(outcome), [
        outcome.says.slice(0, 12),
        '**Production now:**',
        '### What was undone',
        ...toDo,
      ])
    },
  )

  it('does not claim in its headline what there was no need to do', () => {
    for (const is of ['retired', 'recovered'] as const)
      expect(summaryOf({ ...promoted, is, operation: 'retire', wasIdle: true })).toMatch(
        /^## ✅ Nothing to do/,
      )
  })

  it('calls what a success put back not undone: nothing went wrong', () => {
    const text = summaryOf({ ...promoted, undone: ['the group may shrink again'] })
    expect(text).toContain('### Back to normal\n\n- the group may shrink again')
    expect(text).not.toContain('Undone')
  })

  it('never says that something was measured when it was not', () => {
    expect(summaryOf(failed)).toContain('**Production address:** not measured')
    expect(summaryOf(cancelled)).toContain('**Production address:** not measured')
    expect(summaryOf(cancelled)).toContain('**Production now:** not known')
    expect(summaryOf({ ...failed, testsPassed: undefined })).toContain('**Tests:** not run')
  })

  it('shows hours in its diagram where it took longer than one', () => {
    expect(summaryOf(promoted)).toContain('axisFormat %M:%S')
    const [first, ...rest] = promoted.stages
    const stages = [{ ...first, took: 3_700_000 } as (typeof rest)[number], ...rest]
    expect(summaryOf({ ...promoted, stages })).toContain('axisFormat %H:%M:%S')
  })

  it('says how long both environments ran, and that the way back still does', () => {
    expect(summaryOf(promoted)).toContain(
      "Both environments ran side by side with production's capacity for 6 min 21 s, and <code>shop-blue</code> runs on until it is retired.",
    )
    expect(summaryOf(rolledBack)).toContain("with production's capacity for 1 min 59 s.")
    expect(summaryOf({ ...promoted, operation: 'verify' })).not.toContain('side by side')
    const [lock] = promoted.stages
    expect(summaryOf({ ...promoted, stages: lock ? [lock] : [] })).not.toContain('side by side')
  })

  it('has the tests before the logs when they are why', () => {
    const testResults = {
      passed: 1,
      failed: 1,
      skipped: 0,
      took: 1_000,
      suites: [],
      failures: [],
      complaints: [],
    }
    expectInOrder(summaryOf({ ...rolledBack, testsPassed: false, testResults }), [
      '### What the tests say',
      'The end of the logs of',
    ])
    expectInOrder(summaryOf({ ...rolledBack, testResults }), [
      'The end of the logs of',
      '### What the tests say',
    ])
  })

  it('has its diagram last, and says the same without it', () => {
    const [before = '', diagram = ''] = summaryOf(rolledBack).split('```mermaid')
    expect(diagram.trim().endsWith('```')).toBe(true)
    for (const { title } of rolledBack.stages) expect(before).toContain(`| ${title} |`)
  })

  it.each(Object.entries(all))('of an outcome %s is not steered by what stands in it', (_, outcome) => {
    const text = summaryOf(poisoned(outcome))
    const commandless = text.replace(/^ *(`{3,})\w*\n[\s\S]*?\n *\1$/gm, '')
    expect(commandless).not.toContain('# heading')
    expect(commandless.replace(/<\/?(?:code|details|summary)>|&#\d+;/g, '')).not.toMatch(
      /[<>@$~\\[\]`]|:\/\/|www\./,
    )
    for (const row of commandless.split('\n').filter((line) => line.startsWith('|')))
      expect([3, 4, 5]).toContain(row.split('|').length - 1)
  })

  it('stays below what GitHub takes, however long everything is', () => {
    const long = poisoned(rolledBack)
    const many = <T>(items: readonly T[]): T[] => Array.from({ length: 500 }, () => items[0] as T)
    const endless: Outcome = {
      ...long,
      says: '@'.repeat(2_000_000),
      undone: many(['@'.repeat(100_000)]),
      left: many(['<'.repeat(100_000)]),
      warnings: many([hostile]),
      remedies: many([{ why: '|'.repeat(100_000), command: '`'.repeat(100_000) }]),
      stages: many(long.stages),
    }
    const text = summaryOf(endless)
    expect(Buffer.byteLength(text)).toBeLessThan(1_048_576)
    expect(text).toContain('Something did not fit here; it is in the log.')
    expect(text).toContain('**Production now:**')
  })
})
