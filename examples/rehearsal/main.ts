import { mkdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { acts } from './acts.ts'
import { playAct } from './play.ts'
import { setStage } from './stage.ts'
import { type ActResult, table } from './table.ts'

const speed = 60
const output = fileURLToPath(new URL('../../rehearsal-output', import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

/** `npm start`: the shipped bundle against a local AWS, five acts, users on the production address all the time. */
async function rehearse(signal: AbortSignal): Promise<boolean> {
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  say(`A local AWS starts, ${speed} times as fast as the real one: a minute there is a second here.`)
  const stage = await setStage(speed)
  const results: ActResult[] = []
  try {
    say(`1.0.0 is live on shop-blue. Ten users are on http://${stage.productionName}/ from now on.`)
    for (const [index, act] of acts.entries()) {
      say(`\nAct ${index + 1} of ${acts.length}: ${act.title}`)
      const folder = join(output, `act-${index + 1}-${act.name}`)
      await mkdir(folder, { recursive: true })
      const result = await playAct(act, { stage, folder, say, signal })
      signal.throwIfAborted()
      results.push(result)
      say(
        `  Users meanwhile: ${result.users.requests} requests, ${result.users.failed} failed. ${result.seconds.toFixed(0)} s`,
      )
      for (const problem of result.problems) say(`  NOT AS IT SHOULD: ${problem}`)
    }
  } finally {
    await stage.close()
  }
  signal.throwIfAborted()
  const well = results.filter(({ problems }) => problems.length === 0).length
  say(`\n${table(results)}\n`)
  say(`Summaries and logs are in ${relative(process.cwd(), output) || output}`)
  say(`rehearsal: ${well} of ${acts.length} acts ended as they should`)
  return well === acts.length
}

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    // Asked twice, somebody is in a hurry.
    if (interrupted.signal.aborted) process.exit(130)
    say('\nStopping everything that was started …')
    interrupted.abort()
  })

// Whoever reads may have seen enough (`npm start | head`).
process.stdout.on('error', () => interrupted.abort())

try {
  process.exitCode = (await rehearse(interrupted.signal)) ? 0 : 1
} catch (error) {
  if (!interrupted.signal.aborted) throw error
  process.exitCode = 130
}
