import { type AnyFault, type History, kindOf } from './history.ts'
import type { Played } from './play.ts'
import type { Violation } from './rules.ts'

/** What many histories came to. */
export interface Tally {
  histories: number
  /** Runs of the step. */
  runs: number
  /** Runs of the post step that had something to do. */
  posts: number
  calls: number
  /** Simulated ms. */
  simulated: number
  readonly endings: Record<string, number>
  /** By kind, then by stage. */
  readonly faults: Record<string, Record<string, number>>
  /** How often each rule was looked at. */
  readonly looked: Record<string, number>
  readonly broken: { readonly seed: number; readonly violation: Violation }[]
}

/** Nothing yet. */
export const emptyTally = (): Tally => ({
  histories: 0,
  runs: 0,
  posts: 0,
  calls: 0,
  simulated: 0,
  endings: {},
  faults: {},
  looked: {},
  broken: [],
})

/** Counts one history that was played. */
export function count(tally: Tally, { seed }: Pick<History, 'seed'>, played: Played): void {
  tally.histories += 1
  tally.calls += played.calls
  tally.simulated += played.took
  for (const outcome of played.outcomes) {
    if (outcome === 'post: silent') continue
    if (outcome.startsWith('post: ')) tally.posts += 1
    else tally.runs += 1
    tally.endings[outcome] = (tally.endings[outcome] ?? 0) + 1
  }
  for (const fault of played.faults) countFault(tally, fault, 1)
  for (const [rule, times] of Object.entries(played.looked))
    tally.looked[rule] = (tally.looked[rule] ?? 0) + times
  for (const violation of firstOfEach(played.violations)) tally.broken.push({ seed, violation })
}

/** Adds what another worker counted. */
export function add(tally: Tally, other: Tally): void {
  tally.histories += other.histories
  tally.runs += other.runs
  tally.posts += other.posts
  tally.calls += other.calls
  tally.simulated += other.simulated
  for (const [ending, times] of Object.entries(other.endings))
    tally.endings[ending] = (tally.endings[ending] ?? 0) + times
  for (const [rule, times] of Object.entries(other.looked))
    tally.looked[rule] = (tally.looked[rule] ?? 0) + times
  for (const [kind, stages] of Object.entries(other.faults))
    for (const [stage, times] of Object.entries(stages)) countFault(tally, { kind, stage }, times)
  tally.broken.push(...other.broken)
}

function countFault(tally: Tally, { kind, stage }: AnyFault, times: number): void {
  tally.faults[kind] ??= {}
  const stages = tally.faults[kind]
  stages[stage] = (stages[stage] ?? 0) + times
}

const firstOfEach = (violations: readonly Violation[]): readonly Violation[] =>
  violations.filter(({ rule }, index) => violations.findIndex((one) => one.rule === rule) === index)

/** The kinds of mishap that a history plans, for people. */
export const plannedIn = ({ chapters }: History): readonly string[] =>
  chapters.flatMap(({ mishaps }) => mishaps.map(kindOf))
