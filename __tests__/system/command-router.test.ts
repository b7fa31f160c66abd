import { describe, expect, it } from 'vitest'
import { AnswerLost, Conflict, Failure, NotYet, Unreachable } from '../../src/deployment/errors.ts'
import { trafficWorld } from './traffic-world.ts'

describe('reading where traffic goes by a command', () => {
  it.each([
    [
      { 'shop-blue': 100, 'shop-green': 0 },
      { 'e-blue': 100, 'e-green': 0 },
    ],
    [
      { 'shop-blue': 230, 'shop-green': 26 },
      { 'e-blue': 90, 'e-green': 10 },
    ],
    [
      { 'shop-blue': 0.9, 'shop-green': 0.1 },
      { 'e-blue': 90, 'e-green': 10 },
    ],
    [{ 'shop-green': 1 }, { 'e-blue': 0, 'e-green': 100 }],
    [
      { 'shop-blue': 1, 'shop-green': 999 },
      { 'e-blue': 1, 'e-green': 99 },
    ],
    [
      { 'shop-blue': 895, 'shop-green': 105 },
      { 'e-blue': 90, 'e-green': 10 },
    ],
  ])('takes %o for weights of any sum', async (weights, share) => {
    const { router } = trafficWorld(weights)
    expect(await router().read()).toMatchObject({ share, settled: true })
    expect((await router(['e-green', 'e-blue']).read()).share).toEqual(share)
  })

  it('says that nothing stands there yet, and how it is pointed somewhere by hand', async () => {
    const reading = await trafficWorld({}).router().read()
    expect(reading.share).toEqual({})
    expect(reading.leadsNowhere?.why).toContain('www.shop.example')
  })

  it.each([
    '',
    'shop-blue',
    '[100, 0]',
    '{"shop-blue": "100"}',
    '{"shop-blue": -1}',
    '{"shop-blue": 0}',
    'null',
  ])('refuses what is no set of weights: %j', async (printed) => {
    const { router, provider, calls } = trafficWorld()
    provider.instead = () => ({ printed })
    const refusal = await router()
      .read()
      .catch((thrown: unknown) => thrown)
    expect(refusal).toBeInstanceOf(Failure)
    expect((refusal as Failure).message).toContain('{"shop-blue":100,"shop-green":0}')
    expect((refusal as Failure).message).toContain(printed === '' ? 'nothing' : printed)
    expect(calls).toHaveLength(3)
  })

  it('refuses traffic of an environment that is not of the pair, and lets its name be at 0', async () => {
    const { router, provider } = trafficWorld({ 'shop-blue': 90, 'shop-teal': 10 })
    await expect(router().read()).rejects.toThrow('shop-teal is neither shop-blue nor shop-green')
    provider.weights = { 'shop-blue': 90, 'shop-teal': 0 }
    expect((await router().read()).share).toEqual({ 'e-blue': 100, 'e-green': 0 })
  })

  it('is tried again, and what goes on failing could not be reached', async () => {
    const { router, provider, calls, waited } = trafficWorld()
    const broken = { is: 'failed', says: 'exit status 22', lastLine: 'curl: (22) 503' } as const
    let left = 2
    provider.instead = () => (left-- > 0 ? broken : undefined)
    expect((await router().read()).share['e-blue']).toBe(100)
    expect(waited).toHaveLength(2)
    provider.instead = () => broken
    const thrown = await router()
      .read()
      .catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(Unreachable)
    expect((thrown as Unreachable).message).toBe(
      '`read-traffic-command` failed: exit status 22, and said last: “curl: (22) 503”.',
    )
    expect(calls).toHaveLength(6)
  })

  it('does not wait for one that hangs a second time', async () => {
    const { router, provider, calls } = trafficWorld()
    provider.instead = () => ({ is: 'timed out', says: 'not done within 2 min, and ended' })
    await expect(router().read()).rejects.toThrow('not done within 2 min')
    expect(calls).toHaveLength(1)
    expect(calls[0]).toMatchObject({ within: 120_000 })
  })

  it('knows who has the most of it', async () => {
    const { router, provider, members } = trafficWorld({ 'shop-blue': 40, 'shop-green': 60 })
    expect(await router().holder(members)).toMatchObject({ id: 'e-green' })
    provider.weights = {}
    expect(await router().holder(members)).toBeUndefined()
    provider.weights = { 'shop-green': 1 }
    expect(await router().holder(members.slice(0, 1))).toBeUndefined()
  })
})

