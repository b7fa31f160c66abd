import { expect, it } from 'vitest'
import { standingPair, untilStage, type World } from './world.ts'

it('a new live whose health cannot be read to the very end goes back, however late that is known', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.aws.member('shop-green').health = 'unknown'

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'rolled-back', live: { name: 'shop-blue', version: '1.0.0' } })
  expect(world.live()).toBe('shop-blue')
  expect(world.object.state.promotions[0]).toMatchObject({ by: 'rollback', environment: 'e-blue' })
})

it('the way back lasts for the whole bake, however long the shift has waited for instances', async () => {
  const world = standingPair()
  const running = world.start('deploy', { bakeTime: 60_000 })
  await untilStage(world, running, 'Shift traffic')
  const shrunk = { min: 1, desired: 1, inService: 1, launchTakes: 900_000 }
  Object.assign(world.aws.member('shop-green').group as object, shrunk)
  await untilStage(world, running, 'Bake')
  running.kill()

  const seen = await world.run('post')

  expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-blue' } })
})

/** A deployment whose new live changes once users are on it. */
async function baking(change: (world: World) => void, settings: Parameters<World['run']>[1] = {}) {
  const world = standingPair()
  const running = world.start('deploy', settings)
  await untilStage(world, running, 'Bake')
  await world.clock.runUntil(world.clock.now() + 60_000)
  change(world)
  return { world, seen: await world.clock.run(running.ended) }
}

it('a new live that falls ill goes back, with Beanstalk’s causes and how to read the logs', async () => {
  const { seen, world } = await baking(({ aws }) =>
    Object.assign(aws.member('shop-green'), { health: 'Severe', causes: ['Requests fail.'] }),
  )

  expect(seen).toMatchObject({
    is: 'rolled-back',
    live: { name: 'shop-blue' },
    standby: { name: 'shop-green' },
  })
  expect(seen.says).toContain('shop-green failed under real traffic: health: ')
  expect(seen.says).toContain("Beanstalk's causes: Requests fail.")
  expect(seen.remedies[0]?.command).toContain('e-green')
  expect(seen.wayBackTook).toBeGreaterThan(0)
  expect(world.object.state).toMatchObject({ pending: [], kept: [], holder: undefined })
})

it('errors at the production address are counted and take production back', async () => {
  const { seen } = await baking(({ aws }) => {
    aws.member('shop-green').answers = () => 502
  })

  expect(seen).toMatchObject({ is: 'rolled-back', users: { examples: ['status 502'] } })
  expect(seen.users?.failures).toBeGreaterThan(25)
  expect(seen.users?.downtime).toBeGreaterThan(25_000)
})

it('a failure that passes is counted, and production stays', async () => {
  const { seen } = await baking((world) => {
    const green = world.aws.member('shop-green')
    green.answers = () => 502
    world.clock.at(world.clock.now() + 3_000, () => {
      delete green.answers
    })
  })

  expect(seen).toMatchObject({ is: 'promoted', users: { failures: 3, downtime: 3_000 } })
})

it('a live that was at Warning before is not held to more than that', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').health = 'Warning'
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.aws.member('shop-green').health = 'Warning'

  expect((await world.clock.run(running.ended)).is).toBe('promoted')
})

it('a way back that closes in the bake is said, and is no reason to fail', async () => {
  const { seen } = await baking(({ aws }) => aws.members.splice(0, 1))

  expect(seen.is).toBe('promoted')
  expect(seen.warnings[0]).toContain('The way back is closed: e-blue is gone.')
})

it('production that a human moves away in the bake is not moved again', async () => {
  const { seen, world } = await baking(({ aws }) => aws.swap('e-blue', 'e-green'))

  expect(world.changes().filter((name) => name === 'swap')).toHaveLength(1)
  expect(seen.says).toContain('Somebody moved production back to shop-blue during the bake')
  expect(world.live()).toBe('shop-blue')
  // So that pressing the button after that does not go back one more.
  expect(world.object.state.promotions).toMatchObject([{ by: 'rollback', environment: 'e-blue' }])
})

it.each<[string, Parameters<World['run']>[1], () => boolean]>([
  ['probe: off', { probe: 'off' }, () => true],
  ['a runner that sees nothing', {}, () => false],
])(
  'with %s Beanstalk’s own answer is the proof, and it is said that users were not measured',
  async (_, how, canSee) => {
    const world = standingPair()
    world.canSee = canSee

    const seen = await world.run('deploy', how)

    expect(seen).toMatchObject({ is: 'promoted', users: undefined })
    expect(seen.proof).toMatch(/^Beanstalk's own answer: shop\.us-east-1\S+ belongs to shop-green$/)
    expect(seen.warnings[0]).toContain('what users saw was not measured')
  },
)

it('a production name that leads nowhere that can be compared is proven by Beanstalk’s own answer', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').endpoint = undefined

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'promoted', warnings: [] })
  expect(seen.proof).toMatch(/^Beanstalk's own answer/)
  expect(seen.log).toContain(
    'production: http://shop.us-east-1.elasticbeanstalk.com/health answers from here; where its name leads cannot be compared from here',
  )
})

