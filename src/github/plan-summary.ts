import type { Outcome } from '../deployment/outcome.ts'
import { inWords } from '../deployment/wait-until.ts'
import { table } from './table.ts'
import { code, forMarkdown, prose } from './text.ts'

const mostSteps = 100

/** What a dry run would do, in sections of Markdown. */
export const planSections = ({ plan = [], stages }: Outcome): readonly string[] => [
  '### What it would do, when all goes well',
  'This is the good case: what AWS, the tests and users would answer, nobody knows. Times are what such a stage usually takes.',
  table(
    ['stage', 'what it would do', 'takes about'],
    plan.map(({ title, steps }, index) => [
      forMarkdown(title),
      steps.length === 0 ? 'only look' : stepsOf(steps),
      inWords(stages[index]?.took ?? 0),
    ]),
  ),
]

/** `call Operation: Name=value` with what is called as code. */
function stepsOf(steps: readonly string[]): string {
  const shown = steps.slice(0, mostSteps).map((step) => {
    const [, name, rest] = /^call (\w+)(.*)$/s.exec(step) ?? []
    return name === undefined ? prose(step) : `${code(name)}${forMarkdown(rest ?? '')}`
  })
  const more = steps.length > mostSteps ? [`and ${steps.length - mostSteps} more, see the log`] : []
  return [...shown, ...more].join('<br>')
}
