import { describe, expect, it } from 'vitest'
import { createResolverCache } from '../../../simulator/dns/cache.ts'
import { zoneWorld } from './zone-world.ts'

const blue = { set: 'blue', weight: 90, to: 'blue.example.net' }
const green = { set: 'green', weight: 10, to: 'green.example.net' }

/** A zone whose name servers answer these records. */
async function zoneWith(
  ...lines: readonly Parameters<ReturnType<typeof zoneWorld>['change']>[1][]
): Promise<ReturnType<typeof zoneWorld> & { readonly id: string }> {
  const world = zoneWorld()
  const id = await world.zone()
  await world.change(id, ...lines)
  await world.seconds(130)
  return { ...world, id }
}

describe('weighted records', () => {
  it('are drawn anew for every query, each by its share', async () => {
    const { drawn } = await zoneWith(['CREATE', blue], ['CREATE', green])
    const { 'blue.example.net': old = 0, 'green.example.net': young = 0 } = drawn('shop.example.com', 5_000)
    expect(old + young).toBe(5_000)
    expect(young / 5_000).toBeGreaterThan(0.08)
    expect(young / 5_000).toBeLessThan(0.12)
  })

  it('of weight 0 are never answered', async () => {
    const { drawn } = await zoneWith(['CREATE', { ...blue, weight: 1 }], ['CREATE', { ...green, weight: 0 }])
    expect(drawn('shop.example.com')).toEqual({ 'blue.example.net': 1_000 })
  })

  it('that all have the weight 0 are answered equally often', async () => {
    const { drawn } = await zoneWith(['CREATE', { ...blue, weight: 0 }], ['CREATE', { ...green, weight: 0 }])
    const { 'blue.example.net': old = 0 } = drawn('shop.example.com')
    expect(old).toBeGreaterThan(400)
    expect(old).toBeLessThan(600)
  })

  it('stay with a resolver until their TTL is over: it sees one side at a time', async () => {
    const world = await zoneWith(
      ['CREATE', { ...blue, weight: 1, to: 'shop-blue.us-east-1.elasticbeanstalk.com' }],
      ['CREATE', { ...green, weight: 1, to: 'shop-green.us-east-1.elasticbeanstalk.com' }],
    )
    await world.pair()
    const resolve = createResolverCache(world.clock, (name) => world.simulator.names.resolve(name))
    const seen = new Set<string>()
    for (let round = 0; round < 20; round++) {
      const [first] = await resolve('shop.example.com')
      await world.seconds(30)
      expect(await resolve('shop.example.com')).toEqual([first])
      seen.add(first ?? '')
      await world.seconds(31)
    }
    expect(seen.size).toBe(2)
  })
})

describe('a CNAME', () => {
  it('is followed through the zone and out of it, with the TTL of each link', async () => {
    const world = await zoneWith(
      ['CREATE', { name: 'www.example.com', ttl: 300, to: 'shop.example.com.' }],
      ['CREATE', { to: 'shop-blue.us-east-1.elasticbeanstalk.com' }],
    )
    const [environment] = await world.pair()
    expect(world.answers('WWW.example.com')).toEqual([
      'CNAME 300 shop.example.com',
      `CNAME 60 ${environment.cname}`,
      `CNAME 60 ${environment.endpoint.toLowerCase()}`,
      expect.stringMatching(/^A 60 127\./),
    ])
    expect(world.answers('www.example.com', 'CNAME')).toEqual(['CNAME 300 shop.example.com'])
  })

  it('does not lead in circles for ever', async () => {
    const { answers } = await zoneWith(
      ['CREATE', { name: 'a.example.com', to: 'b.example.com' }],
      ['CREATE', { name: 'b.example.com', to: 'a.example.com' }],
    )
    expect(answers('a.example.com').every((one) => one.startsWith('CNAME'))).toBe(true)
  })
})

