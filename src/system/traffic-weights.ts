import { Failure, type Remedy } from '../deployment/errors.ts'

/** Weights by environment name, of any sum above 0; empty: nothing stands there yet. */
export type Weights = Readonly<Record<string, number>>

/** What `read-traffic-command` printed. Throws Failure with what was printed, made harmless, when it is something else. */
export function readWeights(printed: string, { quote, names }: Wanted): Weights {
  const told = parsed(printed)
  if (!isObject(told)) throw notWanted(printed, { quote, names })
  const entries = Object.entries(told)
  if (!entries.every((entry): entry is [string, number] => isWeight(entry[1])))
    throw notWanted(printed, { quote, names })
  const weights = Object.fromEntries(entries)
  if (entries.length > 0 && sumOf(weights) === 0) throw notWanted(printed, { quote, names })
  return weights
}

/** What is wanted instead, and how a text from outside is quoted. */
export interface Wanted {
  /** Makes a text harmless, and short. */
  readonly quote: (text: string) => string
  /** Of the pair. */
  readonly names: readonly string[]
}

/** The error that shows what was printed, and an example of what should be. */
export function notWanted(printed: string, { quote, names }: Wanted): Failure {
  const example = JSON.stringify(Object.fromEntries(names.map((name, at) => [name, at === 0 ? 100 : 0])))
  return new Failure(
    `\`read-traffic-command\` printed ${printed.trim() === '' ? 'nothing' : `“${quote(printed)}”`}. It must print one JSON object with the weights of these environments by name, of any sum above 0, such as \`${example}\`; or \`{}\` while nothing stands there yet.`,
    [whatToMend],
  )
}

const whatToMend: Remedy = {
  why: 'Run the command by hand with the variables that docs/traffic-in-steps.md of this action names, and mend what it prints: everything else belongs on stderr.',
}

/**
 * Whole per cent by name. What gets less than half a per cent counts as 1, and what gets all but that as 99: only what gets
 * nothing has 0, and only what gets everything has 100.
 */
export function perCentOf(weights: Weights, names: readonly string[]): Readonly<Record<string, number>> {
  const sum = sumOf(weights)
  if (sum === 0) return Object.fromEntries(names.map((name) => [name, 0]))
  const shares = [...names].sort().map((name): [string, number] => [name, shareOf(weights[name] ?? 0, sum)])
  const [first, second] = shares
  const together = names.reduce((total, name) => total + (weights[name] ?? 0), 0)
  if (shares.length === 2 && first && second && together === sum)
    return { [first[0]]: first[1], [second[0]]: 100 - first[1] }
  return Object.fromEntries(shares)
}

function shareOf(weight: number, sum: number): number {
  if (weight === 0) return 0
  if (weight === sum) return 100
  return Math.min(99, Math.max(1, Math.round((100 * weight) / sum)))
}

export const sumOf = (weights: Weights): number =>
  Object.values(weights).reduce((total, weight) => total + weight, 0)

const isWeight = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
