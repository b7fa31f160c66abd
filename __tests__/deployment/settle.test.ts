import { expect, it } from 'vitest'
import { promotedPair, publish, standingPair, until, untilStage } from './world.ts'

it('the post step ends the environment that a cancelled deployment had created', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Verify candidate')
  running.cancel()
  await world.clock.run(running.ended)

  const seen = await world.run('post', { onFailure: 'terminate' })

  expect(seen.is).toBe('recovered')
  expect(world.aws.member('shop-green').status).toBe('Terminating')
  expect(world.object.state.pending).toEqual([])
})

it('a rollback that died after its swap is remembered, so that nobody deploys to what users still reach', async () => {
  const world = await promotedPair()
  const running = world.start('rollback')
  await until(world, () => world.live() === 'shop-blue')
  const swappedAt = world.clock.now()
  running.kill()
  await world.run('post')
  expect(world.object.state.promotions[0]).toMatchObject({ by: 'rollback', environment: 'e-blue' })
  publish(world, '1.2.0', swappedAt)
  await world.clock.runUntil(swappedAt + 50_000)

  await world.run('deploy', { version: '1.2.0' })

  const deployed = world.wire.calls.find(({ name, args }) => name === 'deploy' && args[1] === '1.2.0')
  expect(deployed?.at).toBeGreaterThan(swappedAt + 70_000)
})

it('an environment that had traffic is not ended before users’ DNS answers have expired', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Bake')
  await world.clock.runUntil(world.clock.now() + 100_000)
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('rolled-back')
  const [swapped, terminated] = ['swap', 'terminate'].map((wanted) =>
    world.wire.calls.findLast(({ name }) => name === wanted),
  )
  expect(terminated?.at).toBeGreaterThan(Number(swapped?.at) + 75_000)
})

it('an environment of ours that still serves requests is not ended, but named', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Bake')
  Object.assign(world.aws.member('shop-green'), { health: 'Severe', rate: 40 })

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('rolled-back')
  expect(world.changes()).not.toContain('terminate')
  expect(seen.warnings.join()).toContain('shop-green')
})

it('what was moved for an earlier run does not make this run’s own lost request conclusive', async () => {
  const world = standingPair()
  const dead = world.start('deploy')
  await untilStage(world, dead, 'Bake')
  dead.kill()
  world.aws.member('shop-green').health = 'Severe'
  await world.clock.runUntil(world.clock.now() + 400_000)
  const next = world.start('deploy')
  await untilStage(world, next, 'Prepare candidate')
  world.aws.member('shop-green').health = 'Ok'
  await untilStage(world, next, 'Shift traffic')
  world.wire.fail('swap', 'arrives late')
  world.wire.upon('swap', () => world.wire.fail('readRoute', 'refused'))

  const seen = await world.clock.run(next.ended)
  await world.clock.runUntil(world.clock.now() + 300_000)

  expect(seen).toMatchObject({ is: 'rolled-back', live: { name: 'shop-blue' } })
  expect(world.live()).toBe('shop-blue')
})
