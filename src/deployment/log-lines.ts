const mostLines = 40
const mostBytes = 8_000
const longestLine = 400

/**
 * The lines of a tail log that may say why: the last ones, the deployment's own log first, then what the application
 * wrote, then the proxy's errors. The log has a part for each file, its name between two lines of dashes.
 */
export function linesThatMatter(text: string): readonly string[] {
  const parts = partsOf(text)
    .map((part) => ({ ...part, ...kindOf(part.file) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => one.rank - other.rank)
    .map(({ file, keep, most, lines }) => ({ file, lines: lines.filter(keep).slice(-most) }))
    .filter(({ lines }) => lines.length > 0)
  return cut(parts.flatMap(({ file, lines }) => [...(file === '' ? [] : [`${file}:`]), ...lines.map(short)]))
}

interface Part {
  /** A path; empty for what stands before the first one. */
  readonly file: string
  readonly lines: readonly string[]
}

/** Forty dashes on Amazon Linux 2 and later, fewer before. */
const isRule = (line = ''): boolean => /^-{30,}$/.test(line)

function partsOf(text: string): readonly Part[] {
  const all = text.split(/\r?\n/)
  const parts: { file: string; lines: string[] }[] = [{ file: '', lines: [] }]
  for (let at = 0; at < all.length; at++) {
    const [file = '', end] = [all[at + 1]?.trim(), all[at + 2]]
    if (isRule(all[at]) && isRule(end) && file !== '') {
      parts.push({ file, lines: [] })
      at += 2
    } else parts.at(-1)?.lines.push((all[at] as string).trimEnd())
  }
  return parts
}

interface Kind {
  /** Lower is shown first; 0 is not shown. */
  readonly rank: number
  readonly most: number
  readonly keep: (line: string) => boolean
}

const isThere = (line: string): boolean => line !== ''

/** On Amazon Linux 2 and later, and (`eb-activity.log`) before. [DG:using-features.logging] */
function kindOf(file: string): Kind {
  const name = file.split('/').at(-1) as string
  if (/^eb-(engine|activity)\.log$/.test(name)) return { rank: 1, most: 14, keep: isTrouble }
  if (/^(web|app).*\.(stdout|stderr)\.log$|stdouterr\.log$|^catalina|^puma|^passenger|^$/.test(name))
    return { rank: 2, most: 24, keep: isThere }
  if (/access|^(messages|secure|cron|dmesg|boot\.log)/.test(name) || /healthd/.test(file)) return hidden
  if (/error/.test(name)) return { rank: 3, most: 8, keep: isThere }
  return { rank: 4, most: 6, keep: (line) => /error|fail|fatal|exception|panic/i.test(line) }
}

const hidden: Kind = { rank: 0, most: 0, keep: isThere }

/** Of a deployment's own log its errors, and what stands below them without a time of its own: commands' output. */
const isTrouble = (line: string): boolean =>
  isThere(line) &&
  // Pulling the logs logs itself.
  !/ tail -n \d+ /.test(line) &&
  (!/^(\d{4}[/-]|\[\d{4}-)/.test(line) || /\[(ERROR|WARN)\]|\bERROR\b|failed/i.test(line))

const short = (line: string): string =>
  line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`

/** The first ones that fit: they are in the order of what they are likely to tell. */
function cut(lines: readonly string[]): readonly string[] {
  let left = mostBytes
  return lines.slice(0, mostLines).filter((line) => {
    left -= line.length + 1
    return left >= 0
  })
}
