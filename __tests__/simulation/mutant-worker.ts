import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutants.ts'

const { mutant, seeds }: { mutant: Mutant; seeds: number } = JSON.parse(process.argv[2] ?? '{}')
const source = fileURLToPath(new URL('../../src/', import.meta.url))
const { among, from = 1 } = mutant
const applied = new Set<string>()

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const path = url.startsWith('file:') ? fileURLToPath(url) : ''
    const patches = mutant.patches.filter(({ file }) => path === source + file)
    if (patches.length === 0) return loaded
    let text = String(loaded.source)
    for (const { old, now, file } of patches) {
      const times = text.split(old).length - 1
      if (times !== 1) throw new Error(`src/${file} has ${times} times: ${old}`)
      text = text.replace(old, () => now)
      applied.add(file)
    }
    return { ...loaded, source: text }
  },
})

// Nobody is left to tell it to.
process.on('disconnect', () => process.exit())
const { playSafely } = await import('./play-seed.ts')
const { writeHistory, writeSwapHistory } = await import('./write-history.ts')
const found = await firstBroken()
// Only then: routers are loaded when the first run wants one.
if (applied.size === 0) throw new Error(`nothing of ${mutant.name} was applied`)
process.send?.(found)
process.disconnect?.()

/** The first seed that breaks a rule, and which. */
async function firstBroken(): Promise<{ seed: number; rule: string } | 'escaped'> {
  for (let nth = 0; nth < seeds; nth++) {
    const seed = ((nth + from - 1) % seeds) + 1
    const history = among ? writeHistory(seed) : writeSwapHistory(seed)
    if (among && !among.includes(history.routing.by)) continue
    const [violation] = (await playSafely(history)).violations
    if (violation) return { seed, rule: violation.rule }
  }
  return 'escaped'
}
