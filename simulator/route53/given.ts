import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53'
import { readBatch } from './batch-input.ts'
import { type BatchRules, tryBatch } from './change-batch.ts'
import { invalidChangeBatch } from './errors.ts'
import { createZone } from './hosted-zones.ts'
import { commit, type HostedZone, type Route53State } from './zone-state.ts'

/** What exists before a test begins, and what others do meanwhile. Refusals are those of ChangeResourceRecordSets. */
export interface GivenZones {
  /** A zone whose name servers answer these records already; its id. It takes no simulated time. */
  zone(order: GivenZone): string
  /** A batch that somebody else sends: carried out at once, answered as late as any. */
  change(zone: string, changes: readonly Change[]): void
}

/** A zone as tests want it to stand there from the beginning. */
export interface GivenZone {
  readonly name: string
  /** The simulated one when left out. */
  readonly account?: string
  readonly records?: readonly ResourceRecordSet[]
}

/** Seeds hosted zones. */
export function givenIn(state: Route53State, rules: Omit<BatchRules, 'ttlsOnlyAtEnd'>): GivenZones {
  const carryOut = (zone: HostedZone, changes: readonly Change[], atOnce: boolean) => {
    const ttlsOnlyAtEnd = state.cloud.switches.ttlOfPairInOneBatch === 'allowed'
    const tried = tryBatch(zone, readBatch(changes), { ...rules, ttlsOnlyAtEnd })
    if ('problems' in tried) throw invalidChangeBatch(tried.problems)
    commit(state, { zone, changes: tried.changes, atOnce })
  }
  return {
    zone({ name, account = state.cloud.account, records = [] }) {
      const order = { Name: name, CallerReference: `given ${state.zones.size}` }
      const { zone } = createZone(state, order, { account, atOnce: true })
      const changes = records.map((one): Change => ({ Action: 'CREATE', ResourceRecordSet: one }))
      carryOut(zone, changes, true)
      return zone.id
    },
    change(id, changes) {
      const zone = state.zones.get(id)
      if (!zone) throw new Error(`There is no zone ${id}`)
      carryOut(zone, changes, false)
    },
  }
}
