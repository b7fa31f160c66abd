import { describe, expect, it } from 'vitest'
import { AnswerLost, Conflict } from '../../../src/deployment/errors.ts'
import { attached, cname, name, recordWorld, simple, weighted } from './world.ts'

const minute = 60_000

/** Who is where: blue has everything and green nothing. */
async function attaching(world: Awaited<ReturnType<typeof recordWorld>>) {
  const { blue, green, router, run } = world
  const before = world.calls('ChangeResourceRecordSets').length
  const follow = await run(router.attach({ live: blue.id, candidate: green.id }))
  return { follow, batches: world.calls('ChangeResourceRecordSets').length - before }
}

const pairOf = ({ endpoint, blue, green }: Awaited<ReturnType<typeof recordWorld>>, ttl = 60) => [
  `CNAME ${ttl} s blue-green:shop-blue=100 ${endpoint(blue.id)}`,
  `CNAME ${ttl} s blue-green:shop-green=0 ${endpoint(green.id)}`,
]

describe('both environments become known, in one batch, with everything on live', () => {
  it('where nothing stands', async () => {
    const world = await recordWorld()
    expect(await attaching(world)).toEqual({ follow: 0, batches: 1 })
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('where nothing stands, and live is alone', async () => {
    const world = await recordWorld()
    await world.run(world.router.attach({ live: world.blue.id, candidate: undefined }))
    expect(world.stands()).toEqual(pairOf(world).slice(0, 1))
  })

  it.each(['endpoint', 'cname'] as const)('where a simple record leads to live’s %s', async (what) => {
    const world = await recordWorld()
    const to =
      what === 'endpoint' ? world.endpoint(world.blue.id) : (world.environment(world.blue.id).cname ?? '')
    await world.byHand(['CREATE', cname(to)])
    expect(await attaching(world)).toEqual({ follow: 315_000, batches: 1 })
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('where an alias of live’s environment and one of the other family stand', async () => {
    const world = await recordWorld()
    const DNSName = world.environment(world.blue.id).cname ?? ''
    const alias = { HostedZoneId: 'Z117KPS5GTRQ2G', DNSName, EvaluateTargetHealth: true }
    for (const Type of ['A', 'AAAA'] as const)
      await world.byHand(['CREATE', { Name: name, Type, AliasTarget: alias }])
    expect(await attaching(world)).toEqual({ follow: 75_000, batches: 1 })
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('where a weighted pair of ours has another TTL', async () => {
    const world = await attached()
    const { routersOf, pair, blue, green, run } = world
    const longer = routersOf({ ttl: 2 * minute })(pair)
    expect(await run(longer.attach({ live: blue.id, candidate: green.id }))).toBe(75_000)
    expect(world.stands()).toEqual(pairOf(world, 120))
  })

  it('where the candidate’s record is missing: live’s is not touched, and nobody follows anything else', async () => {
    const world = await attached()
    await world.byHand(['DELETE', weighted(world.endpoint(world.green.id), 'blue-green:shop-green', 0)])
    expect(await attaching(world)).toEqual({ follow: 0, batches: 1 })
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('where the candidate was made anew, and its record leads to what it was', async () => {
    const world = await attached()
    const { endpoint, green } = world
    await world.byHand(
      ['DELETE', weighted(endpoint(green.id), 'blue-green:shop-green', 0)],
      ['CREATE', weighted('awseb-gone.us-east-1.elb.amazonaws.com', 'blue-green:shop-green', 0)],
    )
    expect((await world.run(world.router.read())).share[green.id]).toBe(0)
    expect((await attaching(world)).batches).toBe(1)
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('where live was made anew, and its record leads to what it was: it is live all the same', async () => {
    const world = await attached()
    const { endpoint, blue } = world
    await world.byHand(
      ['DELETE', weighted(endpoint(blue.id), 'blue-green:shop-blue', 100)],
      ['CREATE', weighted('awseb-gone.us-east-1.elb.amazonaws.com', 'blue-green:shop-blue', 100)],
    )
    expect((await world.run(world.router.read())).share[blue.id]).toBe(100)
    expect(await attaching(world)).toEqual({ follow: 75_000, batches: 1 })
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('where a record of ours without traffic leads to an environment that is none of the pair', async () => {
    const world = await attached()
    await world.byHand(['CREATE', weighted('gone.us-east-1.elb.amazonaws.com', 'blue-green:shop-red', 0)])
    await attaching(world)
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('and it costs nothing to do it again', async () => {
    const world = await attached()
    expect(await attaching(world)).toEqual({ follow: 0, batches: 0 })
  })

  it('and set identifiers, health checks and weights that somebody gave stay, as long as they mean the same', async () => {
    const world = await recordWorld()
    const { blue, green, endpoint } = world
    await world.byHand(
      ['CREATE', weighted(endpoint(blue.id), 'one', 255)],
      ['CREATE', weighted(endpoint(green.id), 'two', 0)],
    )
    await attaching(world)
    expect(world.stands()).toEqual([
      `CNAME 60 s one=100 ${endpoint(blue.id)}`,
      `CNAME 60 s two=0 ${endpoint(green.id)}`,
    ])
  })

  it('and resolvers are never without an answer while the batch is on its way', async () => {
    const world = await simple()
    await attaching(world)
    for (let second = 0; second < 130; second++) {
      expect(world.answers(1)).not.toHaveProperty('nothing')
      await world.seconds(1)
    }
  })
})

it('a split is not made whole in passing', async () => {
  const { router, from, blue, green, run, stands, seconds } = await attached()
  await run(router.apply(from, router.plan(from, green.id, 10)))
  await seconds(130)
  const before = stands()
  await expect(run(router.attach({ live: blue.id, candidate: green.id }))).rejects.toThrow(Conflict)
  expect(stands()).toEqual(before)
})

it('an attaching whose answer was lost is found done, and clients are waited for all the same', async () => {
  const world = await simple()
  world.fault('answer-lost', 'ChangeResourceRecordSets')
  const { router, blue, green, run } = world
  await expect(run(router.attach({ live: blue.id, candidate: green.id }))).rejects.toThrow(AnswerLost)
  expect((await run(router.read())).settled).toBe(false)
  expect(await attaching(world)).toEqual({ follow: 315_000, batches: 0 })
  expect(await attaching(world)).toEqual({ follow: 0, batches: 0 })
  await world.seconds(61)
  expect((await run(router.read())).settled).toBe(true)
})

it('a step whose answer was lost makes nobody wait before a way back', async () => {
  const world = await attached()
  const { router, from, green, blue, run, seconds } = world
  world.fault('answer-lost', 'ChangeResourceRecordSets')
  await expect(run(router.apply(from, router.plan(from, green.id, 100)))).rejects.toThrow(AnswerLost)
  await seconds(130)
  expect(await run(router.attach({ live: green.id, candidate: blue.id }))).toBe(0)
})

describe('what ends is not named any more', () => {
  it('when it has no traffic', async () => {
    const world = await attached()
    const { green, run, routerFor, pair } = world
    await run(routerFor({ ...pair, ids: [green.id] }).detach(green.id, 'it ends'))
    expect(world.stands()).toEqual(pairOf(world).slice(0, 1))
    await run(routerFor({ ...pair, ids: [green.id] }).detach(green.id, 'it ends'))
    expect(world.stands()).toEqual(pairOf(world).slice(0, 1))
  })

  it.each(['answer-lost', 'reset-before'] as const)('when it meets %s too', async (fault) => {
    const world = await attached()
    world.fault(fault, 'ChangeResourceRecordSets')
    await world.run(world.router.detach(world.green.id, 'it ends'))
    expect(world.stands()).toEqual(pairOf(world).slice(0, 1))
  })

  it('but not when it has traffic', async () => {
    const world = await attached()
    await expect(world.run(world.router.detach(world.blue.id, 'it ends'))).rejects.toThrow(Conflict)
    expect(world.stands()).toEqual(pairOf(world))
  })

  it('and what stays stays known', async () => {
    const world = await attached()
    await world.run(world.router.detach(world.green.id, 'it stays'))
    expect(world.stands()).toEqual(pairOf(world))
  })
})

describe('single instances', () => {
  const single = { blue: { single: true }, green: { single: true } }

  it('get records of their addresses', async () => {
    const world = await recordWorld(single)
    await attaching(world)
    const { endpoint, blue, green } = world
    expect(world.stands()).toEqual([
      `A 60 s blue-green:shop-blue=100 ${endpoint(blue.id)}`,
      `A 60 s blue-green:shop-green=0 ${endpoint(green.id)}`,
    ])
  })

  it('are refused beside a load balancer, unless by aliases', async () => {
    const world = await recordWorld({ blue: { single: true } })
    await expect(attaching(world)).rejects.toThrow(/cannot be a CNAME of one and an address of the other/)
  })
})
