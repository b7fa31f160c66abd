import type { Change, ResourceRecordSet } from '@aws-sdk/client-route-53'
import type { BeanstalkState, EnvironmentState } from '../../simulator/beanstalk/state.ts'
import { loadBalancerZone } from '../../simulator/load-balancing/hosted-zones.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import { region } from './history.ts'
import {
  gets,
  type Meddled,
  perCent,
  type Routing,
  type Shares,
  type Standing,
  type Traffic,
} from './routing.ts'
import { existing } from './truth.ts'

type Records = readonly ResourceRecordSet[]

/** Production is a name in a hosted zone, and goes where its records lead. */
export function byRecords(
  aws: Simulator,
  routing: Extract<Routing, { by: 'route53' }>,
  { live, ids }: Standing,
): Traffic {
  const { name, recordType, ttl, recordTtl } = routing
  const environments = () => aws.beanstalk.state().environments
  const environmentOf = (colour: 'blue' | 'green') => environments().find(({ id }) => id === ids[colour])
  const standing = live && routing.stands !== 'nothing' ? recordsAtTheStart() : []
  const zone = aws.route53.given.zone({ name: 'example.com', records: [...standing] })
  const shown = (): Records =>
    (aws.route53.shown()[0]?.records ?? []).filter((one) => one.Name === `${name}.` && isRouting(one))
  // All zero means equal.
  const sharesOf = (records: Records, state: BeanstalkState) => {
    const isZero = records.every(({ Weight }) => Weight === 0)
    return perCent(
      records.map((record) => [
        leadsTo(record, state) ?? `record ${targetOf(record)}`,
        isZero ? 1 : (record.Weight ?? 1),
      ]),
    )
  }
  const shares: Traffic['shares'] = (state) => sharesOf(shown(), state)
  // What was there may be answered until the name servers have been told, and be followed for its own TTL after that.
  let answered: readonly { readonly shares: Shares; readonly until: number }[] = []
  let last: Shares = {}

  return {
    by: 'route53',
    address: name,
    shares,
    followMs: (recordType === 'alias' ? 60 : Math.min(ttl, recordTtl)) * 1_000,
    inputs: ({ 'production-cname': _, ...inputs }) => ({
      ...inputs,
      traffic: 'route53',
      'hosted-zone-id': zone,
      'record-name': name,
      'record-type': recordType,
      'record-ttl': `${recordTtl}s`,
    }),
    led(state) {
      const now = shares(state)
      if (aws.route53.shown()[0]?.pending.includes(`${name}.`)) {
        if (JSON.stringify(now) !== JSON.stringify(last))
          answered = [...answered, { shares: last, until: Number.POSITIVE_INFINITY }]
      } else answered = []
      last = now
      return [now, ...answered.map((one) => one.shares)].flatMap((one) =>
        Object.keys(one).filter((id) => gets(one, id)),
      )
    },
    exact: shown,
    move({ operation, input }, { state, exact }) {
      if (operation !== 'ChangeResourceRecordSets') return undefined
      const { ChangeBatch } = input as { ChangeBatch: { Changes: readonly Change[] } }
      const before = exact as Records
      return { before: sharesOf(before, state), after: sharesOf(applied(before, ChangeBatch.Changes), state) }
    },
    isFoundHealthy: () => true,
    left: (state) =>
      shown()
        .filter(
          (record) => leadsTo(record, state) === undefined && record.SetIdentifier?.startsWith('blue-green:'),
        )
        .map((record) => `${record.SetIdentifier} leads to ${targetOf(record)}`),
    async meddle(meddled, pair) {
      const changes = changesOf(meddled, pair)
      if (changes.length > 0) aws.route53.given.change(zone, changes)
    },
    tend() {},
  }

  function changesOf(
    meddled: Meddled,
    { live, other }: { live: string; other: string | undefined },
  ): Change[] {
    const records = shown()
    const state = aws.beanstalk.state()
    const of = (id: string | undefined) => records.find((record) => leadsTo(record, state) === id)
    switch (meddled.how) {
      case 'weights':
        return [live, other].flatMap((id, index): Change[] => {
          const record = of(id)
          const Weight = index === 0 ? 100 - meddled.other : meddled.other
          return record?.SetIdentifier ? [{ Action: 'UPSERT', ResourceRecordSet: { ...record, Weight } }] : []
        })
      case 'deleted': {
        const record = of(meddled.of === 'live' ? live : other)
        return record ? [{ Action: 'DELETE', ResourceRecordSet: record }] : []
      }
      case 'a stranger': {
        const [record] = records
        if (record?.SetIdentifier === undefined || record.AliasTarget) return []
        const Value = record.Type === 'A' ? '192.0.2.1' : 'elsewhere.example.net'
        const stranger = { ...record, SetIdentifier: 'stranger', Weight: 0, ResourceRecords: [{ Value }] }
        return [{ Action: 'CREATE', ResourceRecordSet: stranger }]
      }
      case 'targets taken away':
      case 'zone busy':
        return []
    }
  }

  function recordsAtTheStart(): Records {
    const member = live && environmentOf(live)
    const other = environmentOf(live === 'blue' ? 'green' : 'blue')
    if (!member) return []
    const Name = `${name}.`
    const endpoint = member.endpoint ?? ''
    const to = (one: EnvironmentState) => ({
      Name,
      TTL: ttl,
      Type: isAddress(one.endpoint) ? ('A' as const) : ('CNAME' as const),
      ResourceRecords: [{ Value: one.endpoint ?? '' }],
    })
    const alias = (one: EnvironmentState): ResourceRecordSet => ({
      Name,
      Type: 'A',
      AliasTarget: {
        HostedZoneId: loadBalancerZone(region, 'application'),
        DNSName: one.endpoint,
        EvaluateTargetHealth: false,
      },
    })
    switch (routing.stands) {
      case 'nothing':
        return []
      case 'a record of its CNAME':
        return [{ Name, TTL: ttl, Type: 'CNAME', ResourceRecords: [{ Value: member.cname ?? '' }] }]
      case 'an alias':
        return [isAddress(endpoint) ? to(member) : alias(member)]
      case 'a record':
        return [to(member)]
      case 'a pair': {
        const make = recordType === 'alias' && !isAddress(endpoint) ? alias : to
        const weighted = (one: EnvironmentState, Weight: number): ResourceRecordSet => ({
          ...make(one),
          SetIdentifier: `blue-green:${one.name}`,
          Weight,
        })
        return [weighted(member, 100), ...(other ? [weighted(other, 0)] : [])]
      }
    }
  }
}

