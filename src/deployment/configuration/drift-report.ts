import { looksSecret } from '../looks-secret.ts'
import { isVariable } from '../verification-only.ts'
import type { Drift, OptionDrift } from './drift.ts'
import type { Treatment } from './treatment.ts'

/** How the two environments differ, as it may be told: no environment property's value, and nothing that looks secret. */
export interface DriftReport {
  readonly live: string
  readonly candidate: string
  readonly rows: readonly DriftRow[]
  /** What is done about it; `set`: live's values are there by now. */
  readonly treatment: Treatment | 'set'
}

/** One option, or the platform. Values are quoted, words are not. */
export interface DriftRow {
  readonly what: string
  readonly live: Cell
  readonly candidate: Cell
}

/** A value that may be shown, or words instead of it. */
export type Cell = { readonly value: string } | { readonly words: string }

const longest = 120

/** The drift's rows, the platform first. */
export const rowsOf = ({ options, platform }: Drift): readonly DriftRow[] => [
  ...(platform
    ? [{ what: 'platform', live: platformCell(platform.live), candidate: platformCell(platform.candidate) }]
    : []),
  ...options.map(rowOf),
]

/** One row in a sentence: `aws:elasticbeanstalk:xray XRayEnabled (true on shop-blue, false on shop-green)`. */
export function inWordsOf(
  row: DriftRow,
  { live, candidate }: Pick<DriftReport, 'live' | 'candidate'>,
): string {
  if ('words' in row.live && 'words' in row.candidate)
    return `${row.what} (${[row.live.words, row.candidate.words].find((words) => words !== '')})`
  const [here, there] = [row.live, row.candidate].map((cell) => ('value' in cell ? cell.value : 'not set'))
  return `${row.what} (${here} on ${live}, ${there} on ${candidate})`
}

/** May the option's values be shown? */
export const isShown = (option: OptionDrift): boolean =>
  !isVariable(option) &&
  [option.live, option.candidate].every((value) => !looksSecret({ name: option.name, value: value ?? '' }))

function rowOf(option: OptionDrift): DriftRow {
  const { namespace, name, resource, live, candidate } = option
  const what = [namespace, ...(namespace.endsWith(':scheduledaction') && resource ? [resource] : []), name]
  const said = { what: what.join(' ') }
  if (isShown(option)) return { ...said, live: cellOf(live), candidate: cellOf(candidate) }
  if (candidate === undefined) return { ...said, live: { words: 'only on live' }, candidate: { words: '' } }
  if (live === undefined)
    return { ...said, live: { words: '' }, candidate: { words: 'only on the candidate' } }
  return { ...said, live: { words: 'differs' }, candidate: { words: 'differs' } }
}

/** Of an ARN what tells platforms apart. */
const platformCell = (platform: string): Cell => ({ value: platform.replace(/^arn:.*:platform\//, '') })

const cellOf = (value: string | undefined): Cell =>
  value === undefined
    ? { words: 'not set' }
    : { value: value.length > longest ? `${value.slice(0, longest)}…` : value }
