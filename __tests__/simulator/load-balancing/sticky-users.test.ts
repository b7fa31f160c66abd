import { describe, expect, it } from 'vitest'
import { startUsers } from '../../../simulator/users.ts'
import { balancingWorld, weighted } from './balancing-world.ts'

/** What users see of a shift from blue to green, when the load balancer is sticky for an hour. */
async function shiftSeenBy(keepCookies: boolean) {
  const world = await balancingWorld()
  await world.made('shop-blue', 'v1')
  await world.made('shop-green', 'v2')
  const { listener: ListenerArn, dnsName } = await world.given.loadBalancer('front-end')
  const blue = await world.targetGroup('blue')
  const green = await world.targetGroup('green')
  await world.attach('shop-blue', blue)
  await world.attach('shop-green', green)
  const shift = (toGreen: number) => {
    const DefaultActions = [weighted({ [blue]: 100 - toGreen, [green]: toGreen }, 3_600)]
    return world.run(world.elb.modifyListener({ ListenerArn, DefaultActions }))
  }
  await shift(0)
  await world.seconds(30)
  let seed = 7
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const users = startUsers({
    clock: world.clock,
    names: world.simulator.names,
    send: world.dataPlane.request,
    address: dnsName,
    count: 10,
    everyMs: 1_000,
    random,
    keepCookies,
  })
  await world.seconds(60)
  await shift(100)
  await world.seconds(60)
  const from = world.clock.now()
  await world.seconds(60)
  const { byVersion, failed } = users.report(from)
  await users.stop()
  return { versions: Object.keys(byVersion), failed }
}

describe('users behind a load balancer with sticky target groups', () => {
  it('follow the weights when they keep no cookies', async () => {
    expect(await shiftSeenBy(false)).toEqual({ versions: ['v2'], failed: 0 })
  })

  it('stay on the old side when they keep them', async () => {
    expect(await shiftSeenBy(true)).toEqual({ versions: ['v1'], failed: 0 })
  })
})
