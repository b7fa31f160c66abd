import type { Tally } from './tally.ts'

/** The tables at the end of a campaign, as text. `seconds`: how long it took in real time. */
export function tablesOf(tally: Tally, seconds: number): string {
  const perSecond = (n: number) => `${(n / seconds).toFixed(1)} a second`
  const hours = Math.round(tally.simulated / 3_600_000)
  return [
    table('Played', [
      ['histories', tally.histories, perSecond(tally.histories)],
      ['runs of the action', tally.runs, perSecond(tally.runs)],
      ['… of its post step with work to do', tally.posts, ''],
      ['AWS calls', tally.calls, perSecond(tally.calls)],
      ['simulated hours', hours, ''],
    ]),
    table(
      'Endings',
      sorted(tally.endings).map(([ending, times]) => [ending, times, share(times, tally.runs + tally.posts)]),
    ),
    table(
      'Rules, and how often each was looked at',
      Object.entries(tally.looked)
        .sort(([one], [other]) => one.localeCompare(other))
        .map(([rule, times]) => [rule, times, brokenOf(tally, rule)]),
    ),
    faultTable(tally),
    tally.broken.length === 0
      ? 'No rule was broken.'
      : `${new Set(tally.broken.map(({ seed }) => seed)).size} histories broke a rule.`,
  ].join('\n\n')
}

const sorted = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).sort(([, one], [, other]) => other - one)

const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`

function brokenOf({ broken }: Tally, rule: string): string {
  const seeds = broken.filter(({ violation }) => violation.rule === rule).map(({ seed }) => seed)
  if (seeds.length === 0) return ''
  return `BROKEN by ${seeds.length}: seeds ${seeds.slice(0, 8).join(' ')}${seeds.length > 8 ? ' …' : ''}`
}

function table(title: string, rows: readonly (readonly [string, number, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length))
  const digits = Math.max(...rows.map(([, number]) => String(number).length))
  return [
    title,
    ...rows.map(([name, number, note]) =>
      `  ${name.padEnd(width)}  ${String(number).padStart(digits)}  ${note}`.trimEnd(),
    ),
  ].join('\n')
}

/** Which fault struck in which stage, and how often. */
function faultTable({ faults }: Tally): string {
  const stages = [...new Set(Object.values(faults).flatMap((ofKind) => Object.keys(ofKind)))].sort()
  const kinds = Object.keys(faults).sort()
  const width = Math.max(10, ...kinds.map((kind) => kind.length))
  const lines = kinds.map((kind) => {
    const ofKind = faults[kind] ?? {}
    const total = Object.values(ofKind).reduce((sum, times) => sum + times, 0)
    const cells = stages.map((_, index) => String(ofKind[stages[index] as string] ?? '·').padStart(6))
    return `  ${kind.padEnd(width)} ${String(total).padStart(8)} ${cells.join('')}`
  })
  const head = `  ${''.padEnd(width)} ${'in all'.padStart(8)} ${stages.map((_, index) => letter(index).padStart(6)).join('')}`
  const legend = stages.map((stage, index) => `${letter(index)} ${stage}`).join(' · ')
  return ['Faults by stage', head, ...lines, `  ${legend}`, ...notes.map((note) => `  ${note}`)].join('\n')
}

/** Why some cells stay empty however many histories are played. */
const notes = [
  'A fault is counted in the stage of the run that was at work when it struck, which need not be the run that it struck.',
  'An update fails, rolls back or hangs where one is under way: in Prepare candidate; elsewhere only when two runs meet.',
  'A launch has errors where an environment is created: in Prepare candidate and Create first environment.',
  'A termination fails or hangs where something is ended: in Retire standby, Take back, and where a dead run’s is settled.',
  'Create first environment is short and rare: few histories begin with no environment at all.',
]

const letter = (index: number) => String.fromCharCode(97 + index)
