import type { Remedy } from '../deployment/errors.ts'
import { type Outcome, succeeded } from '../deployment/outcome.ts'
import type { Client } from './client.ts'
import type { Context } from './context.ts'
import { table } from './table.ts'
import { failuresOf, testsTable } from './test-tables.ts'
import { code, cut, fenced, forHtml, prose } from './text.ts'

/** Where the comment is told. */
export interface Commented {
  readonly client: Client
  readonly context: Context
  readonly application: string
  /** The pair; a comment is kept for each. */
  readonly pair: string
  /** The job's page. */
  readonly log: string | undefined
  /** Does the token belong to a person? Otherwise comments are written by a bot. */
  readonly isPersonal: boolean
}

const needs = 'pull-requests: write'
const mostPages = 10

/** Keeps one comment on the pull request up to date; does nothing elsewhere. */
export async function keepComment(where: Commented, outcome: Outcome): Promise<void> {
  const { client, context } = where
  const { pullRequest: issue_number } = context
  if (issue_number === undefined) return
  const body = bodyOf(where, outcome)
  const found = await findComment(where, issue_number)
  if (found === 'not known') return
  await client.tell({
    needs,
    what: 'the comment on the pull request',
    repeatable: found !== undefined,
    send: (rest, request) =>
      found === undefined
        ? rest.issues.createComment({ ...context.repo, issue_number, body, request })
        : rest.issues.updateComment({ ...context.repo, comment_id: found, body, request }),
  })
}

/** Anybody may write our mark into a comment of theirs; only what a bot wrote is ours, unless we write as a person. */
async function findComment(
  { client, context, isPersonal, ...rest }: Commented,
  issue_number: number,
): Promise<number | undefined | 'not known'> {
  const mark = markOf(rest)
  for (let page = 1; page <= mostPages; page += 1) {
    const comments = await client.tell({
      needs,
      what: 'the comment on the pull request',
      repeatable: true,
      send: ({ issues }, request) =>
        issues.listComments({ ...context.repo, issue_number, per_page: 100, page, request }),
    })
    // A second comment would be worse than none.
    if (!comments) return 'not known'
    const found = comments.find(
      ({ body, user }) => body?.startsWith(mark) && (isPersonal || user?.type === 'Bot'),
    )
    if (found) return found.id
    if (comments.length < 100) return undefined
  }
  return undefined
}

/** Cannot be seen, and cannot be ended by a name. */
const markOf = ({ application, pair }: Pick<Commented, 'application' | 'pair'>): string =>
  `<!-- beanstalk-blue-green ${encodeURIComponent(application)} ${encodeURIComponent(pair)} -->`

function bodyOf(where: Commented, outcome: Outcome): string {
  const { application, context, log } = where
  const { is, says, testResults, remedies } = outcome
  const sections = [
    `${markOf(where)}\n### ${markOfEnding(outcome)} ${code(application)}: ${is === 'recovered' ? 'cancelled' : is}`,
    prose(says),
    table(
      ['', ''],
      [
        ...addressOf(outcome),
        ['health', healthOf(outcome)],
        ['tests', testsOf(outcome)],
        ['commit', code(context.commit.slice(0, 12))],
      ],
    ),
    testResults ? testsTable(testResults) : '',
    testResults ? failuresOf(testResults.failures, 10, testResults.failed) : '',
    ...(succeeded(outcome) ? [] : remedies.flatMap(remedyOf)),
    log === undefined ? '' : `<a href="${forHtml(log)}">The run</a>`,
  ]
  return cut(sections.filter((section) => section !== '').join('\n\n'), 60_000)
}

/** What the post step has tidied up after was cancelled. */
const markOfEnding = (outcome: Outcome): string =>
  outcome.is === 'recovered' || outcome.is === 'skipped' ? '⏹️' : succeeded(outcome) ? '✅' : '❌'

/** After a promotion the candidate's own address is the old one's: production's is what people open. */
function addressOf({ is, productionName, candidateUrl }: Outcome): readonly (readonly string[])[] {
  if (is === 'promoted' && productionName !== undefined)
    return [['production', linkOf(`http://${productionName}`)]]
  return candidateUrl === undefined ? [] : [['candidate', linkOf(candidateUrl)]]
}

const remedyOf = ({ why, command }: Remedy): readonly string[] => [
  prose(why),
  ...(command === undefined ? [] : [fenced(command, 'sh')]),
]

/** A link only where it is nothing but an address. */
const linkOf = (url: string): string =>
  /^https?:\/\/[\w.-]+(?::\d+)?\/?$/.test(url) ? `<a href="${url}">${url}</a>` : code(url)

/** Who is proven and who is not is in the stages: a candidate whose health was bad has not reached its tests. */
const healthOf = ({ testsPassed, standby, live, is }: Outcome): string => {
  const candidate = is === 'promoted' ? live : standby
  if (candidate?.health !== undefined) return code(candidate.health)
  return testsPassed !== undefined ? 'good' : 'not proven'
}

const testsOf = ({ testsPassed, testsBefore = 'not run' }: Outcome): string =>
  testsPassed === undefined ? prose(testsBefore) : testsPassed ? 'passed' : '**failed**'
