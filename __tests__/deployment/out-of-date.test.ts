import { expect, it } from 'vitest'
import { promotedPair, publish, standingPair, until } from './world.ts'

it('a version that a human went back from is not deployed again by an old job', async () => {
  const world = await promotedPair()
  await world.run('rollback')
  const from = world.wire.calls.length

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { version: '1.0.0' } })
  expect(seen.says).toBe(
    'Production was rolled back from 1.1.0 to 1.0.0: it is not deployed again by an old job.',
  )
  expect(seen.remedies.map(({ why }) => why).join()).toContain('allow-older: true')
  expect(world.changes(from)).toEqual([])
})

it('it is deployed again by choice, and is a version like any other from then on', async () => {
  const world = await promotedPair()
  await world.run('rollback')
  expect(await world.run('deploy', { allowOlder: true })).toMatchObject({ is: 'promoted' })
  publish(world, '1.2.0', world.clock.now())
  expect(await world.run('deploy', { version: '1.2.0' })).toMatchObject({ is: 'promoted' })

  expect((await world.run('deploy')).says).toContain('is older than 1.2.0')
})

it('a new label is deployed after a rollback', async () => {
  const world = await promotedPair()
  await world.run('rollback')
  publish(world, '1.1.1', world.clock.now())

  expect(await world.run('deploy', { version: '1.1.1' })).toMatchObject({ is: 'promoted' })
})

it('a version that a human took back while it baked is not deployed again either', async () => {
  const world = standingPair()
  world.start('deploy', { bakeTime: 3_600_000 })
  await until(world, () => world.object.state.holder?.baking === true)
  expect(await world.run('rollback')).toMatchObject({ is: 'restored' })

  expect((await world.run('deploy')).says).toContain('Production was rolled back from 1.1.0')
})

it('a version that came back by itself may be tried again', async () => {
  const world = standingPair()
  let isBad = true
  world.aws.behaviours.set('1.1.0', { status: () => (isBad && world.live() === 'shop-green' ? 500 : 200) })
  expect(await world.run('deploy')).toMatchObject({ is: 'rolled-back' })
  isBad = false

  expect(await world.run('deploy')).toMatchObject({ is: 'promoted' })
})
