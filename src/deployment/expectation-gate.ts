import { shows } from './expectation.ts'
import type { Gate } from './hold.ts'
import type { Instant, Ms } from './ports.ts'
import { isGood, type ProductionWatch } from './production-watch.ts'
import { type Run, warn } from './run.ts'
import type { Expectation } from './settings.ts'

/** What production has to show, of which environment, and from when on an older answer is wrong. */
export interface Expected {
  readonly watch: ProductionWatch
  readonly expectation: Expectation
  readonly version: string
  /** The new environment's id. */
  readonly environment: string
  readonly from: Instant
  /** From here on an old answer is wrong, not late. */
  readonly dueAfter: Ms
  /** Did production show it for the version before? If not, its absence may be nobody's fault, and fails nothing. */
  readonly isSure: boolean
}

/** Production shows the new version itself: the only proof behind a CDN or a load balancer that both share. */
export function expectationGate(run: Run, expected: Expected): Gate {
  const { watch, expectation, version, environment, from, dueAfter, isSure } = expected
  let isGivenUp = false
  return {
    name: 'production shows the new version',
    look: async () => {
      const { answer, saw: seen } = watch.last()
      if (!answer || !isGood(run, answer)) return { is: 'unreadable', saw: seen }
      const { is, saw } = shows(expectation, version, answer)
      if (is) {
        run.record.proof = { environment, saw: `production shows ${version} (${saw})` }
        return { is: 'pass', saw }
      }
      if (run.ports.clock.now() - from <= dueAfter) return { is: 'waiting', saw }
      if (isSure) return { is: 'fail', saw }
      if (!isGivenUp)
        warn(
          run,
          `Production does not show ${version}, as \`production-expect\` says: ${saw}. It did not for the version before either, so it does not count.`,
        )
      isGivenUp = true
      return { is: 'pass', saw }
    },
  }
}
