import type { Environment } from './environment.ts'
import { Failure } from './errors.ts'
import type { Instant, Ms } from './ports.ts'
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

/** Refuses to deploy where production could go back to, for so long after its promotion as `rollback-window` says. */
export function refuseInWindow(run: Run, { other }: Plan): void {
  const { rollbackWindow, version } = run.settings
  const { journal } = run.ports
  const [last] = journal.state.promotions
  const ends = other.now && other.now.version !== version ? wayBackIn(run, other.now) : undefined
  if (ends === undefined || !last || journal.serverTime() >= last.at + rollbackWindow) return
  throw new Failure(
    `${other.name} is the way back to ${ends} until ${minute(last.at + rollbackWindow)} (\`rollback-window: ${inInput(rollbackWindow)}\`), and ${version} would overwrite it. Nothing was deployed.`,
    [
      {
        why: 'Run it again after that; or, if what is live is at fault, go back with `operation: rollback`.',
      },
      { why: 'If there shall be no way back any more:', workflow: 'rollback-window: 0s' },
    ],
  )
}

/** `2026-11-23 14:30 UTC`, the next whole minute. */
const minute = (at: Instant): string =>
  `${new Date(Math.ceil(at / 60_000) * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** As one writes it: `1h30m`. */
const inInput = (duration: Ms): string => {
  const seconds = Math.round(duration / 1_000)
  const parts = [
    [Math.floor(seconds / 3_600), 'h'] as const,
    [Math.floor(seconds / 60) % 60, 'm'] as const,
    [seconds % 60, 's'] as const,
  ]
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('')
}

/** How a pull request is verified in an environment of its own. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own expression
export const ownEnvironment = 'green-environment: shop-pr-${{ github.event.number }}\nafter-verify: terminate'
