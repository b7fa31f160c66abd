import { type Member, type Outcome, type OutcomeName, succeeded } from '../deployment/outcome.ts'
import { inWords } from '../deployment/wait-until.ts'
import { diagramOf } from './diagram.ts'
import { driftSection } from './drift-summary.ts'
import { lastWordsOf } from './last-words-summary.ts'
import { perCent } from './outputs.ts'
import { pairSections } from './pair-summary.ts'
import { planSections } from './plan-summary.ts'
import { inShares } from './shares.ts'
import { stepsTable } from './steps.ts'
import { stepsChart } from './steps-chart.ts'
import { table } from './table.ts'
import { failuresOf, testsTable } from './test-tables.ts'
import { code, fenced, forMarkdown, prose } from './text.ts'

/** GitHub refuses a summary of more than 1 MiB; in bytes, with room for what other steps of ours add. */
const longest = 1_000_000
const mostItems = 50
const shownFailures = 20

/**
 * The job's summary in Markdown. A success says what serves production and what users saw; a failure says what
 * happened, what serves production now, what was undone, and what to do, in this order. A diagram comes last, and
 * nothing depends on it.
 */
export function summaryOf(outcome: Outcome): string {
  return within(longest, sectionsOf(outcome))
}

function sectionsOf(outcome: Outcome): readonly string[] {
  const { pair, workflows } = outcome
  if (pair) return [verdictOf(outcome), ...pairSections(pair, workflows)]
  if (outcome.plan) return dryRunOf(outcome)
  const sections = succeeded(outcome) ? successOf(outcome) : failureOf(outcome)
  return [...sections, timelineOf(outcome), stepsChart(outcome), diagramOf(outcome)]
}

/** The summary of a step that ended before its first call to AWS: what is wrong, a line each. */
export function summaryOfThrown(text: string): string {
  const [first = '', ...rest] = text.split('\n').map((line) => line.replace(/^\s*- /, ''))
  const lines = rest.slice(0, mostItems).map((line) => `- ${prose(line)}`)
  return within(longest, [`## ${verdicts.failed}`, prose(first), lines.join('\n'), 'AWS was not called.'])
}

const dryRunOf = (outcome: Outcome): readonly string[] => [
  verdictOf(outcome),
  productionOf(outcome),
  remediesOf(outcome, succeeded(outcome) ? 'What you could do then' : 'What to do'),
  ...planSections(outcome),
  driftSection(outcome.drift),
  listOf('What it would warn of', outcome.warnings),
]

const successOf = (outcome: Outcome): readonly string[] => [
  verdictOf(outcome),
  productionOf(outcome),
  beforeAndAfter(outcome),
  stepsTable(outcome),
  measured(outcome),
  testsOf(outcome),
  driftSection(outcome.drift),
  listOf('Warnings', outcome.warnings),
  listOf('Back to normal', outcome.undone),
  listOf('Left as it is', outcome.left),
  remediesOf(outcome, 'What you can do now'),
]

const failureOf = (outcome: Outcome): readonly string[] => [
  verdictOf(outcome),
  productionOf(outcome),
  outcome.undone.length === 0 ? '### What was undone\n\nNothing.' : listOf('What was undone', outcome.undone),
  remediesOf(outcome, 'What to do'),
  listOf('Left as it is', outcome.left),
  listOf('Warnings', outcome.warnings),
  // Why, before what else is known.
  ...(outcome.testsPassed === false ? [testsOf(outcome)] : []),
  lastWordsOf(outcome),
  beforeAndAfter(outcome),
  stepsTable(outcome),
  measured(outcome),
  ...(outcome.testsPassed === false ? [] : [testsOf(outcome)]),
  driftSection(outcome.drift),
]

const verdicts: Readonly<Record<OutcomeName, string>> = {
  promoted: '✅ Promoted',
  verified: '✅ Verified',
  'already-live': '✅ Already live',
  restored: '✅ Restored',
  retired: '✅ Retired',
  recovered: '✅ Recovered',
  reported: '📋 Reported',
  skipped: '⏭️ Skipped',
  'rolled-back': '↩️ Rolled back',
  failed: '❌ Failed',
  stuck: '🛑 Stuck: a human is needed',
}

const verdictOf = ({ is, says, operation, plan, wasIdle }: Outcome): string => {
  const verdict = wasIdle ? '✅ Nothing to do' : verdicts[is]
  return `## ${plan && is === 'reported' ? '📋 Dry run' : verdict} (${operation})\n\n${prose(says)}`
}

const nameOf = (member: Member): string =>
  `${code(member.name)} (${forMarkdown(member.id)}) with version ${versionOf(member)}`

const productionOf = ({
  live,
  lastSeen,
  elsewhere,
  split,
  productionName,
  productionUrl,
  proof,
}: Outcome): string => {
  const seen = elsewhere && prose(elsewhere)
  if (!live && seen && !lastSeen) return `**Production now:** ${seen}.`
  const unread = lastSeen
    ? `${seen ?? 'not read at the end'}; when last seen, ${nameOf(lastSeen)}`
    : 'not known: it was not read'
  const shared = split ? `split, ${forMarkdown(inShares(split))}; most of it goes to ` : ''
  const who = live ? `${shared}${nameOf(live)}` : unread
  const where = [productionUrl ?? productionName].filter((one) => one !== undefined).map(code)
  const address = where.length === 0 ? '' : ` at ${where[0]}`
  return `**Production now:** ${who}${address}.${proof === undefined ? '' : ` Proof: ${prose(proof.replace(/\.?$/, '.'))}`}`
}

