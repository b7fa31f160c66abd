import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2'
import { describe, expect, it } from 'vitest'
import { weightsIn } from '../../../src/aws/load-balancer/forward.ts'
import { AnswerLost, Conflict, Refused } from '../../../src/deployment/errors.ts'
import { type BalancedWorld, balancedWorld, forward } from './balanced-world.ts'

/** Both in the rule, all of it on blue. */
async function attached(order: Parameters<typeof balancedWorld>[0] = {}) {
  const world = await balancedWorld(order)
  const { router, blue, green } = world
  await world.run(router.attach({ live: blue.id, candidate: green.id }))
  await world.seconds(40)
  return { ...world, from: await world.run(router.read()) }
}

const weights = async (world: BalancedWorld, arn?: string) => weightsIn(await world.actions(arn))

describe.each(['own', 'shared'] as const)('with %s target groups', (groups) => {
  it('reads who has production, before and after the other one is known', async () => {
    const world = await balancedWorld({ groups })
    const { blue, green, router } = world
    const before = await world.run(router.read())
    expect(before.share).toEqual({ [blue.id]: 100, [green.id]: 0 })
    expect(before.notReady).toEqual({ [green.id]: 'the rules do not name its target group' })
    await world.run(router.attach({ live: blue.id, candidate: green.id }))
    expect(await weights(world)).toEqual({ [blue.group]: 1, [green.group]: 0 })
    await world.seconds(40)
    const after = await world.run(router.read())
    expect(after).toMatchObject({ share: before.share, settled: true, notReady: {} })
  })

  it('moves production in steps and back, in per cent, and knows its routes from a journal', async () => {
    const world = await attached({ groups })
    const { blue, green, router, from } = world
    const tenth = router.plan(JSON.parse(JSON.stringify(from)), green.id, 10)
    expect(tenth.share).toEqual({ [blue.id]: 90, [green.id]: 10 })
    await world.run(router.apply(from, tenth))
    expect(await weights(world)).toEqual({ [blue.group]: 90, [green.group]: 10 })
    expect(await world.run(router.read())).toMatchObject(tenth)
    const all = router.plan(tenth, green.id)
    await world.run(router.apply(tenth, all))
    expect(await world.run(router.read())).toMatchObject({ share: { [blue.id]: 0, [green.id]: 100 } })
    const back = router.plan(all, blue.id)
    await world.run(router.apply(JSON.parse(JSON.stringify(all)), back))
    expect(await weights(world)).toEqual({ [blue.group]: 100, [green.group]: 0 })
  })

  it('says the same of a pair in either order, and of one of the two', async () => {
    const world = await attached({ groups })
    const { blue, green, from } = world
    const other = await world.run(world.routerFor({ ids: [green.id, blue.id] }).read())
    expect(JSON.stringify(other.exact)).toBe(JSON.stringify(from.exact))
    expect((await world.run(world.routerFor({ ids: [blue.id] }).read())).share).toEqual({ [blue.id]: 100 })
    expect((await world.run(world.routerFor({ ids: [green.id] }).read())).share).toEqual({ [green.id]: 0 })
  })

  it('tells who of many holds production', async () => {
    const world = await balancedWorld({ groups })
    await world.made('shop-third')
    const all = await world.run(world.beanstalk.all())
    const holder = await world.run(world.router.holder(all))
    expect(holder?.name).toBe('shop-blue')
    const others = all.filter(({ name }) => name !== 'shop-blue')
    expect(await world.run(world.router.holder(others))).toBeUndefined()
  })

  it.each(['it stays', 'it ends'] as const)('takes out what has no traffic when %s', async (why) => {
    const world = await attached({ groups })
    const { blue, green, router, from } = world
    await expect(world.run(router.detach(blue.id, why))).rejects.toThrow(Conflict)
    const all = router.plan(from, green.id)
    await world.run(router.apply(from, all))
    await world.run(world.routerFor({ ids: [blue.id] }).detach(blue.id, why))
    expect(await weights(world)).toEqual({ [green.group]: 100 })
    await world.run(router.detach(blue.id, why))
    expect(world.calls('ModifyRule')).toHaveLength(3)
  })
})

