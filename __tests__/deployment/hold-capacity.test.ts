import { expect, it } from 'vitest'
import { type Member, promotedPair, publish, standingPair, untilStage } from './world.ts'

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

it('a resize whose answer is lost is sent again while the lock is held: twice is as good as once', async () => {
  const world = standingPair()
  world.wire.fail('resize', 'never arrives', 2)

  const seen = await world.run('deploy')

  expect(seen.is).toBe('promoted')
  expect(world.aws.member('shop-green').group).toMatchObject({ min: 1, max: 4, inService: 2 })
})

it('a resize of which nobody ever hears fails the deployment before anything is moved', async () => {
  const world = standingPair()
  world.wire.fail('resize', 'never arrives', 3)

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' }, bug: undefined })
  expect(seen.says).toContain('Nobody knows whether Auto Scaling group asg-shop-green-2 was resized.')
  expect(world.changes()).not.toContain('swap')
})

it('a new live that carries more than its own maximum keeps what it has, hold upon hold, until it is retired', async () => {
  const world = standingPair()
  const blue = world.aws.member('shop-blue').group as object
  const green = world.aws.member('shop-green').group as object
  Object.assign(blue, { max: 9, desired: 5, inService: 5 })
  world.tests = async () => {
    Object.assign(blue, { desired: 6, inService: 6 })
    return { is: 'passed', says: 'exit code 0' }
  }

  expect((await world.run('deploy')).is).toBe('promoted')
  expect(green).toMatchObject({ min: 6, max: 6, inService: 6 })
  await world.clock.runUntil(world.clock.now() + 300_000)
  expect((await world.run('rollback')).is).toBe('restored')
  await world.clock.runUntil(world.clock.now() + 300_000)
  publish(world, '1.2.0', world.clock.now())
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })
  expect((await world.run('deploy', { version: '1.2.0' })).is).toBe('failed')

  expect(green).toMatchObject({ min: 1, max: 4 })
})

it('a failed deployment gives back only what was held for its own candidate', async () => {
  const world = await promotedPair()
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]
  publish(world, '1.2.0', world.clock.now())
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })

  expect((await world.run('deploy', { version: '1.2.0' })).is).toBe('failed')

  expect(blue.group).toMatchObject({ min: 2, max: 4 })
  expect(green.group).toMatchObject({ min: 1, max: 4 })
  expect(world.object.state.kept).toMatchObject([{ environment: 'e-blue' }])
})

it('a hold never shrinks: a candidate with more instances than live keeps them', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-green').group as object, { desired: 4, inService: 4 })
  const running = world.start('deploy')
  await untilStage(world, running, 'Verify candidate')

  expect(world.aws.member('shop-green').group).toMatchObject({ min: 2, desired: 4, inService: 4 })
})
