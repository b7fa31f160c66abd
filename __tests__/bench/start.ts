import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const bundle = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const baseline = fileURLToPath(new URL('./one-client.js', import.meta.url))

/** Real ms from the start of a process to its first call to AWS: the bundle's, and an unbundled program's with one client. */
export async function startTimes(rounds: number): Promise<{ bundle: number; baseline: number }> {
  const times = { bundle: [] as number[], baseline: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.bundle.push(await firstCallOf(bundle))
    times.baseline.push(await firstCallOf(baseline))
  }
  return { bundle: median(times.bundle), baseline: median(times.baseline) }
}

function firstCallOf(program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const server = createServer(() => {
      const took = performance.now() - began
      child?.kill('SIGKILL')
      server.closeAllConnections()
      server.close(() => resolve(took))
    })
    let child: ChildProcess | undefined
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      child = spawn(process.execPath, [program], { env: environment(port), stdio: 'ignore' })
      child.on('error', reject)
    })
  })
}

const environment = (port: number) => ({
  PATH: process.env.PATH ?? '',
  AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  INPUT_OPERATION: 'rollback',
  INPUT_APPLICATION: 'shop',
  'INPUT_BLUE-ENVIRONMENT': 'shop-blue',
  'INPUT_GREEN-ENVIRONMENT': 'shop-green',
})

/** The middle one. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
