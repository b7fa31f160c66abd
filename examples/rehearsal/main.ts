import { mkdir, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Act } from './acts.ts'
import type { OpeningName } from './openings.ts'
import { playAct, prepareAct } from './play.ts'
import { type StageSet, setStage } from './stage.ts'
import { type ActResult, table } from './table.ts'
import { parseWanted } from './wanted.ts'

const speed = 60
const output = fileURLToPath(new URL('../../rehearsal-output', import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Acts that stand on one stage, in order. */
interface Performance {
  readonly stage: StageSet
  readonly opening: OpeningName
}

/** `npm start`: the shipped bundle against a local AWS, users on the production address all the time. */
async function rehearse(chosen: readonly Act[], signal: AbortSignal): Promise<boolean> {
  await rm(output, { recursive: true, force: true })
  await mkdir(output, { recursive: true })
  say(`A local AWS starts, ${speed} times as fast as the real one: a minute there is a second here.`)
  const results: ActResult[] = []
  let current: Performance | undefined
  try {
    for (const [index, act] of chosen.entries()) {
      if (current?.opening !== act.opening) {
        await current?.stage.close()
        current = undefined
        current = { opening: act.opening, stage: await setStage(speed, { opening: act.opening }) }
        say(`1.0.0 is live on shop-blue. Users are on http://${current.stage.productionName}/ from now on.`)
      }
      say(`\nAct ${index + 1} of ${chosen.length}: ${act.title}`)
      const folder = join(output, `act-${index + 1}-${act.name}`)
      await mkdir(folder, { recursive: true })
      const play = { stage: current.stage, folder, say, signal }
      if (chosen.length === 1) await prepareAct(act, play)
      const result = await playAct(act, play)
      signal.throwIfAborted()
      results.push(result)
      say(
        `  Users meanwhile: ${result.users.requests} requests, ${result.users.failed} failed. ${result.seconds.toFixed(0)} s`,
      )
      for (const problem of result.problems) say(`  NOT AS IT SHOULD: ${problem}`)
    }
  } finally {
    await current?.stage.close()
  }
  signal.throwIfAborted()
  const well = results.filter(({ problems }) => problems.length === 0).length
  say(`\n${table(results)}\n`)
  say(`Summaries and logs are in ${relative(process.cwd(), output) || output}`)
  say(`rehearsal: ${well} of ${chosen.length} acts ended as they should`)
  return well === chosen.length
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

const wanted = parseWanted(process.argv.slice(2))
try {
  if ('says' in wanted) {
    say(wanted.says)
    process.exitCode = wanted.exitCode
  } else process.exitCode = (await rehearse(wanted.acts, interrupted.signal)) ? 0 : 1
} catch (error) {
  if (!interrupted.signal.aborted) throw error
  process.exitCode = 130
}
