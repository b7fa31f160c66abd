import { likely } from '../../simulator/switches.ts'
import type { Chapter, History } from './history.ts'

/** Does this history still break the rule? */
export type Fails = (history: History) => Promise<boolean>

/** Leaves out whatever can be left out while it still fails, one thing at a time; plays `atMost` histories. */
export async function shrink(history: History, fails: Fails, atMost = 80): Promise<History> {
  let smallest = history
  let left = atMost
  let isSmaller = true
  while (isSmaller) {
    isSmaller = false
    for (const smaller of smallerThan(smallest)) {
      if (left-- <= 0) return smallest
      if (!(await fails(smaller))) continue
      smallest = smaller
      isSmaller = true
      break
    }
  }
  return smallest
}

/** Every history with one thing less, the biggest things first. */
function* smallerThan(history: History): Generator<History> {
  const { chapters, apps, switches, start } = history
  for (const index of chapters.keys())
    if (chapters.length > 1) yield { ...history, chapters: chapters.toSpliced(index, 1) }
  for (const [index, chapter] of chapters.entries())
    for (const smaller of smallerChapters(chapter))
      yield { ...history, chapters: chapters.with(index, smaller) }
  for (const label of Object.keys(apps))
    if (apps[label] !== 'good') yield { ...history, apps: { ...apps, [label]: 'good' } }
  for (const name of Object.keys(switches) as (keyof typeof switches)[])
    if (switches[name] !== likely[name])
      yield { ...history, switches: { ...switches, [name]: likely[name] } as typeof switches }
  if (start.foreign) yield { ...history, start: { ...start, foreign: false } }
  if (start.ghosts.length > 0) yield { ...history, start: { ...start, ghosts: [] } }
}

function* smallerChapters(chapter: Chapter): Generator<Chapter> {
  for (const index of chapter.mishaps.keys())
    yield { ...chapter, mishaps: chapter.mishaps.toSpliced(index, 1) }
  if (chapter.skewMs !== 0) yield { ...chapter, skewMs: 0 }
  if (!chapter.canSee) yield { ...chapter, canSee: true }
  if (chapter.testsTakeMs !== 0) yield { ...chapter, testsTakeMs: 0 }
  for (const [name, plain] of Object.entries(plainInputs))
    if (name in chapter.inputs && chapter.inputs[name] !== plain)
      yield { ...chapter, inputs: { ...chapter.inputs, [name]: plain } }
}

const plainInputs = { standby: 'keep', 'on-failure': 'keep', 'bake-time': '1m', 'drain-timeout': '1m' }
