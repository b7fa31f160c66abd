import { expect, it } from 'vitest'
import { type Member, promotedPair, publish, standingPair, untilStage, type World } from './world.ts'

const swapByHand = ({ aws }: World) => {
  const [blue, green] = aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]
}

const later = ({ clock }: World, ms: number) => clock.runUntil(clock.now() + ms)

const swaps = (world: World, from: number) => world.changes(from).filter((name) => name === 'swap')

/** 1.0.0 was live, 1.1.0 is the way back, and 1.2.0 has baked for a minute when a human swaps back to 1.1.0. */
async function swappedBackInTheBake(meanwhile: 'the run dies' | 'the run goes on') {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now() - 1_000)
  const run = world.start('deploy', { version: '1.2.0' })
  await untilStage(world, run, 'Bake')
  await later(world, 61_000)
  if (meanwhile === 'the run dies') run.kill()
  swapByHand(world)
  return world
}

it('a rollback after a swap back by hand from a bake that died goes nowhere else', async () => {
  const world = await swappedBackInTheBake('the run dies')
  await later(world, 400_000)
  const from = world.wire.calls.length

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({
    is: 'already-live',
    says: expect.stringContaining('Production went back to 1.1.0 on shop-green already.'),
    live: { name: 'shop-green', version: '1.1.0' },
  })
  expect(swaps(world, from)).toEqual([])
})

it('a rollback after a swap back by hand from a bake that has not seen it goes nowhere else', async () => {
  const world = await swappedBackInTheBake('the run goes on')
  const from = world.wire.calls.length

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'already-live', live: { name: 'shop-green', version: '1.1.0' } })
  expect(swaps(world, from)).toEqual([])
})

it('a swap back by hand that a recover finds is remembered, and leaves the version free to come again', async () => {
  const world = await swappedBackInTheBake('the run dies')
  await later(world, 400_000)

  await world.run('recover')

  const [last] = world.object.state.promotions
  expect(last).toMatchObject({
    by: 'rollback',
    environment: 'e-green',
    version: '1.1.0',
    before: { environment: 'e-blue', version: '1.2.0' },
  })
  expect(last).not.toHaveProperty('left')
})

it('a swap that never happened is not remembered as one that came back', async () => {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now() - 1_000)
  const run = world.start('deploy', { version: '1.2.0' })
  world.wire.upon('swap', () => run.kill())
  world.wire.fail('swap', 'refused')
  await untilStage(world, run, 'Shift traffic')
  await later(world, 400_000)

  await world.run('recover')

  expect(world.object.state.promotions[0]).toMatchObject({ by: 'deploy', version: '1.1.0' })
})
