import type { Environment } from '../environment.ts'
import { Failure } from '../errors.ts'
import type { Run } from '../run.ts'
import type { Plan } from '../stages/plan.ts'
import { driftIn } from './change.ts'
import { type Drift, isNone } from './drift.ts'
import { compareByHand, waysOut } from './drift-remedies.ts'
import { type DriftReport, inWordsOf, rowsOf } from './drift-report.ts'
import { treatmentOf } from './treatment.ts'

/** Shows how the candidate's configuration differs from live's, before anything is changed, and refuses it with `fail`. */
export async function compareConfiguration(run: Run, plan: Plan): Promise<void> {
  const candidate = plan.other.now
  const drift = driftIn(run.settings, plan)
  if (!candidate || !drift || isNone(drift)) return
  await run.stage('Compare configuration', async (stage) => judge(stage, { plan, candidate, drift }))
}

interface Found {
  readonly plan: Plan
  readonly candidate: Environment
  readonly drift: Drift
}

function judge(run: Run, { plan, candidate, drift }: Found): void {
  const { record, settings, ports } = run
  const treatment = treatmentOf(settings, candidate)
  const report = { live: plan.live.name, candidate: candidate.name, rows: rowsOf(drift), treatment }
  record.drift = report
  for (const row of report.rows) ports.report.line(inWordsOf(row, report))
  switch (treatment) {
    case 'keep':
      ports.report.line(`${candidate.name} keeps its own configuration (\`configuration: keep\`).`)
      return
    case 'sync':
      refuseUnclear(run, { plan, candidate, drift })
      ports.report.line(
        `${candidate.name} gets ${plan.live.name}'s values${drift.platform ? ', and its platform first' : ''} (\`configuration: sync\`).`,
      )
      return
    case 'fail':
      throw new Failure(
        `${candidate.name} is configured otherwise than ${plan.live.name}, which is live: ${someOf(report)}. What is proven there would say little about production. Nothing was changed.`,
        waysOut(run, { live: plan.live, candidate, drift }),
      )
  }
}

const mostNamed = 5

function someOf(report: DriftReport): string {
  const named = report.rows.slice(0, mostNamed).map((row) => inWordsOf(row, report))
  const more = report.rows.length - named.length
  return `${named.join(', ')}${more > 0 ? `, and ${more} more, which the log names` : ''}`
}

/** Live's own generated group on the candidate would keep live from ever being ended. */
function refuseUnclear(run: Run, { plan: { live }, candidate, drift }: Found): void {
  const unclear = drift.options.filter(({ isUnclear }) => isUnclear)
  if (unclear.length === 0) return
  const names = unclear.map(({ namespace, name }) => `${namespace} ${name}`).join(' and ')
  throw new Failure(
    `${candidate.name} cannot get the security groups of ${live.name} (\`configuration: sync\`): which of them Beanstalk made for ${live.name} itself cannot be told by their ids (${names}). Nothing was changed.`,
    [
      compareByHand(run.settings.application, live, candidate),
      { why: 'Then say in `option-settings` which security groups both shall have, or set them by hand.' },
    ],
  )
}
