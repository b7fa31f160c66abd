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

/** 1.1.0 got sick in its bake and production came back by itself; well again, a human swaps it to 1.1.0 by hand. */
async function swappedForwardAfterABake() {
  const world = standingPair()
  const run = world.start('deploy')
  await untilStage(world, run, 'Bake')
  await later(world, 20_000)
  world.aws.member('shop-green').health = 'Severe'
  expect(await world.clock.run(run.ended)).toMatchObject({ is: 'rolled-back' })
  world.aws.member('shop-green').health = 'Ok'
  await later(world, 600_000)
  swapByHand(world)
  return world
}

it('a rollback after somebody went forward again by hand goes to where production had come back', async () => {
  const world = await swappedForwardAfterABake()

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({
    is: 'restored',
    says: '1.0.0 is live again, on shop-blue.',
    live: { name: 'shop-blue', version: '1.0.0' },
    testsPassed: undefined,
  })
})

it('status says of that what the rollback would do', async () => {
  const world = await swappedForwardAfterABake()

  const { pair } = await world.run('status')

  expect(pair?.wayBack).toMatchObject({ is: 'open' })
  expect(pair?.wayBack.says).toContain('would move production to shop-blue')
})

it('a rollback after that is judged like any other', async () => {
  const world = await swappedForwardAfterABake()
  world.aws.member('shop-blue').health = 'Severe'

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green', version: '1.1.0' } })
  expect(seen.says).toContain('The way back is not fit: shop-blue (e-blue, 1.0.0) is Severe itself.')
})

it('a verification that keeps the way back keeps that one too', async () => {
  const world = await swappedForwardAfterABake()
  publish(world, '1.2.0', world.clock.now() - 1_000)

  const seen = await world.run('verify', { version: '1.2.0', wayBack: 'keep' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('shop-blue is the way back to 1.0.0, and 1.2.0 would overwrite it')
})

it('a rollback that would have to go back to no version is refused', async () => {
  const world = await swappedForwardAfterABake()
  Object.assign(world.object.state.promotions[0] as object, { version: undefined })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toBe('Nothing is remembered that production could go back to.')
})

it('a rollback to what production left by hand in the bake does not say that it is live', async () => {
  const world = standingPair()
  const run = world.start('deploy')
  await untilStage(world, run, 'Bake')
  await later(world, 61_000)
  swapByHand(world)

  const seen = await world.run('rollback', { to: '1.1.0' })

  expect(seen.says).not.toContain('1.1.0 is live on shop-green already')
  expect(seen.log).toContain('▸ Settle what an earlier run left')
  expect(await world.clock.run(run.ended)).toMatchObject({ says: expect.stringContaining('took') })
})
