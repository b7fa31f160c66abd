import { expect, it } from 'vitest'
import { standingPair, untilStage } from './world.ts'

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
