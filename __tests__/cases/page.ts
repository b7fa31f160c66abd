import type { UsersReport } from '../../simulator/users.ts'
import type { Seen } from '../helpers/runner.ts'
import { type Case, isGood } from './case.ts'

/** A case as it went. */
export interface Told {
  readonly name: string
  readonly ends: Case['ends']
  readonly live: string
  readonly users: string
  /** What the step says: its error, or how it succeeded with its warnings. */
  readonly text: string
}

/** What the page tells of a case. */
export function told({
  one,
  seen,
  requests,
}: {
  readonly one: Case
  readonly seen: Seen
  readonly requests: readonly UsersReport[]
}): Told {
  const { outputs, log, annotations, failed = '' } = seen
  const live = outputs['live-environment']
  const warnings = annotations.filter((note) => note.is === 'warning').map(({ says }) => `warning: ${says}`)
  const ending = log.findIndex((line) => line.startsWith(`${one.ends}: `))
  const asked = requests.reduce((sum, report) => sum + report.requests, 0)
  const lost = requests.reduce((sum, report) => sum + report.failed, 0)
  return {
    name: one.name,
    ends: one.ends,
    live: live ? `${live}, ${outputs['live-version'] || 'no version'}` : '–',
    // A count would change with every poll that comes a second earlier.
    users: asked === 0 ? '–' : lost === 0 ? 'none' : 'some',
    text: isGood(one)
      ? [...warnings, ...tellingOf(one, log.slice(0, ending)), ...log.slice(ending)].join('\n')
      : failed,
  }
}

/** The lines by which it differs from a deployment in which nothing happened. */
const tellingOf = ({ says }: Case, log: readonly string[]): readonly string[] => [
  ...new Set(says.flatMap((part) => log.find((line) => line.match(part)) ?? [])),
]

/** A page of docs/cases: a table to compare, and what the step says in each case, word for word. */
export function pageOf(title: string, tellings: readonly Told[]): string {
  return [
    `# ${title}`,
    'Every case is a test, played against the local AWS under both answers to what no source says about AWS; the words are what the step said. “Failed requests” are those of users who asked production all the time.',
    [
      '| what goes wrong | ends | production at the end | failed requests |',
      '|---|---|---|---|',
      ...tellings.map(
        ({ name, ends, live, users }) =>
          `| [${name}](#${anchorOf(name)}) | \`${ends}\` | ${live} | ${users} |`,
      ),
    ].join('\n'),
    ...tellings.map(({ name, text }) => `## ${name}\n\n\`\`\`text\n${text}\n\`\`\``),
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n')
}

/** As GitHub makes anchors of headings. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