function beforeAndAfter({ liveBefore, otherBefore, live, standby }: Outcome): string {
  if (!liveBefore && !live && !standby) return ''
  const cell = (member: Member | undefined) => (member ? `${code(member.name)} ${versionOf(member)}` : '–')
  return table(
    ['', 'before', 'now'],
    [
      ['**live**', cell(liveBefore), cell(live)],
      ['**other**', cell(otherBefore), cell(standby)],
    ],
  )
}

const versionOf = ({ version }: Member): string => (version === undefined ? '–' : code(version))

function measured({ users, testsPassed, testsBefore = 'not run', productionUrl }: Outcome): string {
  const tests = `**Tests:** ${testsPassed === undefined ? prose(testsBefore) : testsPassed ? 'passed' : 'failed'}.`
  if (!users || users.requests === 0) return `${tests} **Production address:** not measured.`
  const examples = users.examples.map((one) => `- ${prose(one)}`)
  return [
    tests,
    '### What the production address answered to the probe',
    `Asked once a second from the runner${productionUrl === undefined ? '' : `, at ${code(productionUrl)}`}, from the shift on. Users who ask for other pages may see something else.`,
    table(
      ['requests', 'failed', 'longest gap'],
      [
        [
          String(users.requests),
          `${users.failures} (${perCent(users.failures, users.requests)} %)`,
          users.failures === 0 ? 'none' : inWords(users.downtime),
        ],
      ],
    ),
    ...(examples.length === 0 ? [] : [`The failed ones said:\n\n${examples.join('\n')}`]),
  ].join('\n\n')
}

function testsOf({ testResults }: Outcome): string {
  if (!testResults) return ''
  const { failures, failed } = testResults
  const parts = [testsTable(testResults), failuresOf(failures, shownFailures, failed)].filter(
    (part) => part !== '',
  )
  return parts.length === 0 ? '' : ['### What the tests say', ...parts].join('\n\n')
}

function timelineOf(outcome: Outcome): string {
  const { stages, took, bringUpTook, switchTook, wayBackTook } = outcome
  if (stages.length === 0) return ''
  const rows = stages
    .slice(0, mostItems)
    .map(({ title, beganAt, took, ended }) => [
      forMarkdown(title),
      inWords(beganAt),
      inWords(took),
      ended === 'well' ? 'done' : '**failed**',
    ])
  const times = [
    ['bringing the version up', bringUpTook] as const,
    ['moving production', switchTook] as const,
    ['taking production back', wayBackTook] as const,
    ['everything', took] as const,
  ].flatMap(([what, ms]) => (ms === undefined ? [] : [`${what} ${inWords(ms)}`]))
  return [
    '### How long it took',
    `${times.join(' · ').replace(/^./, (first) => first.toUpperCase())}.${sideBySide(outcome)}`,
    table(['stage', 'began after', 'took', 'ended'], rows),
  ].join('\n\n')
}

/** From when the candidate had production's capacity to the end, which may not be its end: both cost money. */
function sideBySide({ operation, is, stages, took, standby }: Outcome): string {
  const prepared = stages.find(({ title, ended }) => title === 'Prepare candidate' && ended === 'well')
  if (operation === 'verify' || !prepared) return ''
  const since = took - (prepared.beganAt + prepared.took)
  const goesOn = is === 'promoted' && standby ? `, and ${code(standby.name)} runs on until it is retired` : ''
  return ` Both environments ran side by side with production's capacity for ${inWords(since)}${goesOn}.`
}

function listOf(title: string, items: readonly string[]): string {
  if (items.length === 0) return ''
  const shown = items.slice(0, mostItems).map((item) => `- ${prose(item)}`)
  const more = items.length > mostItems ? [`- and ${items.length - mostItems} more, see the log`] : []
  return [`### ${title}\n`, ...shown, ...more].join('\n')
}

function remediesOf({ remedies }: Outcome, title: string): string {
  if (remedies.length === 0) return ''
  const shown = remedies
    .slice(0, mostItems)
    .map(({ why, command, workflow }, index) =>
      [
        `${index + 1}. ${prose(why)}`,
        ...(command === undefined ? [] : [indented(fenced(command, 'sh'))]),
        ...(workflow === undefined ? [] : [indented(fenced(workflow, 'yaml'))]),
      ].join('\n\n'),
    )
  return [`### ${title}`, ...shown].join('\n\n')
}

const indented = (text: string): string => text.replace(/^/gm, '   ')

/** Leaves out the sections that do not fit, and says so. */
function within(bytes: number, sections: readonly string[]): string {
  const kept: string[] = []
  let left = bytes
  let isWhole = true
  for (const section of sections.filter((one) => one !== '')) {
    const size = Buffer.byteLength(section) + 2
    if (size > left) {
      isWhole = false
      continue
    }
    kept.push(section)
    left -= size
  }
  if (!isWhole) kept.push('Something did not fit here; it is in the log.')
  return `${kept.join('\n\n')}\n`
}
