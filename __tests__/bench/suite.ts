import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))

/** How long the whole test suite takes here, in real seconds. Throws when it fails. */
export async function secondsOfSuite(): Promise<number> {
  const began = performance.now()
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, 'run', '--reporter=dot'], { stdio: 'ignore' })
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code !== 0) throw new Error('the tests fail')
  return (performance.now() - began) / 1_000
}
