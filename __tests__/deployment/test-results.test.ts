import { expect, it } from 'vitest'
import type { TestResults } from '../../src/deployment/test-results.ts'
import { standingPair } from './world.ts'

const results: TestResults = {
  passed: 11,
  failed: 0,
  skipped: 1,
  took: 3_000,
  suites: [],
  failures: [],
  complaints: [],
}

async function deployed(given: TestResults, is: 'passed' | 'failed' = 'passed') {
  const world = standingPair()
  const asked: unknown[] = []
  world.tests = async ({ report }) => {
    asked.push(report)
    return { is, says: 'exit code', results: given }
  }
  const seen = await world.run('deploy', { testReport: ['reports/*.xml'] })
  return { seen, asked }
}

it('what the reports say is told in a line and in the outcome', async () => {
  const { seen, asked } = await deployed(results)
  expect(asked).toEqual([['reports/*.xml']])
  expect(seen).toMatchObject({ is: 'promoted', testsPassed: true, testResults: results })
  expect(seen.log).toContain('Test reports: 11 passed, 0 failed, 1 skipped, in 3 s.')
})

it('reports that cannot be read are a warning, and never fail good tests', async () => {
  const nothing = { ...results, passed: 0, skipped: 0, complaints: ['No test report is at reports/*.xml.'] }
  const { seen } = await deployed(nothing)
  expect(seen).toMatchObject({ is: 'promoted', testsPassed: true, warnings: nothing.complaints })
  expect(seen.log.join('\n')).not.toContain('Test reports:')
})

it('the command’s ending counts, not the report; that they disagree is a warning', async () => {
  const { seen } = await deployed({ ...results, failed: 2 })
  expect(seen).toMatchObject({ is: 'promoted', testsPassed: true })
  expect(seen.warnings).toEqual([expect.stringContaining('its reports have 2 failed tests')])
})

it('failed tests are failed tests, however good the report', async () => {
  const { seen } = await deployed(results, 'failed')
  expect(seen).toMatchObject({ is: 'failed', testsPassed: false, testResults: results, warnings: [] })
})
