import { describe, expect, it } from 'vitest'
import { balancedWorld } from './balanced-world.ts'

/** The load balancer does not check what has no weight; green was made known a moment ago. */
async function unchecked() {
  const world = await balancedWorld({ switches: { weightZero: 'unused' } })
  const { router, blue, green } = world
  await world.run(router.attach({ live: blue.id, candidate: green.id }))
  return { ...world, read: () => world.run(router.read()) }
}

it('waits for checks that may still come', async () => {
  const world = await unchecked()
  const { notReady, notes } = await world.read()
  expect(notReady?.[world.green.id]).toContain('is unused: Target.NotInUse')
  expect(notes).toEqual([])
})

it('goes by the environment’s own health when none comes, and says so', async () => {
  const world = await unchecked()
  await world.seconds(95)
  const { notReady, notes } = await world.read()
  expect(notReady).toEqual({})
  expect(notes?.join()).toContain('does not check the targets of shop-green')
})

it('goes by nothing when the environment is not well either', async () => {
  const world = await unchecked()
  world.aws.cloud.faults.order({ fault: 'never-healthy', environment: 'shop-green' })
  await world.seconds(200)
  const { notReady } = await world.read()
  expect(notReady?.[world.green.id]).toContain('is unused')
})

it('knows nothing of how old it is what another run made known', async () => {
  const world = await unchecked()
  await world.seconds(200)
  const { notReady } = await world.run(world.routerFor().read())
  expect(notReady?.[world.green.id]).toContain('is unused')
})

describe('of both environments it is told once', () => {
  it('nothing, while what gets traffic is healthy and the other one’s targets are not checked', async () => {
    const world = await unchecked()
    expect((await world.read()).obstacles).toEqual([])
    expect(await world.read()).not.toHaveProperty('obstacles')
  })

  it('that no target is registered', async () => {
    const world = await balancedWorld()
    const fresh = await world.targetGroup('fresh')
    const router = world.routerFor({ targetGroups: { 'shop-blue': world.blue.group, 'shop-green': fresh } })
    const { obstacles } = await world.run(router.read())
    expect(obstacles?.[0]?.what).toContain('shop-green not well: no target is registered in its target group')
    expect(obstacles?.[0]?.mend.command).toContain(fresh)
  })
})
