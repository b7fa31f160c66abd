import type { Ms } from './ports.ts'
import type { Run } from './run.ts'
import { warn } from './run.ts'
import { inWords } from './wait-until.ts'

/** How many tests ended in which way. */
export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly took: Ms
}

/** One suite of the user's tests. */
export interface SuiteResult extends TestCounts {
  readonly name: string
}

/** One test that failed. */
export interface FailedTest {
  readonly suite: string
  readonly name: string
  readonly message: string
  /** As the report has it; may lie outside of the workspace. */
  readonly file: string | undefined
  /** From 1 on. */
  readonly line: number | undefined
}

/** What the user's tests wrote down about themselves. */
export interface TestResults extends TestCounts {
  /** The first ones; there may be more. */
  readonly suites: readonly SuiteResult[]
  /** The first ones; there may be more. */
  readonly failures: readonly FailedTest[]
  /** Sentences: reports that could not be read, or that are not there. */
  readonly complaints: readonly string[]
}

/** Says what the tests' reports say; what is wrong with them is a warning, and never fails good tests. */
export function tellResults(run: Run, results: TestResults, passed: boolean): void {
  run.record.testResults = results
  const { passed: good, failed, skipped, took } = results
  if (good + failed + skipped > 0)
    run.ports.report.line(
      `Test reports: ${good} passed, ${failed} failed, ${skipped} skipped, in ${inWords(took)}.`,
    )
  for (const complaint of results.complaints) warn(run, complaint)
  if (passed && failed > 0)
    warn(run, `The test-command ended well, but its reports have ${failed} failed tests. Its ending counts.`)
}
