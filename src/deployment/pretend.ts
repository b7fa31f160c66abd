import type { Ports } from './ports.ts'
import { pretendBeanstalk } from './pretend/beanstalk.ts'
import { pretendCapacity } from './pretend/capacity.ts'
import { pretendClock } from './pretend/clock.ts'
import { pretendJournal } from './pretend/journal.ts'
import { type PlannedStage, planOf } from './pretend/plan.ts'
import { newPretence } from './pretend/pretence.ts'
import { pretendProbe } from './pretend/probe.ts'
import { pretendRouter } from './pretend/router.ts'
import { pretendVersions } from './pretend/versions.ts'
import type { Settings } from './settings.ts'

/** Ports whose changes are only pretended, and the plan that comes of it. */
export interface Pretended {
  readonly ports: Ports
  readonly stages: readonly PlannedStage[]
}

/**
 * The same ports, with nothing behind their writes: each is noted and answered as AWS would in the good case, and what
 * is read afterwards is as if it had happened. What was never pretended is read for real, once. Time is not waited for.
 */
export function pretend(ports: Ports, settings: Settings): Pretended {
  const plan = planOf(ports.report)
  const clock = pretendClock(ports.clock)
  const pretence = newPretence({ plan, clock })
  return {
    stages: plan.stages,
    ports: {
      clock,
      random: ports.random,
      beanstalk: pretendBeanstalk(ports.beanstalk, pretence),
      versions: pretendVersions(ports.versions, pretence),
      capacity: pretendCapacity(ports.capacity, pretence),
      journal: pretendJournal(ports, { pretence, keeps: settings.lock !== 'none' }),
      routerFor: (pair) => pretendRouter(ports.routerFor, { pretence, pair }),
      probe: pretendProbe(ports.probe, { pretence, healthStatus: settings.healthStatus }),
      tests: {
        run: async () => {
          plan.note('run the `test-command` on the runner')
          return { is: 'passed', says: 'not run' }
        },
      },
      // Nothing that is only pretended fails.
      logs: { tail: async () => [] },
      report: plan.report,
      credentialsEnd: ports.credentialsEnd,
      cancelled: ports.cancelled,
    },
  }
}
