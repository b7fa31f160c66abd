import type { Cloud, Service } from '../cloud.ts'
import type { Names } from '../dns/names.ts'
import { type Answering, zoneNames } from './answers.ts'
import { hostedZoneOperations } from './hosted-zones.ts'
import { recordOperations } from './records.ts'
import { type HostedZoneShown, shownZones } from './shown.ts'
import { awsTargets } from './targets.ts'
import { testDnsAnswer } from './test-dns-answer.ts'
import type { Route53State } from './zone-state.ts'

/** Route 53 of all accounts. */
export interface Route53 {
  readonly service: Service
  /** What the name servers of hosted zones answer, and those of AWS behind them. */
  readonly names: Names
  /** All zones with their records, for a look from outside. */
  shown(): readonly HostedZoneShown[]
}

/** A Route 53 without zones, in front of the names of AWS. */
export function createRoute53(cloud: Cloud, { aws }: { readonly aws: Names }): Route53 {
  const state: Route53State = { cloud, zones: new Map(), changes: new Map() }
  const targets = awsTargets(cloud.region, aws)
  const answering: Answering = { state, targets, aws, isHealthy: () => true }
  return {
    service: {
      scope: 'route53',
      operations: {
        ...hostedZoneOperations(state),
        ...recordOperations(state, { rules: { targets }, isHealthCheck: () => false }),
        TestDNSAnswer: testDnsAnswer(answering),
      },
    },
    names: zoneNames(answering),
    shown: () => shownZones(state),
  }
}
