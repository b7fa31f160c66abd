import { type Outcome, succeeded } from '../deployment/outcome.ts'
import type { FailedTest } from '../deployment/test-results.ts'
import type { Client } from './client.ts'
import type { Context } from './context.ts'
import { failuresOf, testsTable } from './test-tables.ts'
import { code, cut, forLog, oneLine, prose } from './text.ts'

/** Where a check is told. */
export interface Checks {
  readonly client: Client
  readonly context: Context
  readonly application: string
  /** The job's page. */
  readonly log: string | undefined
}

const needs = 'checks: write'
/** Of one request, by GitHub's rule [docs.github.com/rest/checks/runs]. */
const perRequest = 50
/** Nobody reads more. */
const mostAnnotations = 200
/** Of a summary or a text, by GitHub's rule, with room for entities. */
const longest = 60_000

/** Tells that the commit is being verified. Answers the check's number, if GitHub took it. */
export async function beginCheck({ client, context, application, log }: Checks): Promise<number | undefined> {
  const made = await client.tell({
    needs,
    what: 'the check',
    repeatable: false,
    send: (rest, request) =>
      rest.checks.create({
        ...context.repo,
        name: nameOf(application),
        head_sha: context.commit,
        status: 'in_progress',
        ...(log !== undefined && { details_url: log }),
        request,
      }),
  })
  return made?.id
}

/** Tells how it ended, with the failed tests at their lines; makes the check if it is not there yet. */
export async function endCheck(checks: Checks, id: number | undefined, outcome: Outcome): Promise<void> {
  const { client, context, application, log } = checks
  const failures = outcome.testResults?.failures ?? []
  const placed = failures.filter(({ file }) => file !== undefined).slice(0, mostAnnotations)
  const batches = batchesOf(placed.map(annotationOf))
  const output = outputOf(
    outcome,
    failures.filter((one) => !placed.includes(one)),
  )
  const made = id ?? (await beginCheck(checks))
  if (made === undefined) return
  for (const [index, annotations] of batches.entries()) {
    const isLast = index === batches.length - 1
    await client.tell({
      needs,
      what: 'the check',
      // Annotations would be there twice.
      repeatable: annotations.length === 0,
      send: (rest, request) =>
        rest.checks.update({
          ...context.repo,
          check_run_id: made,
          name: nameOf(application),
          ...(log !== undefined && { details_url: log }),
          ...(isLast && { conclusion: conclusionOf(outcome) }),
          output: { ...output, annotations },
          request,
        }),
    })
  }
}

const nameOf = (application: string): string => `Beanstalk Blue/Green: ${application}`

function conclusionOf(outcome: Outcome): 'success' | 'failure' | 'skipped' | 'cancelled' {
  // The post step has tidied up after a job that was cancelled: nothing was verified.
  if (outcome.is === 'recovered') return 'cancelled'
  // Branch protection takes a skipped check for a good one.
  if (outcome.is === 'skipped') return 'skipped'
  return succeeded(outcome) ? 'success' : 'failure'
}

function outputOf(outcome: Outcome, elsewhere: readonly FailedTest[]) {
  const { is, says, candidateUrl, testResults } = outcome
  const summary = [
    prose(says),
    candidateUrl === undefined ? '' : `Candidate: ${code(candidateUrl)}`,
    ...(testResults ? [testsTable(testResults)] : []),
  ]
  const text = failuresOf(elsewhere, 50)
  return {
    title: oneLine(`${is === 'recovered' ? 'cancelled' : is}: ${says}`, 200),
    summary: cut(summary.filter((part) => part !== '').join('\n\n'), longest),
    ...(text !== '' && { text: cut(text, longest) }),
  }
}

const annotationOf = ({ file, line = 1, suite, name, message }: FailedTest) => ({
  path: oneLine(file ?? '', 500),
  start_line: line,
  end_line: line,
  annotation_level: 'failure' as const,
  title: oneLine(`${suite}: ${name}`, 200) || 'A test failed',
  message: cut(forLog(message), 4_000) || 'It failed without a message.',
})

type Annotation = ReturnType<typeof annotationOf>

/** At least one, which may be empty. */
function batchesOf(annotations: readonly Annotation[]): readonly Annotation[][] {
  const count = Math.max(1, Math.ceil(annotations.length / perRequest))
  return Array.from({ length: count }, (_, index) =>
    annotations.slice(index * perRequest, (index + 1) * perRequest),
  )
}
