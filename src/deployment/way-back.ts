import type { Environment } from './environment.ts'
import { Failure } from './errors.ts'
import type { Run } from './run.ts'
import type { Plan } from './stages/plan.ts'

/**
 * The version that production could go back to in this environment, which is not live. A version that was taken back is
 * no way back; what it was taken back for is one again when somebody went forward by hand.
 */
export function wayBackIn(
  { ports }: Run,
  { id, version }: Pick<Environment, 'id' | 'version'>,
): string | undefined {
  const last = ports.journal.state.promotions[0]
  const wayBack = last?.by === 'deploy' ? last.before : last
  return wayBack?.environment === id && wayBack.version === version ? version : undefined
}

/** Refuses to verify where production could go back to, when that must stay. */
export function refuseWayBack(run: Run, { other }: Plan, version: string): void {
  const ends = other.now && other.now.version !== version ? wayBackIn(run, other.now) : undefined
  if (ends === undefined || run.settings.wayBack === 'overwrite') return
  throw new Failure(
    `${other.name} is the way back to ${ends}, and ${version} would overwrite it: it is kept (\`way-back\`; for pull requests and merge queues that is the default). Nothing was deployed.`,
    [
      {
        why: 'Verify in an environment of its own, which is created like live and ended afterwards:',
        workflow: ownEnvironment,
      },
      { why: 'If there shall be no way back any more, say `way-back: overwrite`.' },
    ],
  )
}

/** How a pull request is verified in an environment of its own. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own expression
export const ownEnvironment = 'green-environment: shop-pr-${{ github.event.number }}\nafter-verify: terminate'
