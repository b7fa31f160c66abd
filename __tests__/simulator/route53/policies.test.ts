import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { describe, expect, it } from 'vitest'
import { choose } from '../../../simulator/route53/choose.ts'
import type { RecordGroup } from '../../../simulator/route53/record-table.ts'
import { zoneWorld } from './zone-world.ts'

const group = (...records: readonly Omit<ResourceRecordSet, 'Name' | 'Type'>[]): RecordGroup =>
  records.map((one, at) => ({ Name: 'shop.example.com.', Type: 'A', SetIdentifier: `${at}`, ...one }))

const chosen = (records: RecordGroup, sick: readonly string[] = []) =>
  choose(records, {
    random: () => 0.5,
    region: 'eu-west-1',
    isHealthy: ({ SetIdentifier = '' }) => !sick.includes(SetIdentifier),
  }).map(({ SetIdentifier }) => SetIdentifier)

describe('of several records of a name and type', () => {
  it('the one of the region is answered, or another one when that is not healthy', () => {
    const records = group({ Region: 'us-east-1' }, { Region: 'eu-west-1' })
    expect(chosen(records)).toEqual(['1'])
    expect(chosen(records, ['1'])).toEqual(['0'])
  })

  it('the primary is answered while it is healthy, and when nothing is', () => {
    const records = group({ Failover: 'SECONDARY' }, { Failover: 'PRIMARY' })
    expect(chosen(records)).toEqual(['1'])
    expect(chosen(records, ['1'])).toEqual(['0'])
    expect(chosen(records, ['0', '1'])).toEqual(['1'])
  })

  it('that for every other country is answered', () => {
    expect(
      chosen(group({ GeoLocation: { CountryCode: 'FR' } }, { GeoLocation: { CountryCode: '*' } })),
    ).toEqual(['1'])
  })

  it('eight of many healthy values are answered', () => {
    const records = group(...Array.from({ length: 12 }, () => ({ MultiValueAnswer: true })))
    expect(chosen(records, ['0', '1', '2'])).toHaveLength(8)
  })

  it('those of another policy are refused: they stay what they are', async () => {
    const { simulator, refused } = zoneWorld()
    const id = simulator.route53.given.zone({
      name: 'example.com',
      records: [
        {
          Name: 'shop.example.com',
          Type: 'CNAME',
          SetIdentifier: 'near',
          Region: 'us-east-1',
          TTL: 60,
          ResourceRecords: [{ Value: 'near.example.net' }],
        },
      ],
    })
    expect(await refused(id, ['CREATE', { set: 'blue', weight: 1, to: 'blue.example.net' }])).toBe(
      'InvalidChangeBatch: [RRSet with DNS name shop.example.com., type CNAME, SetIdentifier blue cannot be created as a non-weighted set exists with the same name and type.]',
    )
  })

  it('more than a hundred weighted ones are refused', async () => {
    const { zone, refused } = zoneWorld()
    const line = (at: number) => ['CREATE', { set: `${at}`, weight: 1, to: 'blue.example.net' }] as const
    const id = await zone()
    expect(await refused(id, ...Array.from({ length: 100 }, (_, at) => line(at)))).toBe('accepted')
    expect(await refused(id, line(100))).toContain('there are already 100 weighted sets')
  })
})
