import type { HealthCheckConfig } from '@aws-sdk/client-route-53'
import type { Cancel } from '../clock.ts'
import type { Cloud } from '../cloud.ts'
import { checkEndpoint, type Endpoints, type Observation } from './check-endpoint.ts'

/** A health check. */
export interface HealthCheck {
  readonly id: string
  readonly account: string
  readonly callerReference: string
  /** What it was made with, which a second order for it must repeat. */
  readonly order: HealthCheckConfig
  readonly tags: Map<string, string>
  config: HealthCheckConfig
  version: number
  /** Before `Inverted` and `Disabled`: healthy until enough checks in a row say otherwise. */
  passes: boolean
  /** Checks in a row that contradict `passes`. */
  against: number
  last: (Observation & { readonly at: number }) | undefined
  stop: Cancel
}

/** Health checks of all accounts. */
export interface HealthChecks {
  readonly all: Map<string, HealthCheck>
  /** Caller references of deleted checks, with their accounts. */
  readonly gone: Set<string>
  /** One that is not there is healthy. [BC:route53 DeleteHealthCheck] */
  isHealthy(id: string): boolean
  /** Begins to look at an endpoint, every `RequestInterval`. */
  watch(check: HealthCheck): void
}

/** No health checks; `endpoints` is what they look at. */
export function createHealthChecks(cloud: Cloud, endpoints: Endpoints): HealthChecks {
  const all = new Map<string, HealthCheck>()

  const look = async (check: HealthCheck) => {
    const seen = await checkEndpoint(check.config, endpoints)
    if (!all.has(check.id)) return
    check.last = { ...seen, at: cloud.clock.now() }
    check.against = seen.passed === check.passes ? 0 : check.against + 1
    if (check.against >= (check.config.FailureThreshold ?? 3)) {
      check.passes = seen.passed
      check.against = 0
    }
    plan(check, (check.config.RequestInterval ?? 30) * 1_000)
  }
  const plan = (check: HealthCheck, afterMs: number) => {
    check.stop = cloud.clock.at(cloud.clock.now() + afterMs, () => void look(check))
  }

  const judge = ({ config, passes }: HealthCheck, hops: number): boolean => {
    if (config.Disabled) return true
    const children = (config.ChildHealthChecks ?? []).flatMap((id) => all.get(id) ?? [])
    const isGood =
      config.Type === 'CALCULATED'
        ? hops === 0 ||
          children.filter((child) => judge(child, hops - 1)).length >=
            (config.HealthThreshold ?? children.length)
        : passes
    return isGood !== (config.Inverted ?? false)
  }

  return {
    all,
    gone: new Set(),
    isHealthy(id) {
      const check = all.get(id)
      return check === undefined || judge(check, MOST_HOPS)
    },
    watch(check) {
      if (LOOKS.has(check.config.Type ?? '')) plan(check, 1_000 + cloud.random() * 4_000)
    },
  }
}

const MOST_HOPS = 4
const LOOKS = new Set(['HTTP', 'HTTPS', 'HTTP_STR_MATCH', 'HTTPS_STR_MATCH', 'TCP'])
