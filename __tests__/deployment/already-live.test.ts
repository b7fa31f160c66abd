import { expect, it } from 'vitest'
import { publish, standingPair, until } from './world.ts'

it('the version that is live already changes nothing', async () => {
  const world = standingPair()

  const seen = await world.run('deploy', { version: '1.0.0' })

  expect(seen).toMatchObject({
    is: 'already-live',
    says: '1.0.0 is live already, on shop-blue. Nothing was changed.',
  })
  expect(world.changes()).toEqual([])
})

it('it is not live while one of its instances runs something else', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').labels = { 'i-1': '1.0.0', 'i-2': '0.9.0' }

  const seen = await world.run('deploy', { version: '1.0.0' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('some of its instances run 0.9.0')
})

it('with basic health nobody can tell what instances run, and the label decides', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').labels = undefined

  expect(await world.run('deploy', { version: '1.0.0' })).toMatchObject({ is: 'already-live' })
})

it('a live version that is sick is no success', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').health = 'Degraded'

  const seen = await world.run('deploy', { version: '1.0.0' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('its health is Degraded')
})

it('the live label with other content is refused: a green step would have deployed nothing', async () => {
  const world = standingPair()
  publish(world, '1.0.0', 0, { digest: 'old.zip' })

  const seen = await world.run('deploy', { version: '1.0.0', package: 'new.zip' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('exists already with other content')
})

it('a version older than the live one is refused: an old job was run again', async () => {
  const world = standingPair()
  publish(world, '0.9.0', 0)

  const seen = await world.run('deploy', { version: '0.9.0' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('0.9.0 is older than 1.0.0')
  expect(world.changes()).toEqual([])
})

it('an older version is deployed by who says so', async () => {
  const world = standingPair()
  publish(world, '0.9.0', 0)

  expect(await world.run('deploy', { version: '0.9.0', allowOlder: true })).toMatchObject({ is: 'promoted' })
})

it.each(['1.0.0', '1.1.0'])(
  'when nobody knows how old %s is, nothing is refused for its age',
  async (label) => {
    const world = standingPair()
    world.aws.versions.delete(label)

    const seen = await world.run('deploy', { package: 'bundle.zip' })

    expect(seen.is).toBe('promoted')
  },
)

it('a live environment without a version is no reason to refuse one', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), { version: undefined, labels: undefined })

  expect((await world.run('deploy')).is).toBe('promoted')
})

it('a deployment that waited through a rollback does not begin', async () => {
  const world = standingPair()
  publish(world, '1.2.0', world.clock.now())
  const baking = world.start('deploy', { bakeTime: 3_600_000 })
  await until(world, () => world.object.state.holder?.baking === true)
  const waiting = world.start('deploy', { version: '1.2.0' })
  await world.clock.runUntil(world.clock.now() + 60_000)

  const back = await world.run('rollback')
  const seen = await world.clock.run(waiting.ended)
  await world.clock.run(baking.ended)

  expect(back.is).toBe('restored')
  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('rolled back while this deployment waited')
  expect(world.live()).toBe('shop-blue')
})
