import { expect, it } from 'vitest'
import type { Outcome } from '../../src/deployment/outcome.ts'
import type { FailedTest, TestResults } from '../../src/deployment/test-results.ts'
import { beginCheck, type Checks, endCheck } from '../../src/github/checks.ts'
import { context, type Local, local } from './local.ts'
import { failed, hostile, poisoned, promoted } from './outcomes.ts'

const failure = (index: number, file: string | undefined = 'tests/a.py'): FailedTest => ({
  suite: 'shop',
  name: `test ${index}`,
  message: `no ${index}`,
  file,
  line: index,
})

const resultsOf = (failures: readonly FailedTest[]): TestResults => ({
  passed: 1,
  failed: failures.length,
  skipped: 0,
  took: 2_000,
  suites: [{ name: 'shop', passed: 1, failed: failures.length, skipped: 0, took: 2_000 }],
  failures,
  complaints: [],
})

const checksOf = ({ client }: Local): Checks => ({
  client,
  context,
  application: 'shop',
  log: 'https://github.com/acme/shop/actions/runs/1',
})

async function told(outcome: Outcome) {
  const one = local()
  const checks = checksOf(one)
  const id = await one.run(beginCheck(checks))
  expect(one.github.state.checks).toMatchObject([{ status: 'in_progress', head_sha: context.commit }])
  await one.run(endCheck(checks, id, outcome))
  expect(one.github.requests.filter(({ refused }) => refused !== undefined)).toEqual([])
  expect(one.github.state.checks).toHaveLength(1)
  const [check] = one.github.state.checks
  if (!check) throw new Error('no check')
  return { check, requests: one.github.requests }
}

it.each([
  [promoted, 'success'],
  [failed, 'failure'],
  [{ ...failed, is: 'skipped' } as unknown as Outcome, 'skipped'],
])('a check ends as the operation did', async (outcome, conclusion) => {
  const { check } = await told(outcome)
  expect(check).toMatchObject({
    name: 'Beanstalk Blue/Green: shop',
    status: 'completed',
    conclusion,
    details_url: 'https://github.com/acme/shop/actions/runs/1',
  })
  expect(check.output.title).toContain(outcome.says)
})

it('failed tests are annotations at their lines, fifty a request, and it is concluded with the last', async () => {
  const failures = Array.from({ length: 120 }, (_, index) => failure(index + 1))
  const { check, requests } = await told({ ...failed, testResults: resultsOf(failures) })
  expect(check.annotations).toHaveLength(120)
  expect(check.annotations[119]).toMatchObject({
    path: 'tests/a.py',
    start_line: 120,
    title: 'shop: test 120',
    message: 'no 120',
  })
  const updates = requests.slice(1).map(({ sent }) => sent as Record<string, unknown>)
  expect(updates.map(({ conclusion }) => conclusion)).toEqual([undefined, undefined, 'failure'])
  expect(check.output.summary).toContain('| shop | 1 | **120** | 0 | 2 s |')
})

it('no more than two hundred are annotations, and those without a place are in the text', async () => {
  const placed = Array.from({ length: 250 }, (_, index) => failure(index + 1))
  const { check } = await told({
    ...failed,
    testResults: resultsOf(
      [failure(999, undefined as never), ...placed].map((one) =>
        one.line === 999 ? { ...one, file: undefined } : one,
      ),
    ),
  })
  expect(check.annotations).toHaveLength(200)
  expect(check.output.text).toContain('**test 999**')
  expect(check.output.text).toContain('And 1 more, see the log.')
})

it('a check that could not be begun is made at the end', async () => {
  const one = local()
  await one.run(endCheck(checksOf(one), undefined, promoted))
  expect(one.github.state.checks).toMatchObject([{ conclusion: 'success' }])
})

it('text from outside stays text, whatever its length', async () => {
  const long = hostile.repeat(500)
  const bad: FailedTest = { suite: long, name: long, message: long, file: `a\n${long}`, line: 1 }
  const { check } = await told({
    ...poisoned(failed),
    testResults: resultsOf([bad, { ...bad, file: undefined, message: '' }]),
  })
  const { summary, text } = check.output
  for (const markdown of [summary, text ?? '']) {
    const unfenced = markdown.replace(/(`{3,})[\s\S]*?\n\1/g, '')
    expect(unfenced).not.toMatch(/<script|<!--|\]\(http|@octocat|https?:\/\/evil/)
  }
  expect(check.annotations[0]?.path).not.toContain('\n')
  expect(String(check.annotations[0]?.message)).not.toMatch(/^\s*::|##\[/m)
})