it('a new live without an endpoint is proven by Beanstalk’s own answer', async () => {
  const world = standingPair()
  world.aws.member('shop-green').endpoint = undefined

  expect((await world.run('deploy')).proof).toMatch(/^Beanstalk's own answer/)
})

it('a deployment that first took back what a dead run had left proves its own end', async () => {
  const world = standingPair()
  const dead = world.start('deploy')
  await untilStage(world, dead, 'Bake')
  dead.kill()
  world.aws.member('shop-green').health = 'Severe'
  await world.clock.runUntil(world.clock.now() + 400_000)
  const next = world.start('deploy', { probe: 'off' })
  await untilStage(world, next, 'Prepare candidate')
  world.aws.member('shop-green').health = 'Ok'

  const seen = await world.clock.run(next.ended)

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green' }, wayBackTook: undefined })
  expect(seen.proof).toContain('belongs to shop-green')
})

it.each([
  ['five minutes', 300_000, 15_000],
  ['one minute', 60_000, 5_000],
  ['a day', 86_400_000, 15_000],
])('in a bake of %s nothing goes unseen for long', async (_, bakeTime, every) => {
  const world = standingPair()
  const running = world.start('deploy', { bakeTime, probe: 'off' })
  await untilStage(world, running, 'Bake')
  const from = world.wire.calls.length
  await world.clock.runUntil(world.clock.now() + 60_000)

  const looks = world.wire.calls.slice(from).filter(({ name }) => name === 'readRoute')
  for (const [index, { at }] of looks.slice(1).entries())
    expect(at - Number(looks[index]?.at)).toBeLessThanOrEqual(every + 100)
  expect(looks.length).toBeGreaterThanOrEqual(Math.floor(60_000 / (every + 100)))
})

it('a runner that loses sight of both sides after the switch is no reason to go back, and says so', async () => {
  const { seen } = await baking((world) => Object.assign(world, { canSee: () => false }))

  expect(seen.is).toBe('promoted')
  expect(seen.warnings[0]).toMatch(/^Production answered from here after the switch, and does not any more/)
})

it('a runner that never saw production answer after the switch cannot promote', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Shift traffic')
  world.canSee = () => false

  expect((await world.clock.run(running.ended)).is).toBe('rolled-back')
})

const own = 'shop.example.com'
const productionUrl = `https://${own}/health`

it('a name of one’s own that stays at the old load balancer, long after the swap, is told', async () => {
  const world = standingPair()
  const { resolve } = world.aws
  world.aws.resolve = (host) => resolve(host === own ? 'lb-shop-blue.elb.amazonaws.com' : host)

  const seen = await world.run('deploy', { productionUrl })

  expect(seen).toMatchObject({ is: 'rolled-back', live: { name: 'shop-blue' } })
  expect(seen.says).toContain(`${own} still leads to shop-blue: it points straight at its load balancer`)
  expect(seen.remedies[0]?.command).toBe(`dig +noall +answer ${own}`)
})

it.each([own, 'shop.us-east-1.elasticbeanstalk.com'])(
  'where %s leads to somebody else, that is what is told',
  async (host) => {
    const world = standingPair()
    world.aws.aliases.set(own, 'shop.us-east-1.elasticbeanstalk.com')
    const running = world.start('deploy', { productionUrl: `https://${host}/health` })
    await untilStage(world, running, 'Bake')
    const { resolve } = world.aws
    const somebody = world.aws.add({ name: 'somebody-else' })
    world.aws.resolve = (asked) => (asked === host ? somebody : resolve(asked))

    const seen = await world.clock.run(running.ended)

    expect(seen.is).toBe('rolled-back')
    expect(seen.says).toContain(
      `shop-green failed under real traffic: answers from the new environment: ${host} resolves to 10.0.0.3`,
    )
  },
)

it('an old side that is silent at its plain address tells under production’s name whether the observer is at fault', async () => {
  const world = standingPair()
  world.aws.aliases.set(own, 'shop.us-east-1.elasticbeanstalk.com')
  const isLive = { is: 'answer', status: 200, took: 5 } as const
  for (const member of world.aws.members)
    Object.assign(member, { answers: () => undefined, underName: { [own]: isLive } })
  const running = world.start('deploy', { productionUrl, bakeTime: 1_800_000 })
  await untilStage(world, running, 'Bake')
  await world.clock.runUntil(world.clock.now() + 60_000)
  const began = world.clock.now()
  const silent = { is: 'no answer', why: 'timed out after 10 s' } as const
  Object.assign(world.aws.member('shop-green'), { underName: { [own]: silent } })

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('rolled-back')
  expect(seen.says).toContain(`production address: production (${productionUrl}): timed out after 10 s`)
  expect(world.clock.now() - began).toBeLessThan(10 * 60_000)
})
