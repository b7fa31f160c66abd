import { Failure } from '../errors.ts'
import { askCandidate } from '../remedies.ts'
import type { Run } from '../run.ts'
import { tellResults } from '../test-results.ts'
import type { Proven } from './verify-candidate.ts'

/** Runs the user's own tests against the candidate. Throws Failure when they fail or do not end. */
export async function testCandidate(
  run: Run,
  { candidate, version }: Proven,
  command: string,
): Promise<void> {
  const { settings, ports, record } = run
  const url = record.candidateUrl as string
  const result = await ports.tests.run({
    command,
    shell: settings.shell,
    report: settings.testReport,
    variables: {
      CANDIDATE_URL: url,
      GREEN_URL: url,
      BASE_URL: url,
      VERSION: version,
      ENVIRONMENT_NAME: candidate.name,
    },
    within: settings.testTimeout,
    signal: run.signal,
  })
  run.signal.throwIfAborted()
  record.testsPassed = result.is === 'passed'
  if (result.results) tellResults(run, result.results, record.testsPassed)
  if (result.is === 'passed') return ports.report.line('The tests passed.')
  throw new Failure(
    `The tests ${result.is === 'failed' ? 'failed' : 'ran out of time'} against ${candidate.name}: ${result.says}.`,
    [...(result.is === 'timed out' ? [moreTime] : []), askCandidate(run.record, settings)],
    candidate,
  )
}

const moreTime = {
  why: 'Look in the log for what they were waiting for; if they simply need longer, raise `test-timeout`.',
}
