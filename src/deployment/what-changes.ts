import { Failure } from './errors.ts'
import { holderAmong } from './holder.ts'
import { knownProductionName } from './production-name.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'
import { namesOfPair } from './stages/who-is-live.ts'

/**
 * Which environments the run may change, for the claims on them. A verification changes its candidate alone: live is only
 * read, so that nobody who deploys waits for tests that take an hour, and two pull requests not for each other.
 */
export async function whatChanges(run: Run): Promise<readonly string[]> {
  const { blueEnvironment: blue, greenEnvironment: green, operation } = run.settings
  const { pending } = run.ports.journal.state
  const mayConcernBoth = pending.some(({ what }) => what === 'route' || what === 'hold-capacity')
  run.record.claimed =
    operation !== 'verify' || mayConcernBoth ? [blue, green] : [await candidateOf(run), ...namesIn(run)]
  return run.record.claimed
}

/** The candidate as far as it can be told by now. */
async function candidateOf(run: Run): Promise<string> {
  const { beanstalk } = run.ports
  const { blueEnvironment: blue, greenEnvironment: green } = run.settings
  const cname = (await knownProductionName(run)) ?? (await beanstalk.cnameOf(blue))
  const names = await namesOfPair(run, cname)
  const live = await holderAmong(run, await beanstalk.find(names), cname)
  return live?.name === green ? blue : green
}

/** Environments that an earlier run has left something open on. */
const namesIn = (run: Run): readonly string[] =>
  run.ports.journal.state.pending.flatMap((effect) =>
    effect.what === 'create-environment' || effect.what === 'terminate' ? [effect.name] : [],
  )

/** Production may have moved between the claim and the plan: what is not claimed is not changed. */
export function refuseUnclaimed({ record, settings }: Run, { live, other }: Plan): void {
  const claimed = record.claimed ?? [settings.blueEnvironment, settings.greenEnvironment]
  if (claimed.includes(other.name)) return
  throw new Failure(
    `Production moved to ${live.name} just now, while this verification began: nothing was changed. Run it again.`,
  )
}
