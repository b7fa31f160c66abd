import { closableClock } from '../closable-clock.ts'
import type { Cloud, Service } from '../cloud.ts'
import type { DataPlane } from '../data-plane/data-plane.ts'
import type { Names } from '../dns/names.ts'
import { type Answering, zoneNames } from './answers.ts'
import { type GivenZones, givenIn } from './given.ts'
import { healthCheckOperations } from './health-check-operations.ts'
import { createHealthChecks } from './health-checks.ts'
import { hostedZoneOperations } from './hosted-zones.ts'
import { recordOperations } from './records.ts'
import { type HostedZoneShown, shownZones } from './shown.ts'
import { tagOperations } from './tags.ts'
import { awsTargets } from './targets.ts'
import { testDnsAnswer } from './test-dns-answer.ts'
import type { Route53State } from './zone-state.ts'

/** Route 53 of all accounts. */
export interface Route53 {
  readonly service: Service
  /** What the name servers of hosted zones answer, and those of AWS behind them. */
  readonly names: Names
  readonly given: GivenZones
  /** All zones with their records, for a look from outside. */
  shown(): readonly HostedZoneShown[]
  /** No health check goes on. */
  close(): void
}

/** A Route 53 without zones, in front of the names of AWS. */
export function createRoute53(
  outside: Cloud,
  { aws, dataPlane }: { readonly aws: Names; readonly dataPlane: DataPlane },
): Route53 {
  const clock = closableClock(outside.clock)
  const cloud: Cloud = { ...outside, clock }
  const state: Route53State = { cloud, zones: new Map(), changes: new Map() }
  const targets = awsTargets(cloud.region, aws)
  const isHealthy = (id: string) => checks.isHealthy(id)
  const answering: Answering = { state, targets, aws, isHealthy }
  const names = zoneNames(answering)
  const checks = createHealthChecks(cloud, { dataPlane, names })
  return {
    service: {
      scope: 'route53',
      operations: {
        ...hostedZoneOperations(state),
        ...recordOperations(state, { rules: { targets }, isHealthCheck: (id) => checks.all.has(id) }),
        ...healthCheckOperations(state, checks),
        ...tagOperations(state, checks),
        TestDNSAnswer: testDnsAnswer(answering),
      },
    },
    names,
    given: givenIn(state, { targets }),
    shown: () => shownZones(state),
    close() {
      // A look that is under way must not plan the next one.
      checks.all.clear()
      clock.close()
    },
  }
}
