import { expect, it } from 'vitest'
import { standingPair } from './world.ts'

it('a deployment puts the version on the other environment and moves production there', async () => {
  const world = standingPair()

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green', version: '1.1.0' } })
  expect(world.live()).toBe('shop-green')
  expect(world.changes()).toEqual(['deploy', 'resize', 'resize', 'swap', 'resize'])
})
