import { Failure, messageOf, type Remedy } from '../deployment/errors.ts'
import { type Member, type Outcome, succeeded } from '../deployment/outcome.ts'
import type { Toolkit } from '../world.ts'
import { outputsOf } from './outputs.ts'
import { inShares } from './shares.ts'
import { summaryOf, summaryOfThrown } from './summary.ts'
import { forAnnotation, forLog, forMarkdown, oneLine } from './text.ts'

/**
 * Tells how it ended: outputs, the job's summary, and for a failed ending one error annotation and the exit status.
 * The only place that does. `issues` is where a mistake of ours is reported.
 */
export async function publish(toolkit: Toolkit, outcome: Outcome, issues?: string): Promise<void> {
  for (const [name, value] of Object.entries(outputsOf(outcome))) toolkit.setOutput(name, value)
  const text = succeeded(outcome) ? successOf(outcome) : failureOf(outcome)
  say(toolkit, text)
  for (const file of outcome.workflows ?? [])
    say(toolkit, `A workflow for this pair, ${file.path}:\n\n${file.text}\n`)
  if (outcome.bug) sayBug(toolkit, outcome.bug, issues)
  await writeSummary(toolkit, summaryOf(outcome))
  annotateTests(toolkit, outcome)
  if (!succeeded(outcome)) toolkit.setFailed(forAnnotation(text))
}

/** Tells of what was thrown before there was an outcome: a mistake in the inputs, or one of ours. */
export async function publishThrown(toolkit: Toolkit, thrown: unknown, issues?: string): Promise<void> {
  toolkit.setOutput('outcome', 'failed')
  const text = [messageOf(thrown), ...(thrown instanceof Failure ? remediesOf(thrown.remedies) : [])].join(
    '\n',
  )
  if (!(thrown instanceof Failure) && thrown instanceof Error) sayBug(toolkit, thrown, issues)
  await writeSummary(toolkit, summaryOfThrown(text))
  toolkit.setFailed(forAnnotation(text))
}

/** Tells that nothing was done and why, before there was anything to ask AWS with: no failure, and no success. */
export async function publishSkipped(toolkit: Toolkit, why: string): Promise<void> {
  toolkit.setOutput('outcome', 'skipped')
  toolkit.warning(forAnnotation(`Skipped: ${why}`))
  await writeSummary(toolkit, `## ⏭️ Skipped, not verified\n\n${forMarkdown(why)}\n`)
}

const successOf = (outcome: Outcome): string => {
  const { is, says, undone, left, remedies } = outcome
  return [
    `${is}: ${says}`,
    `Serves production now: ${whoOf(outcome)}`,
    // What a deployment gives back when it is done is its own tidying.
    ...(undone.length === 0 || is === 'promoted' ? [] : [list('Undone:', undone)]),
    ...leftOf(left),
    ...remediesOf(remedies),
  ].join('\n')
}

/** What happened, what serves production now, what was undone, what to do: in this order. */
const failureOf = (outcome: Outcome): string => {
  const { is, says, undone, left, remedies } = outcome
  return [
    `${is}: ${says}`,
    `Serves production now: ${whoOf(outcome)}`,
    undone.length === 0 ? 'Undone: nothing' : list('Undone:', undone),
    ...leftOf(left),
    ...remediesOf(remedies),
  ].join('\n')
}

const leftOf = (left: readonly string[]): readonly string[] =>
  left.length === 0 ? [] : [list('Left as it is:', left)]

const remediesOf = (remedies: readonly Remedy[]): readonly string[] =>
  remedies.length === 0
    ? []
    : [
        list(
          'To do:',
          remedies.map(({ why, command, workflow }) =>
            [why, command, ...(workflow?.split('\n') ?? [])]
              .filter((line) => line !== undefined)
              .join('\n    '),
          ),
        ),
      ]

const list = (title: string, items: readonly string[]): string =>
  [title, ...items.map((item) => `  - ${item}`)].join('\n')

const nameOf = ({ name, id, version }: Member): string => `${name} (${id}), version ${version ?? 'none'}`

const whoOf = ({ live, lastSeen, elsewhere, split }: Outcome): string => {
  if (live) return `${split ? `split, ${inShares(split)}; most of it goes to ` : ''}${nameOf(live)}`
  if (lastSeen) return `${elsewhere ?? 'not read at the end'}; when last seen, ${nameOf(lastSeen)}`
  return elsewhere ?? 'not known, it was not read'
}

function say(toolkit: Toolkit, text: string): void {
  for (const line of forLog(text).split('\n')) toolkit.info(line)
}

function sayBug(toolkit: Toolkit, bug: Error, issues: string | undefined): void {
  say(toolkit, bug.stack ?? messageOf(bug))
  say(
    toolkit,
    `This is a mistake in the action. Please report it with the lines above${issues ? ` at ${issues}` : ''}.`,
  )
}

/** GitHub shows ten errors of a step, and one is for the ending. */
const mostAnnotations = 9

/** Failed tests at their places, when they are why nothing was deployed. */
function annotateTests(toolkit: Toolkit, { testsPassed, testResults }: Outcome): void {
  if (testsPassed !== false || !testResults) return
  for (const { suite, name, message, file, line } of testResults.failures.slice(0, mostAnnotations))
    toolkit.error(forAnnotation(message.trim() || 'The test failed without a message.'), {
      title: oneLine(`${suite}: ${name}`, 200),
      ...(file !== undefined && { file: oneLine(file, 500), startLine: line ?? 1 }),
    })
}

/** A full disk must not change how a deployment ended. */
async function writeSummary(toolkit: Toolkit, markdown: string): Promise<void> {
  try {
    await toolkit.writeSummary(markdown)
  } catch (thrown) {
    toolkit.info(forLog(`The summary could not be written: ${messageOf(thrown)}`))
  }
}
