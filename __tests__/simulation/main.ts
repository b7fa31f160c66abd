import { parseArgs } from 'node:util'
import { runCampaign } from './campaign.ts'
import { huntMutants } from './hunt.ts'
import { commandFor, replay } from './replay.ts'
import { tablesOf } from './tables.ts'
import type { Tally } from './tally.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    workers: { type: 'string' },
    mutants: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
})
const say = (text: string) => process.stdout.write(`${text}\n`)

if (values.seed !== undefined) {
  const { text, isBroken } = await replay(Number(values.seed), { all: values.all })
  say(text)
  process.exitCode = isBroken ? 1 : 0
} else if (values.mutants) {
  const { table, escaped } = await huntMutants({ seeds: Number(values.seeds), say })
  say(table)
  process.exitCode = escaped > 0 ? 1 : 0
} else {
  process.exitCode = await campaign()
}

async function campaign(): Promise<number> {
  const began = performance.now()
  const seconds = () => (performance.now() - began) / 1000
  const seeds = Number(values.seeds)
  const tally = await runCampaign({
    from: Number(values.from),
    seeds,
    ...(values.workers !== undefined && { workers: Number(values.workers) }),
    onBroken: ({ seed, violation }) => say(`BROKEN ${violation.rule}: ${commandFor(seed)}`),
    onProgress: (now) => say(progressOf(now, { seeds, seconds: seconds() })),
  })
  const took = seconds()
  const [first] = tally.broken
  if (first) say((await replay(first.seed)).text)
  say(tablesOf(tally, took))
  for (const { seed, violation } of tally.broken.slice(0, 40))
    say(`${violation.rule}\n    ${violation.says.split('\n')[0]}\n    ${commandFor(seed)}`)
  return tally.broken.length > 0 ? 1 : 0
}

function progressOf(
  { histories, runs, broken }: Tally,
  { seeds, seconds }: { seeds: number; seconds: number },
): string {
  const speed = (runs / seconds).toFixed(0)
  return `${histories} of ${seeds} histories, ${runs} runs, ${speed} a second, ${broken.length} rules broken`
}
