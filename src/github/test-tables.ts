import type { FailedTest, TestResults } from '../deployment/test-results.ts'
import { inWords } from '../deployment/wait-until.ts'
import { table } from './table.ts'
import { code, fenced, forMarkdown } from './text.ts'

const mostSuites = 30

/** What the tests' reports say, as Markdown: one row a suite. Empty when they say nothing. */
export function testsTable(results: TestResults): string {
  const { passed, failed, skipped, took, suites } = results
  if (passed + failed + skipped === 0) return ''
  const row = (name: string, counts: Pick<TestResults, 'passed' | 'failed' | 'skipped' | 'took'>) => [
    name,
    String(counts.passed),
    counts.failed === 0 ? '0' : `**${counts.failed}**`,
    String(counts.skipped),
    inWords(counts.took),
  ]
  const shown = suites.slice(0, mostSuites)
  return table(
    ['suite', 'passed', 'failed', 'skipped', 'time'],
    [
      ...shown.map((suite) => row(forMarkdown(suite.name, 200) || '–', suite)),
      ...(suites.length > shown.length ? [['…', '', '', '', '']] : []),
      row('**all**', { passed, failed, skipped, took }),
    ],
  )
}

/** The first `most` failures with their messages, as Markdown; says how many more there are. */
export function failuresOf(failures: readonly FailedTest[], most: number, all = failures.length): string {
  const shown = failures.slice(0, most).map(({ suite, name, message, file, line }) => {
    const place = file === undefined ? '' : ` at ${code(line === undefined ? file : `${file}:${line}`)}`
    const title = `❌ **${forMarkdown(name, 300) || '–'}** (${forMarkdown(suite, 200) || '–'})${place}`
    return message.trim() === '' ? title : `${title}\n\n${fenced(message.slice(0, 1_000))}`
  })
  const more = all - shown.length
  return [...shown, ...(more > 0 && shown.length > 0 ? [`And ${more} more, see the log.`] : [])].join('\n\n')
}
