import type { FailedTest, SuiteResult } from '../deployment/test-results.ts'
import { type Element, readXml } from './xml.ts'

/** What one JUnit report says. */
export interface JunitReport {
  readonly suites: readonly SuiteResult[]
  readonly failures: readonly FailedTest[]
}

/** As much of a failure as is worth showing. */
const longestMessage = 4_000

/**
 * Reads a JUnit report in any of its dialects (Surefire, pytest, jest-junit, PHPUnit, Playwright, Vitest): what counts
 * is the test cases, since not every writer keeps its totals right. Throws an Error for what is no such report.
 */
export function readJunit(document: string): JunitReport {
  const root = readXml(document)
  if (!['testsuites', 'testsuite'].includes(root.name)) throw new Error('it has no testsuite')
  const suites: SuiteResult[] = []
  const failures: FailedTest[] = []
  const waiting: Element[] = [root]
  for (let suite = waiting.shift(); suite; suite = waiting.shift()) {
    const cases = suite.children.filter(({ name }) => name === 'testcase')
    if (cases.length > 0) {
      suites.push(suiteOf(suite, cases))
      for (const test of cases.filter(hasFailed)) failures.push(failureOf(suite, test))
    }
    waiting.unshift(...suite.children.filter(({ name }) => name === 'testsuite'))
  }
  return { suites, failures }
}

function suiteOf({ attributes }: Element, cases: readonly Element[]): SuiteResult {
  const failed = cases.filter(hasFailed).length
  const skipped = cases.filter((test) => !hasFailed(test) && has(test, 'skipped')).length
  const own = secondsOf(attributes.time)
  const summed = cases.reduce((sum, test) => sum + (secondsOf(test.attributes.time) ?? 0), 0)
  return {
    name: attributes.name ?? '',
    passed: cases.length - failed - skipped,
    failed,
    skipped,
    took: Math.round((own ?? summed) * 1000),
  }
}

const has = ({ children }: Element, ...names: readonly string[]): boolean =>
  children.some(({ name }) => names.includes(name))

const hasFailed = (test: Element): boolean => has(test, 'failure', 'error')

/** Some write `1,234.5`; what is no number is left out. */
function secondsOf(text: string | undefined): number | undefined {
  const seconds = text === undefined || text.trim() === '' ? Number.NaN : Number(text.replaceAll(',', ''))
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

function failureOf(suite: Element, test: Element): FailedTest {
  const failure = test.children.find(({ name }) => name === 'failure' || name === 'error') as Element
  const said = [failure.attributes.message, failure.text.trim()].filter((part) => part)
  // The text often begins with the message again.
  const message = said.length === 2 && said[1]?.includes(said[0] as string) ? said[1] : said.join('\n')
  const file = fileOf(suite, test)
  return {
    suite: suite.attributes.name ?? '',
    name: test.attributes.name ?? '',
    message: (message ?? '').slice(0, longestMessage),
    file,
    line: lineOf(test, failure.text, file),
  }
}

/** Some say it as `file`, some as the class or the suite's name (Playwright, Vitest). */
function fileOf(suite: Element, test: Element): string | undefined {
  const { file = suite.attributes.file ?? suite.attributes.filepath } = test.attributes
  if (file) return file
  const names = [test.attributes.classname, suite.attributes.name]
  return names.find((name) => name !== undefined && /^[^\s:]+\.[a-z]{1,4}$/i.test(name) && isPath(name))
}

/** `tests/shop.spec.ts` and `shop.test.js`, not `com.example.Shop`. */
const isPath = (name: string): boolean => name.includes('/') || /\.(?:[cm]?[jt]sx?|py|rb|php|go)$/.test(name)

/** Where it stands; else where the failure's own text says that it is in that file. */
function lineOf({ attributes }: Element, text: string, file: string | undefined): number | undefined {
  const given = Number(attributes.line ?? Number.NaN)
  if (Number.isSafeInteger(given) && given > 0) return given
  if (file === undefined) return undefined
  const at = text.indexOf(`${file}:`)
  const [, found] = at < 0 ? [] : (/^(\d{1,7})/.exec(text.slice(at + file.length + 1)) ?? [])
  return found === undefined || Number(found) < 1 ? undefined : Number(found)
}
