import { distance } from '../deployment/distance.ts'
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
