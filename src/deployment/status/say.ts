import { type DriftReport, inWordsOf } from '../configuration/drift-report.ts'
import { describe } from '../environment.ts'
import type { Remedy } from '../errors.ts'
import type { MemberSeen, PairReport } from '../pair-report.ts'
import type { Run } from '../run.ts'

/** Says the report in the log, a group for each question. */
export async function say(run: Run, report: PairReport): Promise<void> {
  const { line, group: open } = run.ports.report
  const group = (title: string, lines: readonly string[]) => open(title, async () => lines.forEach(line))
  await group('Who is live', [
    ...report.members.map(memberInWords),
    ...report.witnesses.map(({ name, says, is }) => `${name} (${is}): ${says}`),
    report.sideBySide,
  ])
  await group('Lock and journal', [
    ...report.lock.map((one) => `lock: ${one}`),
    ...report.journal.map((one) => `journal: ${one}`),
  ])
  if (report.drift)
    await group('How they are configured', [
      ...report.drift.rows.map((row) => inWordsOf(row, report.drift as DriftReport)),
    ])
  await group('The way back', [`${report.wayBack.is}: ${report.wayBack.says}`])
  await group('What stands in the way', [
    ...(report.obstacles.length === 0 ? ['Nothing that can be seen from here.'] : []),
    ...report.obstacles.flatMap(({ what, mend }) => [what, ...mendInWords(mend)]),
    ...report.unread.flatMap(({ what, mends }) => [`Not read: ${what}`, ...mends.flatMap(mendInWords)]),
    ...report.notLookedAt.flatMap(({ why, command }) => [
      `Not looked at: ${why}`,
      ...(command ? [`    ${command}`] : []),
    ]),
  ])
}

const memberInWords = ({ name, role, now }: MemberSeen): string =>
  `${role ?? 'unknown'}: ${now ? `${describe(now)}, ${now.status}, health ${now.health}, \`${now.cname ?? 'no CNAME'}\`` : `${name}, does not exist`}`

const mendInWords = ({ why, command }: Remedy): readonly string[] => [
  `  mend: ${why}`,
  ...(command ? [`    ${command}`] : []),
]
