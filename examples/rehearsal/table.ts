import type { UsersReport } from '../../simulator/users.ts'

/** How an act went. */
export interface ActResult {
  readonly title: string
  readonly outcome: string
  readonly users: UsersReport
  /** Real seconds. */
  readonly seconds: number
  /** What was not as it should be; empty when all was. */
  readonly problems: readonly string[]
}

const heads = ['act', 'outcome', 'requests', 'failed', 'longest gap', 'time', ''] as const

/** The closing table; plain text, so that a terminal of any kind shows it. */
export function table(results: readonly ActResult[]): string {
  const rows = results.map(({ title, outcome, users, seconds, problems }, index) => [
    `${index + 1} ${title}`,
    outcome,
    String(users.requests),
    String(users.failed),
    users.failed === 0 ? 'none' : `${(users.longestGapMs / 1000).toFixed(1)} s`,
    `${seconds.toFixed(0)} s`,
    problems.length === 0 ? 'as it should' : 'NOT AS IT SHOULD',
  ])
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
