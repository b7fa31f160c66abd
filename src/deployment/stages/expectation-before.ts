import { describe, type Environment } from '../environment.ts'
import { Failure } from '../errors.ts'
import { shows } from '../expectation.ts'
import type { Answer } from '../ports.ts'
import { type Run, warn } from '../run.ts'
import type { Expectation } from '../settings.ts'
import { shellWord } from '../shell-word.ts'

/** What production answers before anything is changed. */
export interface Before {
  readonly url: string
  readonly answer: Answer
  readonly live: Environment
  /** Traffic moved a moment ago: an old answer is only late. */
  readonly isFollowed: boolean
}

/**
 * Does production show the version that is live now, as `production-expect` says? If not, what it shows later fails
 * nothing. Refused is what would fail for sure: live itself shows it, and production does not.
 */
export async function expectationBefore(run: Run, before: Before): Promise<boolean> {
  const { operation } = run.settings
  if (operation === 'retire') return false
  const expectation = run.settings.productionExpect
  const { answer, live, isFollowed } = before
  const version = live.version
  if (!expectation || answer.is !== 'answer' || version === undefined) return false
  const { is, saw } = shows(expectation, version, answer)
  if (is) {
    run.ports.report.line(`production shows ${version}, as \`production-expect\` says: ${saw}`)
    return true
  }
  if (operation === 'rollback' || isFollowed) return false
  const moves = operation === 'deploy' || operation === 'promote'
  if (moves && (await showsItself(run, before, { expectation, version }))) throw hidden(before, saw)
  warn(
    run,
    `Production does not show ${version} now, as \`production-expect\` says: ${saw}. The new version has to show its own before production moves to it; whether production shows it afterwards does not count.`,
  )
  return false
}

async function showsItself(
  run: Run,
  { url, live }: Before,
  { expectation, version }: { readonly expectation: Expectation; readonly version: string },
): Promise<boolean> {
  const { endpoint } = live
  if (endpoint === undefined) return false
  const { probe } = run.ports
  const { pathname, search } = new URL(url)
  const answers = await Promise.all([
    probe.ask(url, run.signal, endpoint),
    probe.ask(`http://${endpoint}${pathname}${search}`, run.signal),
  ])
  return answers.some((answer) => shows(expectation, version, answer).is)
}

const hidden = ({ url, live }: Before, saw: string): Failure =>
  new Failure(
    `${url} does not show that ${describe(live)} serves it (${saw}), and that environment itself does at its own address. A cache or another environment answers: after the switch nobody could tell whether production has moved.`,
    [
      { why: 'See what production answers:', command: `curl -si ${shellWord(url)}` },
      {
        why: 'Let `production-url` be an address that is not cached, or do without `production-expect`.',
      },
    ],
  )