describe('moving traffic by a command', () => {
  const shift = async (world: ReturnType<typeof trafficWorld>, percent: number) => {
    const router = world.router()
    const from = await router.read()
    return { router, from, to: router.plan(from, 'e-green', percent) }
  }

  it('writes per cent, with everything that a provider may want to know, and reads', async () => {
    const world = trafficWorld()
    const { router, from, to } = await shift(world, 10)
    expect(router.call(from, to)).toBe('write-traffic-command: 90 % shop-blue, 10 % shop-green')
    await router.apply(from, to)
    expect(world.writes().map(({ variables }) => variables)).toEqual([
      {
        BLUE_WEIGHT: '90',
        GREEN_WEIGHT: '10',
        LIVE_ENVIRONMENT: 'shop-blue',
        BLUE_ENVIRONMENT: 'shop-blue',
        GREEN_ENVIRONMENT: 'shop-green',
        BLUE_ENDPOINT: 'shop-blue.elb.example',
        GREEN_ENDPOINT: 'shop-green.elb.example',
        BLUE_CNAME: 'shop-blue.eb.example',
        GREEN_CNAME: 'shop-green.eb.example',
        PRODUCTION_NAME: 'www.shop.example',
        RECORD_TTL: '60',
      },
    ])
    expect(await router.read()).toMatchObject(to)
    await router.apply(to, router.plan(to, 'e-green'))
    expect(world.writes()[1]?.variables).toMatchObject({
      GREEN_WEIGHT: '100',
      LIVE_ENVIRONMENT: 'shop-green',
    })
  })

  it('sends nothing when it is so already', async () => {
    const world = trafficWorld({ 'shop-blue': 9, 'shop-green': 1 })
    const { router, from, to } = await shift(world, 10)
    await router.apply(from, to)
    expect(world.writes()).toEqual([])
  })

  it('sends nothing when somebody else moved it meanwhile', async () => {
    const world = trafficWorld()
    const { router, from, to } = await shift(world, 10)
    world.provider.weights = { 'shop-blue': 50, 'shop-green': 50 }
    const conflict = await router.apply(from, to).catch((thrown: unknown) => thrown)
    expect(conflict).toBeInstanceOf(Conflict)
    expect((conflict as Conflict).message).toContain('50 % shop-blue, 50 % shop-green')
    expect(world.writes()).toEqual([])
  })

  it('may be tried again later when nothing of it shows', async () => {
    const world = trafficWorld()
    const { router, from, to } = await shift(world, 10)
    world.provider.instead = ({ command }) =>
      command === 'write' ? { is: 'failed', says: 'exit status 1', lastLine: 'no route' } : undefined
    const refusal = await router.apply(from, to).catch((thrown: unknown) => thrown)
    expect(refusal).toBeInstanceOf(NotYet)
    expect((refusal as NotYet).message).toBe(
      '`write-traffic-command` failed: exit status 1, and said last: “no route”, and `read-traffic-command` says 100 % shop-blue, 0 % shop-green where 90 % shop-blue, 10 % shop-green was wanted.',
    )
    world.provider.instead = () => undefined
    await router.apply(from, to)
    expect(world.provider.weights).toEqual({ 'shop-blue': 90, 'shop-green': 10 })
  })

  it('is believed when it failed and shows all the same', async () => {
    const world = trafficWorld()
    const { router, from, to } = await shift(world, 10)
    world.provider.instead = ({ command }) => {
      if (command !== 'write') return undefined
      world.provider.weights = { 'shop-blue': 90, 'shop-green': 10 }
      return { is: 'timed out', says: 'not done within 2 min, and ended' }
    }
    await router.apply(from, to)
    expect(world.writes()).toHaveLength(1)
  })

  it('is written once more when it was half done, a few times at most', async () => {
    const world = trafficWorld()
    const { router, from, to } = await shift(world, 10)
    let halves = 1
    world.provider.instead = ({ command }) => {
      if (command !== 'write' || halves-- <= 0) return undefined
      world.provider.weights = { 'shop-blue': 100, 'shop-green': 10 }
      return { is: 'failed', says: 'exit status 1' }
    }
    await router.apply(from, to)
    expect(world.writes()).toHaveLength(2)
    halves = 100
    await expect(router.apply(to, router.plan(to, 'e-green', 50))).rejects.toThrow('It was tried 4 times.')
    expect(world.writes()).toHaveLength(6)
  })

  it('is known by nobody when reading fails afterwards', async () => {
    const world = trafficWorld()
    const { router, from, to } = await shift(world, 100)
    world.provider.instead = ({ command }) =>
      command === 'read' && world.writes().length > 0 ? { printed: 'Bad Gateway' } : undefined
    await expect(router.apply(from, to)).rejects.toBeInstanceOf(AnswerLost)
  })
})

describe('what a command makes known', () => {
  it('is nothing where something stands already', async () => {
    const world = trafficWorld()
    expect(await world.router().attach({ live: 'e-blue', candidate: 'e-green' })).toBe(0)
    expect(world.writes()).toEqual([])
  })

  it('is all traffic on live where nothing stands yet', async () => {
    const world = trafficWorld({}, trafficWorld().members.slice(0, 1))
    await world.router(['e-blue']).attach({ live: 'e-blue', candidate: undefined })
    expect(world.writes()[0]?.variables).toMatchObject({
      BLUE_WEIGHT: '100',
      GREEN_WEIGHT: '0',
      GREEN_ENDPOINT: '',
    })
    expect((await world.router(['e-blue']).read()).share).toEqual({ 'e-blue': 100 })
  })

  it('may not be taken away from what has traffic', async () => {
    const { router } = trafficWorld({ 'shop-blue': 90, 'shop-green': 10 })
    await expect(router(['e-green']).detach('e-green', 'it ends')).rejects.toBeInstanceOf(Conflict)
    await trafficWorld().router(['e-green']).detach('e-green', 'it ends')
  })

  it('can only be environments of the pair', async () => {
    const world = trafficWorld({ 'shop-blue': 1 }, [
      ...trafficWorld().members,
      { ...trafficWorld().members[0], name: 'shop-teal', id: 'e-teal' } as never,
    ])
    const router = world.router(['e-blue', 'e-teal'])
    const from = await router.read()
    await expect(router.apply(from, router.plan(from, 'e-teal', 10))).rejects.toThrow('other environments')
    expect(world.writes()).toEqual([])
  })
})
