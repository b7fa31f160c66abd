import { describe, expect, it } from 'vitest'
import { record, zoneWorld } from './zone-world.ts'

const blue = record({ set: 'blue', weight: 1, to: 'blue.example.net' })

describe('a zone that was given', () => {
  it('is answered from the beginning, and is of the simulated account unless it is said', async () => {
    const { simulator, answers, r53, run, clock } = zoneWorld()
    const start = clock.now()
    const Id = simulator.route53.given.zone({ name: 'example.com', records: [blue] })
    simulator.route53.given.zone({ name: 'example.org', account: '210987654321' })
    expect(answers('shop.example.com', 'CNAME')).toEqual(['CNAME 60 blue.example.net'])
    expect(clock.now()).toBe(start)
    expect((await run(r53.getHostedZone({ Id }))).HostedZone?.ResourceRecordSetCount).toBe(3)
    expect((await run(r53.listHostedZones())).HostedZones).toHaveLength(1)
  })

  it('has no records that Route 53 would refuse', () => {
    const { given } = zoneWorld().simulator.route53
    const other = record({ set: 'green', weight: 1, to: 'green.example.net', ttl: 61 })
    expect(() => given.zone({ name: 'example.com', records: [blue, other] })).toThrow(
      'must contain the same TTL',
    )
  })

  it('can be changed by somebody else, whose changes travel as all do', async () => {
    const { simulator, answers, seconds } = zoneWorld()
    const { given } = simulator.route53
    const id = given.zone({ name: 'example.com', records: [blue] })
    const DELETE = { Action: 'DELETE', ResourceRecordSet: blue } as const
    given.change(id, [DELETE, { Action: 'CREATE', ResourceRecordSet: record({ to: 'red.example.net' }) }])
    expect(answers('shop.example.com', 'CNAME')).toEqual(['CNAME 60 blue.example.net'])
    await seconds(130)
    expect(answers('shop.example.com', 'CNAME')).toEqual(['CNAME 60 red.example.net'])
    expect(() => given.change(id, [DELETE])).toThrow('but it was not found')
  })
})
