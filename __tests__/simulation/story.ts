/** One line of what happened. */
export interface Line {
  readonly at: number
  readonly who: string
  readonly what: string
  /** Reads that went well, and logs: only shown when asked for. */
  readonly quiet: boolean
}

/** Writes down what happens, in order. */
export interface Story {
  readonly lines: readonly Line[]
  tell(who: string, what: string): void
  quiet(who: string, what: string): void
}

/** An empty story. */
export function createStory(now: () => number): Story {
  const lines: Line[] = []
  const add = (quiet: boolean) => (who: string, what: string) => {
    lines.push({ at: now(), who, what, quiet })
  }
  return { lines, tell: add(false), quiet: add(true) }
}

/** The story for people, times in seconds since its beginning. */
export function readable(lines: readonly Line[], { all = false } = {}): string {
  const began = lines[0]?.at ?? 0
  return lines
    .filter(({ quiet }) => all || !quiet)
    .map(({ at, who, what }) => `${((at - began) / 1000).toFixed(2).padStart(9)}  ${who.padEnd(10)} ${what}`)
    .join('\n')
}
