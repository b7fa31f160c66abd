import { describe, expect, it } from 'vitest'
import { balancingWorld, weighted } from './balancing-world.ts'

/** A load balancer of the user's before two environments whose instances are in target groups of the user's. */
async function shared(options: Parameters<typeof balancingWorld>[0] = {}) {
  const world = await balancingWorld(options)
  await world.made('shop-blue', 'v1')
  await world.made('shop-green', 'v2')
  const { arn, dnsName, listener } = await world.given.loadBalancer('front-end')
  const blue = await world.targetGroup('blue')
  const green = await world.targetGroup('green')
  await world.attach('shop-blue', blue)
  await world.attach('shop-green', green)
  const { Rules } = await world.run(
    world.elb.createRule({
      ListenerArn: listener,
      Priority: 1,
      Conditions: [{ Field: 'host-header', Values: ['shop.example.com'] }],
      Actions: [weighted({ [blue]: 100, [green]: 0 })],
    }),
  )
  const RuleArn = Rules?.[0]?.RuleArn ?? ''
  await world.seconds(30)
  return {
    ...world,
    arn,
    dnsName,
    listener,
    blue,
    green,
    RuleArn,
    shift: (toGreen: number, seconds?: number) =>
      world.run(
        world.elb.modifyRule({
          RuleArn,
          Actions: [weighted({ [blue]: 100 - toGreen, [green]: toGreen }, seconds)],
        }),
      ),
  }
}

describe('the weights of a rule', () => {
  it('are the shares of the requests', async () => {
    const world = await shared()
    expect(await world.ask(world.dnsName, { times: 50 })).toEqual({ v1: 50 })
    await world.shift(10)
    await world.seconds(10)
    const { v2 = 0 } = await world.ask(world.dnsName, { times: 2_000 })
    expect(v2 / 2_000).toBeCloseTo(0.1, 1)
    await world.shift(100)
    await world.seconds(10)
    expect(await world.ask(world.dnsName, { times: 50 })).toEqual({ v2: 50 })
  })

  it('take seconds to reach every node of the load balancer', async () => {
    const world = await shared()
    await world.shift(100)
    const mixed: number[] = []
    for (let second = 0; second < 9; second++) {
      const { v2 = 0 } = await world.ask(world.dnsName, { times: 30 })
      mixed.push(v2)
      await world.seconds(1)
    }
    expect(mixed[0]).toBe(0)
    expect(mixed.at(-1)).toBe(30)
    expect(mixed).toEqual([...mixed].sort((one, other) => one - other))
    expect(mixed.some((count) => count === 10 || count === 20)).toBe(true)
  })

  it('count at once where the switch says so', async () => {
    const world = await shared({ switches: { rulesSpreadWithinMs: 0 } })
    await world.shift(100)
    expect(await world.ask(world.dnsName, { times: 9 })).toEqual({ v2: 9 })
  })

  it('of 0 for all: 503, or as if they were equal', async () => {
    for (const [allWeightsZero, seen] of [
      ['503', ['503']],
      ['equal', ['v1', 'v2']],
    ] as const) {
      const world = await shared({ switches: { allWeightsZero } })
      const { RuleArn, blue, green } = world
      const Actions = [weighted({ [blue]: 0, [green]: 0 })]
      await world.run(world.elb.modifyRule({ RuleArn, Actions }))
      await world.seconds(10)
      expect(Object.keys(await world.ask(world.dnsName, { times: 40 })).sort()).toEqual(seen)
    }
  })

  it('of 0 leave the targets checked, or unused, as the switch says', async () => {
    const healthy = await shared()
    expect(await healthy.health(healthy.green)).toEqual(['healthy', 'healthy'])
    const unused = await shared({ switches: { weightZero: 'unused' } })
    expect(await unused.health(unused.green)).toEqual(['unused Target.NotInUse', 'unused Target.NotInUse'])
    expect(await unused.health(unused.blue)).toEqual(['healthy', 'healthy'])
  })

  it('send requests to a group that has no targets, and answer 503 for them', async () => {
    const world = await shared()
    const empty = await world.targetGroup('empty')
    const { RuleArn, blue } = world
    await world.run(world.elb.modifyRule({ RuleArn, Actions: [weighted({ [blue]: 50, [empty]: 50 })] }))
    await world.seconds(10)
    expect(Object.keys(await world.ask(world.dnsName, { times: 40 })).sort()).toEqual(['503', 'v1'])
  })

  it('count what instances answered as the traffic of their environment', async () => {
    const world = await shared()
    await world.ask(world.dnsName, { times: 7 })
    expect(world.dataPlane.traffic(world.environment('shop-blue').id).requests).toBe(7)
    expect(world.dataPlane.traffic(world.environment('shop-green').id).requests).toBe(0)
  })
})

describe('stickiness of target groups', () => {
  const cookiesOf = async (world: Awaited<ReturnType<typeof shared>>) => {
    const address = world.simulator.names.resolve(world.dnsName)[0]?.data ?? ''
    const { headers } = await world.dataPlane.request(address, {
      method: 'GET',
      host: 'shop.example.com',
      path: '/',
    })
    return headers['set-cookie'] ?? ''
  }

  it('keeps a client on its group, even at weight 0, until its time is over or the group leaves the action', async () => {
    const world = await shared()
    await world.shift(0, 600)
    await world.seconds(10)
    const set = await cookiesOf(world)
    expect(set).toMatch(/^AWSALBTG=\S+; Expires=.*; Path=\/, AWSALBTGCORS=.*; SameSite=None; Secure$/)
    const headers = { cookie: set.split(';')[0] ?? '' }
    await world.shift(100, 600)
    await world.seconds(10)
    expect(await world.ask(world.dnsName, { times: 9 })).toEqual({ v2: 9 })
    expect(await world.ask(world.dnsName, { times: 9, headers })).toEqual({ v1: 9 })
    await world.seconds(600)
    expect(await world.ask(world.dnsName, { times: 9, headers })).toEqual({ v2: 9 })
  })

  it('ends when the group is no longer in the action, and when it is switched off', async () => {
    const world = await shared()
    await world.shift(0, 600)
    await world.seconds(10)
    const headers = { cookie: (await cookiesOf(world)).split(';')[0] ?? '' }
    const { RuleArn, green } = world
    await world.run(world.elb.modifyRule({ RuleArn, Actions: [weighted({ [green]: 1 }, 600)] }))
    await world.seconds(10)
    expect(await world.ask(world.dnsName, { times: 9, headers })).toEqual({ v2: 9 })
    await world.shift(100)
    await world.seconds(10)
    expect(await world.ask(world.dnsName, { times: 9, headers })).toEqual({ v2: 9 })
    expect(await cookiesOf(world)).toBe('')
  })
})
