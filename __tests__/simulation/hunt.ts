import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Mutant, mutants } from './mutants.ts'

/** What became of one mutant: found by the nth seed, or not at all, or it could not be made. */
export type Found = { readonly seed: number; readonly rule: string } | 'escaped'

/** Makes every mutant and plays seeds until one breaks a rule. Two at a time. */
export async function huntMutants(order: {
  readonly seeds: number
  readonly say: (text: string) => void
  readonly among?: readonly Mutant[]
}): Promise<{ readonly table: string; readonly escaped: number }> {
  const { seeds, say, among = mutants } = order
  const rows: string[] = []
  const waiting = [...among]
  let escaped = 0
  const hunter = async () => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const found = await hunt(mutant, seeds)
      if (found === 'escaped') escaped += 1
      const row = `${found === 'escaped' ? `escaped ${seeds}` : String(found.seed).padStart(6)}  ${mutant.name}${found === 'escaped' ? '' : `\n          ${found.rule}`}`
      rows.push(row)
      say(row)
    }
  }
  await Promise.all([hunter(), hunter()])
  return {
    table: `\n${among.length - escaped} of ${among.length} mutants were found, each after so many seeds:\n${rows.join('\n')}`,
    escaped,
  }
}

/** Plays up to `seeds` seeds against one mutant, in a process of its own. Rejects when it cannot be made. */
export function hunt(mutant: Mutant, seeds: number): Promise<Found> {
  const path = fileURLToPath(new URL('mutant-worker.ts', import.meta.url))
  const worker = fork(path, [JSON.stringify({ mutant, seeds })], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errors = ''
  worker.stderr?.on('data', (text) => {
    errors += text
  })
  return new Promise((resolve, reject) => {
    let found: Found | undefined
    worker.on('message', (message) => {
      found = message as Found
    })
    worker.on('error', reject)
    worker.on('exit', () => (found ? resolve(found) : reject(new Error(`${mutant.name}: ${errors}`))))
  })
}
