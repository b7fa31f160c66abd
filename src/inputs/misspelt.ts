import { defaults } from './defaults.ts'
import type { Mistake } from './mistakes.ts'

/** Inputs that nobody knows but that look like one: ignoring `bake-tme` would bake for the default time. */
export function misspelt(environment: Readonly<Record<string, string | undefined>>): readonly Mistake[] {
  const known = Object.keys(defaults)
  return Object.keys(environment)
    .filter((name) => name.startsWith('INPUT_'))
    .map((name) => name.slice('INPUT_'.length).toLowerCase())
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((one) => distance(normal(name), normal(one)) <= 2)
      if (meant === undefined) return []
      const rule = 'There is no such input.'
      return [{ input: name, value: undefined, rule, fix: `Did you mean \`${meant}\`?` }]
    })
}

const normal = (name: string): string => name.replaceAll(/[_\s]/g, '-')

/** Insertions, deletions and replacements from one word to the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1]
    for (const [j, counterpart] of [...other].entries()) {
      const replaced = (row[j] ?? 0) + (letter === counterpart ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
