import { stat } from 'node:fs/promises'
import { costOfDeployment, roundsOfRollback } from './deployments.ts'
import { startTimes } from './start.ts'

/** One line: what was measured, against what it may be. */
interface Row {
  readonly what: string
  readonly measured: string
  readonly budget: string
  readonly within: boolean | undefined
}

/** `npm run bench`: budgets as counts and ratios, since absolute times mean little on a shared machine. */
async function bench(): Promise<readonly Row[]> {
  const start = await startTimes(15)
  const ratio = start.bundle / start.baseline
  const cost = await costOfDeployment()
  const added = cost.took - cost.needed
  const rounds = await roundsOfRollback()
  const speed = await deploymentsASecond()
  const bundle = await stat(new URL('../../dist/index.js', import.meta.url))
  return [
    row(
      'process start → first AWS call, against one unbundled client',
      `${ratio.toFixed(2)} ×`,
      '≤ 2 ×',
      ratio <= 2,
    ),
    row('AWS calls in a whole deployment (7 minutes)', String(cost.calls), '≤ 100', cost.calls <= 100),
    row('time added to AWS’s own, tests and bake', `${(added / 1000).toFixed(1)} s`, '≤ 2 s', added <= 2_000),
    row(
      'mean lateness at the end of an operation',
      `${(cost.lateness / 1000).toFixed(1)} s`,
      '≤ 1 s',
      cost.lateness <= 1_000,
    ),
    row(
      'AWS calls a second while waiting',
      cost.callsPerSecondWhileWaiting.toFixed(2),
      '≤ 0.25',
      cost.callsPerSecondWhileWaiting <= 0.25,
    ),
    // Seven are left: who am I (with hints) · the journal · the lock · the claims, with one look at everything · the way
    // back is written down · the last comparison · the swap. None can go beside another without losing a safety.
    row('rollback: rounds of calls up to the one that switches', String(rounds), '≤ 3', rounds <= 3),
    row('whole deployments a second in virtual time, users included', speed.toFixed(1), '≥ 20', speed >= 20),
    row('dist/index.js', `${(bundle.size / 2 ** 20).toFixed(2)} MiB`, '', undefined),
  ]
}

const row = (what: string, measured: string, budget: string, within: boolean | undefined): Row => ({
  what,
  measured,
  budget,
  within,
})

async function deploymentsASecond(): Promise<number> {
  const runs = 10
  const began = performance.now()
  for (let run = 0; run < runs; run++) await costOfDeployment()
  return (runs * 1_000) / (performance.now() - began)
}

const rows = await bench()
const width = Math.max(...rows.map(({ what }) => what.length))
for (const { what, measured, budget, within } of rows) {
  const verdict = within === undefined ? '' : within ? 'within' : 'OVER'
  process.stdout.write(`${what.padEnd(width)}  ${measured.padStart(9)}  ${budget.padEnd(7)}  ${verdict}\n`)
}
process.exit(0)