describe('an alias', () => {
  const loadBalancers = 'Z35SXDOTRQ7X7K'
  const environments = 'Z117KPS5GTRQ2G'

  it('at the apex shows only the addresses of an environment, with a TTL of 60', async () => {
    const world = zoneWorld()
    const [id, [environment]] = [await world.zone(), await world.pair()]
    const alias = { zone: environments, name: environment.cname }
    await world.change(id, ['CREATE', { name: 'example.com', type: 'A', alias }])
    await world.seconds(130)
    const [address] = world.simulator.names.resolve(environment.endpoint)
    expect(world.answers('example.com')).toEqual([`A 60 ${address?.data}`])
    expect(world.answers('example.com', 'CNAME')).toEqual([])
  })

  it('leads to a load balancer, also by its name with dualstack in front, and may be weighted', async () => {
    const world = zoneWorld()
    const [id, [one, other]] = [await world.zone(), await world.pair()]
    const to = (name: string, set: string, weight: number) =>
      [
        'CREATE',
        { name: 'example.com', type: 'A', set, weight, alias: { zone: loadBalancers, name } },
      ] as const
    await world.change(id, to(one.endpoint, 'blue', 1), to(`dualstack.${other.endpoint}`, 'green', 1))
    await world.seconds(130)
    expect(Object.keys(world.drawn('example.com', 100))).toHaveLength(2)
  })

  it('follows a swap of CNAMEs when it leads to an environment, and not when it leads to a load balancer', async () => {
    const world = zoneWorld()
    const [id, [one, other]] = [await world.zone(), await world.pair()]
    await world.change(
      id,
      ['CREATE', { name: 'a.example.com', type: 'A', alias: { zone: environments, name: one.cname } }],
      ['CREATE', { name: 'b.example.com', type: 'A', alias: { zone: loadBalancers, name: one.endpoint } }],
    )
    await world.seconds(130)
    const before = [world.answers('a.example.com'), world.answers('b.example.com')]
    expect(before[0]).toEqual(before[1])
    world.simulator.beanstalk.byHand.swap(one.id, other.id)
    await world.seconds(130)
    expect(world.answers('a.example.com')).not.toEqual(before[0])
    expect(world.answers('b.example.com')).toEqual(before[1])
  })

  it('leads to records of its zone, and shows them under its own name', async () => {
    const world = zoneWorld()
    const zone = await world.zone()
    await world.change(
      zone,
      ['CREATE', { name: 'one.example.com', type: 'A', ttl: 20, to: ['10.0.0.1', '10.0.0.2'] }],
      ['CREATE', { name: 'example.com', type: 'A', alias: { zone, name: 'one.example.com' } }],
    )
    await world.seconds(130)
    expect(world.answers('example.com')).toEqual(['A 20 10.0.0.1', 'A 20 10.0.0.2'])
  })
})

describe('the name servers of a zone', () => {
  it('answer for names that nobody has made by the nearest wildcard, unless the name has other records', async () => {
    const { answers } = await zoneWith(
      ['CREATE', { name: '*.example.com', type: 'A', to: '10.0.0.1' }],
      ['CREATE', { name: 'a.example.com', type: 'TXT', to: '"here"' }],
    )
    expect(answers('nobody.example.com')).toEqual(['A 60 10.0.0.1'])
    expect(answers('deep.down.example.com')).toEqual(['A 60 10.0.0.1'])
    expect(answers('a.example.com')).toEqual([])
    expect(answers('below.a.example.com')).toEqual([])
  })

  it('tell a name without records of a type from a name that is not there', async () => {
    const { simulator } = await zoneWith(['CREATE', { name: 'a.b.example.com', type: 'TXT', to: '"here"' }])
    const nothing = (name: string) => simulator.names.nothing?.(name)
    expect(nothing('a.b.example.com')).toMatchObject({ exists: true, soa: { name: 'example.com', ttl: 900 } })
    expect(nothing('b.example.com')).toMatchObject({ exists: true })
    expect(nothing('c.example.com')).toMatchObject({ exists: false, soa: { ttl: 900 } })
    expect(nothing('example.net')).toBeUndefined()
  })

  it('of the zone with the longest name are asked', async () => {
    const world = await zoneWith(['CREATE', { name: 'a.shop.example.com', type: 'A', to: '10.0.0.1' }])
    expect(world.answers('a.shop.example.com')).toEqual(['A 60 10.0.0.1'])
    await world.zone('shop.example.com')
    expect(world.answers('a.shop.example.com')).toEqual([])
  })

  it('are asked by TestDNSAnswer, which sees no more than they do', async () => {
    const { id, r53, run, change, seconds } = await zoneWith(['CREATE', { ...blue }])
    const test = (RecordName: string, RecordType: 'A' | 'CNAME') =>
      run(r53.testDNSAnswer({ HostedZoneId: id, RecordName, RecordType }))
    expect(await test('shop.example.com', 'CNAME')).toMatchObject({
      RecordName: 'shop.example.com.',
      RecordData: ['blue.example.net'],
      ResponseCode: 'NOERROR',
    })
    await change(id, ['CREATE', { name: 'new.example.com', type: 'A', to: '10.0.0.1' }])
    expect(await test('new.example.com', 'A')).toMatchObject({ RecordData: [], ResponseCode: 'NXDOMAIN' })
    await seconds(130)
    expect(await test('new.example.com', 'A')).toMatchObject({ RecordData: ['10.0.0.1'] })
  })
})
