import { expect, it } from 'vitest'
import { promotedPair, publish } from './world.ts'

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
