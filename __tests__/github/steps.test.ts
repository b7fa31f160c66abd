import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../src/deployment/outcome.ts'
import type { StepRecord } from '../../src/deployment/run.ts'
import { publish } from '../../src/github/publish.ts'
import { stepsTable } from '../../src/github/steps.ts'
import { stepsChart } from '../../src/github/steps-chart.ts'
import { summaryOf } from '../../src/github/summary.ts'
import { fakeToolkit } from '../helpers/runner.ts'
import { hostile, poisoned, promoted, rolledBack } from './outcomes.ts'

const step = (asked: number, rest: Partial<StepRecord> = {}): StepRecord => ({
  asked,
  seen: asked - 0.4,
  versions: [
    { version: '1.4.0', environment: 'shop-green', perSecond: asked / 10, serverErrorShare: 0 },
    { version: '1.3.9', environment: 'shop-blue', perSecond: 10 - asked / 10, serverErrorShare: 0 },
  ],
  users: { requests: 375, failures: 0 },
  beganAt: 281_300,
  took: 375_000,
  ended: 'well',
  ...rest,
})

const shifted: Outcome = { ...promoted, steps: [step(10), step(50), step(100)] }

const failing = step(50, {
  versions: [
    { version: '1.4.0', environment: 'shop-green', perSecond: 5, serverErrorShare: 12.5 },
    { version: '1.3.9', environment: 'shop-blue', perSecond: 5, serverErrorShare: 0 },
  ],
  users: { requests: 60, failures: 3 },
  took: 61_000,
  ended: 'badly',
})
const takenBack: Outcome = { ...rolledBack, steps: [step(10), failing] }

describe('the steps of a shift in the summary', () => {
  it('show what was asked for and what was seen, by version', () => {
    expect(stepsTable(shifted)).toMatchSnapshot()
    expect(stepsChart(shifted)).toMatchSnapshot()
  })

  it('show at which step it went wrong, and how', () => {
    const text = stepsTable(takenBack)
    expect(text).toContain('**12.5 % server errors**')
    expect(text).toContain('**3 of 60** (5.00 %) | 1 min 1 s | **failed** |')
    expect(stepsChart(takenBack)).toContain('x-axis ["10 %", "50 % (failed)"]')
  })

  it('say so when not all came that should have', () => {
    const late = { ...promoted, steps: [step(10), step(100, { seen: 28.7 })] }
    expect(stepsTable(late)).toMatch(/only 28\.7 % of the requests arrived at the new version: .*\.$/)
    const few = { ...promoted, steps: [step(10, { seen: 3 }), step(100, { seen: 28.7, ended: 'badly' })] }
    for (const outcome of [shifted, few]) expect(stepsTable(outcome)).not.toContain('only')
  })

  it('claim nothing that nobody counted', () => {
    const blind = step(10, { seen: undefined, versions: [], users: undefined })
    expect(stepsTable({ ...promoted, steps: [blind] })).toContain('| 10 % | not counted | – | not measured |')
    expect(stepsTable({ ...promoted, steps: [step(10, { users: { requests: 0, failures: 0 } })] })).toContain(
      'not measured',
    )
    expect(stepsChart({ ...promoted, steps: [blind, step(50)] })).toBe('')
    expect(stepsChart({ ...promoted, steps: [blind, step(50), step(100)] })).toContain('bar [50, 100]')
  })

  it('are left out where production moved at once', () => {
    expect(stepsTable(promoted) + stepsChart(promoted)).toBe('')
    expect(stepsChart({ ...promoted, steps: [step(100)] })).toBe('')
    expect(summaryOf(promoted)).not.toContain('How production moved')
  })

  it('are bars of their own in the chart, also when two of them have the same share', () => {
    expect(stepsChart({ ...promoted, steps: [step(50), step(50)] })).toContain('x-axis ["50 %", "2: 50 %"]')
  })

  it('stand before the timeline, and its diagram stays last', () => {
    for (const outcome of [shifted, takenBack]) {
      const parts = ['How production moved', 'How long it took', 'xychart-beta', 'gantt']
      const places = parts.map((part) => summaryOf(outcome).indexOf(part))
      expect(places).toEqual([...places].sort((one, other) => one - other))
      expect(places[0]).toBeGreaterThan(0)
    }
  })

  it('let no text from outside become anything else', () => {
    const bad = step(10, {
      versions: [{ version: hostile, environment: hostile, perSecond: 1, serverErrorShare: 1 }],
    })
    const text = stepsTable({ ...poisoned(promoted), steps: [bad] })
    expect(text).not.toMatch(/<script|\[l\]|@octocat|https:\/\/|`/)
    expect(text.split('\n').filter((line) => line.startsWith('|'))).toHaveLength(3)
  })
})

describe('production that is shared at the end', () => {
  const shared: Outcome = { ...takenBack, is: 'stuck', split: { 'shop-blue': 90, 'shop-green': 10 } }

  it('is told so, by name and per cent, before anything else is said of it', () => {
    expect(summaryOf(shared)).toContain(
      '**Production now:** split, 90 % shop-blue, 10 % shop-green; most of it goes to <code>shop-blue</code>',
    )
  })

  it('is told so in the log and the error too', async () => {
    const { toolkit, seen } = fakeToolkit({})
    await publish(toolkit, shared)
    expect(seen.failed).toContain(
      'Serves production now: split, 90 % shop-blue, 10 % shop-green; most of it goes to shop-blue (e-blue000001)',
    )
  })
})
