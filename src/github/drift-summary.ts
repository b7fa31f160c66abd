import type { Cell, DriftReport } from '../deployment/configuration/drift-report.ts'
import { table } from './table.ts'
import { code, forMarkdown, prose } from './text.ts'

const mostRows = 100

/** How the candidate's configuration differed from live's, and what became of that; nothing without a difference. */
export function driftSection(drift: DriftReport | undefined): string {
  if (!drift) return ''
  const { live, candidate, rows, treatment } = drift
  const more = rows.length > mostRows ? [`And ${rows.length - mostRows} more, see the log.`] : []
  return [
    `### Where ${code(candidate)} is configured otherwise than ${code(live)} (live)`,
    prose(says[treatment]),
    table(
      ['', 'live', 'candidate'],
      rows
        .slice(0, mostRows)
        .map(({ what, live: here, candidate: there }) => [code(what), inCell(here), inCell(there)]),
    ),
    ...more,
  ].join('\n\n')
}

const says: Readonly<Record<DriftReport['treatment'], string>> = {
  fail: 'A deployment is refused (`configuration: fail`).',
  keep: 'A deployment leaves that as it is (`configuration: keep`).',
  sync: 'A deployment gives the candidate live’s values (`configuration: sync`).',
  set: 'It was so: the candidate has live’s values now (`configuration: sync`).',
}

const inCell = (cell: Cell): string => ('value' in cell ? code(cell.value) : forMarkdown(cell.words))
