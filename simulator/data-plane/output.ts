/** The last lines of what an instance's applications wrote. */
export interface Output {
  add(text: string): void
  /** The last `lines` lines; everything that is kept when left out. */
  text(lines?: number): string
}

/** Keeps the last 200 lines, each cut at 2,000 characters. */
export function createOutput(): Output {
  let lines: string[] = []
  let open = ''
  return {
    add(text) {
      const parts = (open + text).split('\n')
      open = (parts.pop() ?? '').slice(-LONGEST_LINE)
      lines = [...lines, ...parts.map((line) => line.slice(0, LONGEST_LINE))].slice(-MOST_LINES)
    },
    text: (most = MOST_LINES) => [...lines, ...(open ? [open] : [])].slice(-most).join('\n'),
  }
}

const MOST_LINES = 200
const LONGEST_LINE = 2_000
