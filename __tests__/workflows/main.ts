import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stories } from './stories.ts'
import { startWorld } from './world.ts'

const folder = fileURLToPath(new URL('../../workflows-output', import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)

/** `npm run workflows`: the workflows of examples/ in a real runner, against a local AWS. The number that went wrong. */
async function playAll(): Promise<number> {
  const world = await startWorld(folder)
  let wrong = 0
  try {
    for (const { title, play } of stories) {
      const began = performance.now()
      const problem = await play(world).then(
        () => undefined,
        (error: Error) => error.message,
      )
      const seconds = ((performance.now() - began) / 1000).toFixed(0)
      say(`${problem === undefined ? '✓' : '✗'} ${title} (${seconds} s)`)
      if (problem === undefined) continue
      wrong += 1
      say(problem)
    }
  } finally {
    await world.close()
  }
  say(`workflows: ${stories.length - wrong} of ${stories.length} ended as they should`)
  say(`Their logs are in ${join(relative(process.cwd(), folder))}`)
  return wrong
}

process.exitCode = (await playAll()) === 0 ? 0 : 1