describe('what is kept of a rule', () => {
  const login: Action = {
    Type: 'authenticate-oidc',
    Order: 1,
    AuthenticateOidcConfig: {
      Issuer: 'https://login.example.com',
      AuthorizationEndpoint: 'https://login.example.com/authorize',
      TokenEndpoint: 'https://login.example.com/token',
      UserInfoEndpoint: 'https://login.example.com/userinfo',
      ClientId: 'shop',
      ClientSecret: 'hunter2',
    },
  }

  it('is its login, its order and its stickiness', async () => {
    const world = await balancedWorld()
    const { blue, green } = world
    const sticky = { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3_600 } }
    const actions = [login, { ...forward({ [blue.group]: 1 }, sticky), Order: 2 }]
    const rule = await world.rule(['shop.example.com'], actions, 1, await world.secureListener())
    const router = world.routerFor({ rules: [rule] })
    await world.run(router.attach({ live: blue.id, candidate: green.id }))
    const from = await world.run(router.read())
    await world.run(router.apply(from, router.plan(from, green.id, 50)))
    const { ClientSecret: _, ...oidc } = login.AuthenticateOidcConfig ?? {}
    const [first, second] = await world.actions(rule)
    expect(first).toMatchObject({ Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: oidc })
    expect(second).toMatchObject({
      ...forward({ [blue.group]: 50, [green.group]: 50 }, sticky),
      Order: 2,
    })
  })

  it('is said when it keeps clients where they are', async () => {
    const world = await balancedWorld()
    const { blue, router, shop } = world
    const sticky = { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 3_600 } }
    await world.modify(shop, [forward({ [blue.group]: 1 }, sticky)])
    const { notes } = await world.run(router.read())
    expect(notes?.join()).toMatch(/keeps a client for 1 h .*target-group stickiness/)
  })
})

it('comes back in the per cent that were asked for', async () => {
  const world = await attached()
  const { green, router, from } = world
  const seventh = router.plan(from, green.id, 7)
  await world.run(router.apply(from, seventh))
  expect((await world.run(router.read())).share).toEqual(seventh.share)
})

describe('a change that cannot be made', () => {
  it('is not sent when the environment has no target group there', async () => {
    const world = await attached()
    const { router, from } = world
    const sent = world.calls('ModifyRule').length
    const to = { share: { 'e-other': 100 }, exact: router.plan(from, 'e-other').exact }
    await expect(world.run(router.apply(from, to))).rejects.toThrow('e-other has no target group at')
    expect(world.calls('ModifyRule')).toHaveLength(sent)
  })

  it('is none when somebody else moved weights meanwhile, and shows what they did', async () => {
    const world = await attached()
    const { blue, green, router, from, shop } = world
    await world.modify(shop, [forward({ [blue.group]: 70, [green.group]: 30 })])
    await expect(world.run(router.apply(from, router.plan(from, green.id)))).rejects.toThrow(
      `${green.id} has weight 30, had weight 0`,
    )
    expect(await weights(world)).toEqual({ [blue.group]: 70, [green.group]: 30 })
  })

  it('is told when somebody else changes the rule right after it was sent', async () => {
    const world = await attached()
    const { blue, green, router, from, shop } = world
    const sent = world.calls('ModifyRule').length
    const look = () => {
      if (world.calls('ModifyRule').length === sent) return void world.clock.at(world.clock.now() + 1, look)
      void world.modify(shop, [forward({ [blue.group]: 70, [green.group]: 30 })])
    }
    look()
    await expect(world.run(router.apply(from, router.plan(from, green.id)))).rejects.toThrow(
      `${shop}: ${blue.id} has weight 70, had weight 0`,
    )
  })

  it.each(['answer-lost', 'reset-before', 'server-error'] as const)(
    'is sent once, and nobody knows its end after %s',
    async (fault) => {
      const world = await attached()
      const { green, router, from } = world
      const sent = world.calls('ModifyRule').length
      world.fault(fault, 'ModifyRule', { times: 5 })
      await expect(world.run(router.apply(from, router.plan(from, green.id)))).rejects.toThrow(AnswerLost)
      expect(world.calls('ModifyRule')).toHaveLength(sent + 1)
    },
  )

  it('goes again when it was throttled, after looking again', async () => {
    const world = await attached()
    const { green, router, from } = world
    world.fault('throttled', 'ModifyRule', { times: 2 })
    await world.run(router.apply(from, router.plan(from, green.id)))
    expect((await world.run(router.read())).share[green.id]).toBe(100)
  })

  it.each([
    ['DescribeRules', 'elasticloadbalancing:DescribeRules'],
    ['DescribeTags', 'elasticloadbalancing:DescribeTags'],
    ['DescribeTargetGroups', 'elasticloadbalancing:DescribeTargetGroups'],
    ['DescribeTargetHealth', 'elasticloadbalancing:DescribeTargetHealth'],
  ])('names what the role may not do: %s', async (operation, action) => {
    const world = await attached({ groups: 'shared' })
    world.fault('denied', operation, { times: 9 })
    const refused = await world.run(world.router.read()).catch((thrown: unknown) => thrown)
    expect(refused).toBeInstanceOf(Refused)
    expect(JSON.stringify((refused as Refused).remedies)).toContain(action)
  })

  it('names the write that the role may not do', async () => {
    const world = await attached()
    const { green, router, from } = world
    world.fault('denied', 'ModifyRule', { times: 9 })
    const refused = await world
      .run(router.apply(from, router.plan(from, green.id)))
      .catch((thrown: unknown) => thrown)
    expect((refused as Refused).message).toContain('elasticloadbalancing:ModifyRule')
  })
})
