/** One line of the table: what was measured, against what it may be. */
export interface Row {
  readonly what: string
  readonly measured: string
  readonly budget: string
  /** Undefined where there is no budget. */
  readonly isWithin: boolean | undefined
  /** What an AWS-CLI script needs for it, where one was measured. */
  readonly script?: string
}

/** A number against the most that it may be. */
export function atMost(
  what: string,
  {
    measured,
    budget,
    unit = '',
    digits = 0,
  }: { measured: number; budget: number; unit?: string; digits?: number },
): Row {
  return {
    what,
    measured: `${measured.toFixed(digits)}${unit}`,
    budget: `≤ ${budget}${unit}`,
    isWithin: measured <= budget,
  }
}

/** The table as text: every column as wide as its widest cell. */
export function inColumns(rows: readonly Row[]): string {
  const head = { what: 'what', measured: 'measured', budget: 'budget', verdict: '', script: 'AWS-CLI script' }
  const cells = [head, ...rows.map((row) => ({ ...row, verdict: verdictOf(row), script: row.script ?? '' }))]
  const width = (of: (cell: (typeof cells)[number]) => string) =>
    Math.max(...cells.map((cell) => of(cell).length))
  const [what, measured, budget] = [
    width((cell) => cell.what),
    width((cell) => cell.measured),
    width((cell) => cell.budget),
  ]
  return cells
    .map((cell) =>
      [
        cell.what.padEnd(what),
        cell.measured.padStart(measured),
        cell.budget.padEnd(budget),
        cell.verdict.padEnd(6),
        cell.script,
      ]
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const verdictOf = ({ isWithin }: Row): string => (isWithin === undefined ? '' : isWithin ? 'within' : 'OVER')
