import { expect, it } from 'vitest'
import type { DriftReport } from '../../src/deployment/configuration/drift-report.ts'
import { driftSection } from '../../src/github/drift-summary.ts'
import { summaryOf } from '../../src/github/summary.ts'
import { hostile, promoted } from './outcomes.ts'

const drift: DriftReport = {
  live: 'shop-blue',
  candidate: 'shop-green',
  treatment: 'set',
  rows: [
    { what: 'aws:x Size', live: { value: 'large' }, candidate: { words: 'not set' } },
    { what: 'aws:x URL', live: { words: 'differs' }, candidate: { words: 'differs' } },
  ],
}

it('a difference is a table, with what became of it', () => {
  expect(driftSection(drift)).toMatchInlineSnapshot(`
    "### Where <code>shop-green</code> is configured otherwise than <code>shop-blue</code> (live)

    It was so: the candidate has live’s values now (<code>configuration: sync</code>).

    |  | live | candidate |
    | --- | --- | --- |
    | <code>aws&#58;x Size</code> | <code>large</code> | not set |
    | <code>aws&#58;x URL</code> | differs | differs |"
  `)
  expect(summaryOf({ ...promoted, drift })).toContain(driftSection(drift))
  expect(driftSection(undefined)).toBe('')
})

it.each([
  ['fail', 'A deployment is refused'],
  ['keep', 'A deployment leaves that as it is'],
  ['sync', 'A deployment gives the candidate live’s values'],
] as const)('with `%s` it says: %s', (treatment, says) => {
  expect(driftSection({ ...drift, treatment })).toContain(says)
})

it('no more rows are shown than somebody reads, and nothing in them is markup', () => {
  const row = { what: hostile, live: { value: hostile }, candidate: { words: '' } }
  const section = driftSection({ ...drift, live: hostile, rows: Array.from({ length: 150 }, () => row) })
  expect(section).toContain('And 50 more, see the log.')
  expect(section).not.toContain(hostile)
  expect(section).not.toMatch(/<script|\]\(/)
})
