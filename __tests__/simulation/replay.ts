import type { History } from './history.ts'
import { playSafely } from './play-seed.ts'
import { shrink } from './shrink.ts'
import { readable } from './story.ts'
import { plannedIn } from './tally.ts'
import { writeHistory } from './write-history.ts'

/** The command that plays one seed again. */
export const commandFor = (seed: number): string => `npm run simulate -- --seed ${seed}`

/** Plays one seed and tells its story; one that breaks a rule is told again with everything left out that can be. */
export async function replay(
  seed: number,
  { all = false } = {},
): Promise<{ text: string; isBroken: boolean }> {
  const history = writeHistory(seed)
  const played = await playSafely(history)
  const [violation] = played.violations
  if (!violation)
    return { text: `${readable(played.story, { all })}\n\nSeed ${seed} breaks no rule.`, isBroken: false }
  const smallest = await shrink(history, async (smaller) =>
    (await playSafely(smaller)).violations.some(({ rule }) => rule === violation.rule),
  )
  const again = await playSafely(smallest)
  const text = [
    `Seed ${seed} as it was (${plannedIn(history).join(', ') || 'no mishaps'}):`,
    readable(played.story, { all }),
    '',
    `Shrunk (${plannedIn(smallest).join(', ') || 'no mishaps'}):`,
    settingOf(smallest),
    readable(again.story, { all }),
    '',
    `Broken: ${violation.rule}`,
    `        ${violation.says}`,
    `Again:  ${commandFor(seed)}`,
  ].join('\n')
  return { text, isBroken: true }
}

function settingOf({ start, apps, switches, chapters }: History): string {
  const bad = Object.entries(apps).filter(([, manner]) => manner !== 'good')
  return [
    `  AWS       ${JSON.stringify(start)}`,
    `  switches  ${JSON.stringify(switches)}`,
    `  versions  ${bad.map(([label, manner]) => `${label} ${manner}`).join(', ') || 'all good'}`,
    ...chapters.map((chapter, index) => `  run ${index + 1}     ${JSON.stringify(chapter)}`),
  ].join('\n')
}
