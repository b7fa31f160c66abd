import type { Outcome } from '../deployment/outcome.ts'
import type { Ms } from '../deployment/ports.ts'

/** Every output of `action.yml` with its value; empty when it is not known. Seconds have one decimal. */
export function outputsOf(outcome: Outcome): Readonly<Record<string, string>> {
  const { live, standby, users, testsPassed } = outcome
  return {
    outcome: outcome.is,
    'live-environment': live?.name ?? '',
    'live-version': live?.version ?? '',
    'standby-environment': standby?.name ?? '',
    'standby-version': standby?.version ?? '',
    'previous-version': outcome.previousVersion ?? '',
    'candidate-url': outcome.candidateUrl ?? '',
    'production-url': outcome.productionUrl ?? '',
    'tests-passed': testsPassed === undefined ? '' : String(testsPassed),
    'downtime-seconds': users && users.requests > 0 ? seconds(users.downtime) : '',
    'error-rate': users && users.requests > 0 ? perCent(users.failures, users.requests) : '',
    'deploy-seconds': seconds(outcome.bringUpTook),
    'switch-seconds': seconds(outcome.switchTook),
    'rollback-seconds': seconds(outcome.wayBackTook),
  }
}

const seconds = (ms: Ms | undefined): string => (ms === undefined ? '' : (ms / 1000).toFixed(1))

/** The share in per cent, with two decimals. */
export const perCent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(2)
