import { describe, expect, it } from 'vitest'
import type { RecordSet } from '../../../src/aws/route53/record.ts'
import { apex, cname, failing, name, type RecordWorld, recordWorld } from './world.ts'

const alias = { order: { recordType: 'alias' } } as const
const zoneOfLoadBalancers = 'Z35SXDOTRQ7X7K'

const attachBoth = ({ router, run, blue, green }: RecordWorld) =>
  run(router.attach({ live: blue.id, candidate: green.id }))

const pairOf = ({ endpoint, blue, green }: RecordWorld) =>
  [
    ['shop-blue=100', blue.id],
    ['shop-green=0', green.id],
  ].map(
    ([weight, id = '']) =>
      `A blue-green:${weight} alias ${endpoint(id).toLowerCase()}. in ${zoneOfLoadBalancers}`,
  )

const aliasOf = (DNSName: string, HostedZoneId = zoneOfLoadBalancers): RecordSet => ({
  Name: name,
  Type: 'A',
  AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: true },
})

describe('aliases to the environments’ own load balancers', () => {
  it('name the hosted zone that AWS reports', async () => {
    const world = await recordWorld(alias)
    await attachBoth(world)
    expect(world.stands()).toEqual(pairOf(world))
    expect(world.router.clientsFollowWithin).toBe(75_000)
  })

  it('stand at the zone’s own name too, beside its other records', async () => {
    const world = await recordWorld({ ...alias, at: apex })
    await attachBoth(world)
    expect(world.stands(apex).filter((line) => line.startsWith('A '))).toEqual(pairOf(world))
  })

  it('take the place of a simple alias, and do not judge health by themselves any more', async () => {
    const world = await recordWorld(alias)
    await world.byHand(['CREATE', aliasOf(`dualstack.${world.endpoint(world.blue.id)}`)])
    expect(await attachBoth(world)).toBe(75_000)
    const standing = world.aws.route53.shown().flatMap(({ records }) => records)
    const both = standing.filter(({ Name }) => Name === `${name}.`)
    expect(both.map(({ AliasTarget }) => AliasTarget?.EvaluateTargetHealth)).toEqual([false, false])
  })

  it('are asked about no more once they stand there', async () => {
    const world = await recordWorld(alias)
    const { router, run, green, seconds } = world
    await attachBoth(world)
    await seconds(130)
    const asked = world.calls('DescribeLoadBalancers').length
    const from = await run(router.read())
    const to = router.plan(from, green.id, 10)
    await run(router.apply(from, to))
    await seconds(130)
    expect(await run(router.read())).toEqual({ ...to, settled: true })
    expect(world.calls('DescribeLoadBalancers')).toHaveLength(asked)
  })

  it('give users the share that was asked for', async () => {
    const world = await recordWorld(alias)
    const { router, run, green, seconds } = world
    await attachBoth(world)
    await seconds(130)
    const from = await run(router.read())
    await run(router.apply(from, router.plan(from, green.id, 10)))
    await seconds(130)
    const ofGreen = world.aws.names.resolve(world.endpoint(green.id)).map(({ data }) => data)
    const counts = world.answers(2_000)
    const seen = ofGreen.reduce((sum, address) => sum + (counts[address] ?? 0), 0)
    expect(seen).toBeGreaterThan(150)
    expect(seen).toBeLessThan(250)
  })

  it('may stand beside a single instance’s address, with the same TTL', async () => {
    const world = await recordWorld({
      order: { recordType: 'alias', ttl: 300_000 },
      green: { single: true },
    })
    await attachBoth(world)
    expect(world.stands()).toEqual([
      pairOf(world)[0],
      `A 60 s blue-green:shop-green=0 ${world.endpoint(world.green.id)}`,
    ])
  })

  it('are shown as a command where nothing stands yet', async () => {
    const world = await recordWorld(alias)
    const { leadsNowhere } = await world.run(world.router.read())
    const json = /--change-batch '(.+)'$/.exec(leadsNowhere?.command ?? '')?.[1] ?? ''
    await world.byHand(['CREATE', JSON.parse(json).Changes[0].ResourceRecordSet])
    expect((await world.run(world.router.read())).share[world.blue.id]).toBe(100)
  })

  it('name the permission that finding the hosted zone lacks', async () => {
    const world = await recordWorld(alias)
    world.fault('denied', 'DescribeLoadBalancers', { times: 9 })
    const refused = await failing(attachBoth(world))
    expect(refused.message).toMatch(/^elasticloadbalancing:DescribeLoadBalancers is not allowed/)
  })
})

describe('a Classic Load Balancer', () => {
  const classic = { blue: { loadBalancer: 'classic' }, green: { loadBalancer: 'classic' } } as const

  it('has no hosted zone that this action finds: that is said', async () => {
    const world = await recordWorld({ ...alias, ...classic })
    const failure = await failing(attachBoth(world))
    expect(failure.message).toMatch(/shop-blue has a Classic Load Balancer/)
    expect(failure.remedies[0]?.command).toContain('aws elb describe-load-balancers')
  })

  it('is in the same one as that of an alias which stands there', async () => {
    const world = await recordWorld({ ...alias, ...classic })
    await world.byHand(['CREATE', aliasOf(world.endpoint(world.blue.id))])
    await attachBoth(world)
    expect(world.stands()).toEqual(pairOf(world))
  })
})

describe('a CNAME is refused before anything is changed', () => {
  it('at the zone’s own name, where aliases can stand', async () => {
    const world = await recordWorld({ at: apex })
    const failure = await failing(world.run(world.router.read()))
    expect(failure.message).toMatch(/example\.com is the zone’s own name \(its apex\)/)
    expect(failure.remedies[0]?.why).toContain('record-type: alias')
    const [blue] = await world.run(world.beanstalk.read([world.blue.id]))
    await expect(world.run(world.router.holder(blue ? [blue] : []))).rejects.toThrow(/apex/)
  })

  it('beside records of other types', async () => {
    const world = await recordWorld()
    await world.byHand(['CREATE', cname('"v=spf1 -all"', { Type: 'TXT' })])
    await expect(world.run(world.router.read())).rejects.toThrow(
      /records of type TXT too, and a CNAME stands alone/,
    )
  })
})
