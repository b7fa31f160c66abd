import { expect, it } from 'vitest'
import { promotedPair, standingPair, until } from './world.ts'

it('a rollback right after a move is not held up by DNS answers that are a minute old', async () => {
  const world = standingPair()
  const baking = world.start('deploy', { bakeTime: 3_600_000 })
  await until(world, () => world.object.state.holder?.baking === true)

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue', version: '1.0.0' } })
  expect(seen.undone[0]).toContain('went back to e-blue')
  expect(await world.clock.run(baking.ended)).toMatchObject({ is: 'rolled-back' })
})

it('production that resolves to the other environment, long after any move, is refused', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').endpoint = 'lb.example'
  world.aws.resolve = new Proxy(world.aws.resolve, {
    apply: (resolve, self, [host]) =>
      Reflect.apply(resolve, self, [host.startsWith('shop.') ? 'lb.example' : host]),
  })

  const seen = await world.run('rollback')

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('The witnesses disagree: shop-green has the production CNAME')
  expect(world.live()).toBe('shop-green')
})
