import { expect, it } from 'vitest'
import { promotedPair, publish, standingPair } from './world.ts'

it('bounds that somebody changed while a hold was kept are the ones that are given back', async () => {
  const world = await promotedPair()
  const group = world.aws.member('shop-blue').group as object
  expect(group).toMatchObject({ min: 2, max: 4 })
  Object.assign(group, { min: 1, max: 8 })
  publish(world, '1.2.0', world.clock.now())

  const seen = await world.run('deploy', { version: '1.2.0' })

  expect(seen.is).toBe('promoted')
  expect(group).toMatchObject({ min: 1, max: 8 })
})

it('a run that dies between writing a second hold down and asking for it leaves no bound of ours behind', async () => {
  const world = standingPair()
  const group = world.aws.member('shop-blue').group as object
  Object.assign(group, { min: 2 })
  await world.run('deploy', { standby: 'scale-down' })
  expect(group).toMatchObject({ min: 1, max: 4, inService: 1 })
  publish(world, '1.2.0', world.clock.now())
  Object.assign(world.aws.member('shop-green').group as object, { min: 3, desired: 3, inService: 3 })
  const running = world.start('deploy', { version: '1.2.0' })
  world.wire.watch((moment, { name }) => {
    const [newest] = world.object.state.pending
    const isHoldWritten = newest?.what === 'hold-capacity' && newest.after.min === 3
    if (moment === 'answered' && name === 'write' && isHoldWritten) running.kill()
  })
  await expect(world.clock.run(running.ended)).rejects.toThrow('killed')

  const seen = await world.run('recover')

  expect(seen.is).toBe('recovered')
  expect(world.object.state).toMatchObject({ pending: [], kept: [] })
  expect(group).toMatchObject({ min: 2, max: 4 })
})

it('a rollback that fails before it moves anything leaves the way back as large as it was', async () => {
  const world = await promotedPair()
  const group = world.aws.member('shop-blue').group as object
  expect(group).toMatchObject({ min: 2, max: 4 })
  Object.assign(world.aws.member('shop-green').group as object, { min: 3, desired: 3, inService: 3 })
  Object.assign(group, { launchTakes: 3_600_000 })

  const seen = await world.run('rollback', { timeout: 600_000 })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(group).toMatchObject({ min: 2, max: 4 })
  expect(world.object.state.kept).toMatchObject([{ what: 'hold-capacity', environment: 'e-blue' }])
})