const isRouting = ({ Type }: ResourceRecordSet) => Type === 'CNAME' || Type === 'A' || Type === 'AAAA'

const isAddress = (target = '') => /^\d+\.\d+\.\d+\.\d+$/.test(target)

const plain = (name: string) =>
  name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '')

const targetOf = ({ AliasTarget, ResourceRecords }: ResourceRecordSet) =>
  plain(AliasTarget?.DNSName ?? ResourceRecords?.[0]?.Value ?? '')

function leadsTo(record: ResourceRecordSet, state: BeanstalkState): string | undefined {
  const target = targetOf(record)
  return existing(state).find(
    ({ endpoint, cname }) => plain(endpoint ?? '-') === target || plain(cname ?? '-') === target,
  )?.id
}

/** The records once the changes are carried out. */
function applied(records: Records, changes: readonly Change[]): Records {
  const key = ({ Type, SetIdentifier }: ResourceRecordSet) => `${Type} ${SetIdentifier ?? ''}`
  const result = new Map(records.map((record) => [key(record), record]))
  for (const { Action, ResourceRecordSet: record } of changes) {
    if (!record) continue
    if (Action === 'DELETE') result.delete(key(record))
    else if (isRouting(record)) result.set(key(record), record)
  }
  return [...result.values()]
}
