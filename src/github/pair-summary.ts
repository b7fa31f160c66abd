import type { Remedy } from '../deployment/errors.ts'
import type { WorkflowFile } from '../deployment/outcome.ts'
import type { MemberSeen, PairReport, WayBackSeen, Witness } from '../deployment/pair-report.ts'
import { driftSection } from './drift-summary.ts'
import { table } from './table.ts'
import { code, fenced, forMarkdown, prose } from './text.ts'

/** What `status` tells, in sections of Markdown. */
export const pairSections = (
  pair: PairReport,
  workflows: readonly WorkflowFile[] = [],
): readonly string[] => [
  whoIsLive(pair),
  ['### What stands in the way', ...obstacles(pair)].join('\n\n'),
  driftSection(pair.drift),
  `### The way back\n\n**${ways[pair.wayBack.is]}** ${prose(pair.wayBack.says)}`,
  [
    '### Lock and journal\n',
    ...pair.lock.map((one) => `- **Lock:** ${prose(one)}`),
    ...listOf(pair.journal),
  ].join('\n'),
  ['### Not looked at', ...numbered(pair.notLookedAt)].join('\n\n'),
  ...(workflows.length === 0
    ? []
    : [
        [
          '### Workflows for this pair',
          'What stands in capitals is for you to fill in.',
          ...workflows.flatMap(({ path, text }) => [`For ${code(path)}:`, fenced(text, 'yaml')]),
        ].join('\n\n'),
      ]),
]

const ways: Readonly<Record<WayBackSeen['is'], string>> = {
  open: 'Open.',
  slow: 'Open, but not instant.',
  closed: 'Closed.',
  unknown: 'Not known.',
}

const signs: Readonly<Record<Witness['is'], string>> = {
  for: '✅ agrees',
  against: '❌ disagrees',
  silent: '– cannot tell',
}

function whoIsLive({ members, witnesses, sideBySide }: PairReport): string {
  return [
    table(['', 'environment', 'version', 'status', 'health', 'name', 'platform'], members.map(rowOf)),
    prose(sideBySide),
    '### Who is live, and why we think so',
    table(
      ['witness', 'says', ''],
      witnesses.map(({ name, says, is }) => [forMarkdown(name), prose(says), signs[is]]),
    ),
  ].join('\n\n')
}

function rowOf({ name, role, now }: MemberSeen): readonly string[] {
  const who = `**${role ?? 'not known'}**`
  if (!now) return [who, code(name), 'does not exist', '', '', '', '']
  return [
    who,
    `${code(name)} ${forMarkdown(now.id)}`,
    cell(now.version),
    forMarkdown(now.status),
    forMarkdown(now.health),
    cell(now.cname),
    cell(now.platform),
  ]
}

const cell = (text: string | undefined): string => (text === undefined ? '–' : code(text))

function obstacles({ obstacles, unread }: PairReport): readonly string[] {
  if (obstacles.length + unread.length === 0) return ['Nothing that can be seen from here.']
  return [
    ...obstacles.map(({ what, mend }) => [`- ${prose(what)}`, indented(mended(mend))].join('\n\n')),
    ...unread.map(({ what, mends }) =>
      [`- **Not read:** ${prose(what)}`, ...mends.map((mend) => indented(mended(mend)))].join('\n\n'),
    ),
  ]
}

const mended = ({ why, command }: Remedy): string =>
  [`**Mend:** ${prose(why)}`, ...(command === undefined ? [] : [fenced(command, 'sh')])].join('\n\n')

const numbered = (remedies: readonly Remedy[]): readonly string[] =>
  remedies.map(({ why, command }) =>
    [`- ${prose(why)}`, ...(command === undefined ? [] : [indented(fenced(command, 'sh'))])].join('\n\n'),
  )

const listOf = (items: readonly string[]): readonly string[] => items.map((item) => `- ${prose(item)}`)

const indented = (text: string): string => text.replace(/^/gm, '  ')
