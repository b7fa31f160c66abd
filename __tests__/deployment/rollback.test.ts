import { expect, it } from 'vitest'
import { type Member, promotedPair, publish, standingPair, type World } from './world.ts'

const swaps = (world: World) => world.changes().filter((name) => name === 'swap').length

it('a rollback is one swap to what was live before, with no bake', async () => {
  const world = await promotedPair()
  const from = world.wire.calls.length

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({
    is: 'restored',
    says: '1.0.0 is live again, on shop-blue.',
    live: { name: 'shop-blue', version: '1.0.0' },
    standby: { name: 'shop-green', version: '1.1.0' },
  })
  expect(world.changes(from)).toEqual(['swap', 'resize'])
  expect(world.object.state.promotions).toMatchObject([
    { by: 'rollback', environment: 'e-blue', before: { environment: 'e-green', version: '1.1.0' } },
    { by: 'deploy', environment: 'e-green', before: { environment: 'e-blue', version: '1.0.0' } },
  ])
  expect(seen.proof).toContain('belongs to shop-blue')
})

it('pressed twice it changes nothing the second time', async () => {
  const world = await promotedPair()
  await world.run('rollback')
  await world.clock.runUntil(world.clock.now() + 300_000)

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({
    is: 'already-live',
    says: 'Production went back to 1.0.0 on shop-blue already. Nothing was changed.',
  })
  expect(swaps(world)).toBe(2)
})

it('a human who has swapped back in the console is not swapped against', async () => {
  const world = await promotedPair()
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'already-live' })
  expect(seen.says).toContain('1.0.0 is live on shop-blue already: somebody moved production back.')
  expect(swaps(world)).toBe(1)
})

it('with nothing remembered there is nothing to go back to', async () => {
  const seen = await standingPair().run('rollback')
  expect(seen).toMatchObject({
    is: 'failed',
    says: 'Nothing is remembered that production could go back to.',
  })
  expect(seen.remedies[0]?.why).toContain('allow-older: true')
})

it('a live that somebody changed since the last promotion makes the way back unclear', async () => {
  const world = await promotedPair()
  world.aws.member('shop-green').version = '1.1.1'

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain(
    'The last promotion put 1.1.0 on e-green, but shop-green (e-green, 1.1.1) is live',
  )
  expect(swaps(world)).toBe(1)
})

it('production that a human put on the other side with another version makes the way back unclear', async () => {
  const world = await promotedPair()
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]
  blue.version = '1.0.1'

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('where to go back to is not clear')
})

it('a way back whose environment was ended is said to be gone, with how to deploy it again', async () => {
  const world = await promotedPair({ standby: 'terminate' })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('The environment that ran 1.0.0 before does not exist any more')
  expect(seen.remedies[0]?.why).toContain('`version: 1.0.0`')
})

it('a way back whose environment was replaced by a namesake is gone', async () => {
  const world = await promotedPair({ standby: 'terminate' })
  world.aws.add({ name: 'shop-blue', id: 'e-namesake' })

  expect((await world.run('rollback')).says).toContain('does not exist any more')
})

it.each<[string, Partial<Member>]>([
  ['another version', { version: '1.2.0', labels: { 'i-1': '1.2.0' } }],
  ['nothing', { version: undefined }],
])(
  'a standby that runs %s by now gets the version first, and is proven like any candidate',
  async (_, given) => {
    const world = await promotedPair()
    Object.assign(world.aws.member('shop-blue'), given)
    const from = world.wire.calls.length

    const seen = await world.run('rollback')

    expect(seen).toMatchObject({
      is: 'restored',
      live: { name: 'shop-blue', version: '1.0.0' },
      testsPassed: true,
    })
    expect(seen.log.join()).toContain(
      `shop-blue runs ${given.version ?? 'nothing'} by now: 1.0.0 is deployed there first`,
    )
    expect(world.changes(from)).toContain('deploy')
  },
)

it('a standby whose last deployment failed is no way back where nobody can tell what its instances run', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').labels = undefined
  world.aws.member('shop-green').labels = undefined
  publish(world, '1.2.0', world.clock.now())
  world.aws.behaviours.set('1.2.0', { deploying: 'is taken back' })
  await world.run('deploy', { version: '1.2.0' })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green', version: '1.1.0' } })
  expect(seen.says).toContain(
    'the last operation on shop-blue (e-blue, 1.0.0) failed, and with basic health reporting nobody can tell',
  )
})

it('a standby with basic health reporting is a way back when nothing failed there', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').labels = undefined

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
})

it.each<[string, Partial<Member>, string]>([
  ['is busy', { status: 'Updating' }, ''],
  ['is sick itself', { health: 'Severe' }, 'is Severe itself'],
  ['has an instance with another version', { labels: { 'i-1': '0.9.0' } }, 'has instances that run 0.9.0'],
  ['answers with errors', { answers: () => 500 }, 'answers /health with status 500 itself'],
])('a standby that %s is no way back: production stays', async (_, given, says) => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), given)

  const seen = await world.run('rollback', { waitForReady: 60_000 })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green', version: '1.1.0' } })
  expect(seen.says).toContain(says)
  expect(swaps(world)).toBe(1)
})

it('a standby without an instance in service is no way back', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue').group as object, { inService: 0 })

  expect((await world.run('rollback')).says).toContain('has no instance in service')
})

it('a standby that is sick, but less so than what is live, is a way back', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').health = 'Degraded'
  world.aws.member('shop-green').health = 'Severe'

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
})

it('a standby as sick as what is live is none: moving would help nobody', async () => {
  const world = await promotedPair()
  for (const member of world.aws.members) member.health = 'Severe'

  expect((await world.run('rollback')).says).toContain('is Severe itself')
})

it('a standby whose health nobody knows is a way back', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), { health: 'unknown', labels: undefined })

  expect((await world.run('rollback')).is).toBe('restored')
})

it.each<[string, Partial<Member>, object]>([
  ['refuses the host name of its load balancer', { answers: () => 404 }, {}],
  ['does not answer from here', { answers: () => undefined }, {}],
  ['has no address of its own', { endpoint: undefined }, {}],
  ['must not be probed', { answers: () => 500 }, { probe: 'off' }],
])('a standby that %s is a way back all the same', async (_, given, settings) => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), given)

  expect(await world.run('rollback', settings)).toMatchObject({ is: 'restored' })
})

it('a rollback does not interrupt a deployment that has moved nothing yet: it waits for the lock', async () => {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now())
  world.start('deploy', { version: '1.2.0' })
  await world.clock.runUntil(world.clock.now() + 5_000)

  const seen = await world.run('rollback', { lockWait: 60_000 })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('held by deploy')
})
