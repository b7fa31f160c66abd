import { describe, expect, it } from 'vitest'
import { answerControl } from '../../simulator/control.ts'
import type { EnvironmentFault } from '../../simulator/faults.ts'
import { beanstalkWorld } from './beanstalk-world.ts'

async function pair() {
  const world = beanstalkWorld()
  const given = { application: 'shop', version: 'v1' }
  const blue = await world.given.environment({ ...given, name: 'shop-blue', cnamePrefix: 'shop', minSize: 2 })
  const green = await world.given.environment({ ...given, name: 'shop-green', version: 'v2' })
  const { eb, run, simulator } = world
  return {
    ...world,
    blue,
    green,
    fault: (fault: EnvironmentFault, environment: string) =>
      simulator.cloud.faults.order({ fault, environment }),
    swap: () =>
      run(
        eb.swapEnvironmentCNAMEs({
          SourceEnvironmentId: blue.id,
          DestinationEnvironmentId: green.id,
        }),
      ),
    order: (order: unknown) => {
      const body = new TextEncoder().encode(JSON.stringify(order))
      const answer = answerControl(simulator, {
        method: 'POST',
        path: '/_simulator/by-hand',
        headers: {},
        body,
      })
      return { status: answer.status, body: JSON.parse(new TextDecoder().decode(answer.body)) }
    },
    cnames: () => ['shop-blue', 'shop-green'].map((name) => world.environment(name).cname),
  }
}

describe('ordered for the time after a swap', () => {
  it('an application crashes on every instance, and its environment gets Severe', async () => {
    const world = await pair()
    world.fault('app-crashes-after-swap', 'shop-green')
    await world.seconds(60)
    expect((await world.get(world.green.cname))?.status).toBe(200)
    await world.swap()
    await world.seconds(10)
    expect((await world.get('shop.us-east-1.elasticbeanstalk.com'))?.status).toBe(502)
    expect(world.environment('shop-blue').health).toBe('Green')
    await world.seconds(90)
    expect(world.environment('shop-green').healthStatus).toBe('Severe')
  })

  it('somebody swaps back half a minute later, once', async () => {
    const world = await pair()
    const before = world.cnames()
    world.fault('human-swaps-back', 'shop-green')
    await world.swap()
    await world.seconds(10)
    expect(world.cnames()).toEqual([...before].reverse())
    await world.seconds(40)
    expect(world.cnames()).toEqual(before)
    await world.seconds(120)
    expect(world.cnames()).toEqual(before)
  })

  it('somebody who cannot swap back does not', async () => {
    const world = await pair()
    const before = world.cnames()
    world.fault('human-swaps-back', 'shop-green')
    await world.swap()
    await world.seconds(10)
    await world.run(world.eb.updateEnvironment({ EnvironmentId: world.blue.id, VersionLabel: 'v2' }))
    await world.seconds(60)
    expect(world.cnames()).toEqual([...before].reverse())
  })

  it('a managed update is in the way', async () => {
    const world = await pair()
    world.fault('managed-update', 'shop-blue')
    await world.swap()
    await world.seconds(8)
    expect(world.environment('shop-blue').status).toBe('Updating')
    expect(world.environment('shop-green').status).toBe('Ready')
    const took = await world.until('shop-blue', 'Ready')
    expect(took).toBeGreaterThan(500)
  })
})

it('a managed update begins as soon as a deployment is over', async () => {
  const world = await pair()
  world.fault('managed-update', 'shop-green')
  await world.run(world.eb.updateEnvironment({ EnvironmentId: world.green.id, VersionLabel: 'v1' }))
  await world.seconds(95)
  expect(world.environment('shop-green')).toMatchObject({ status: 'Updating', version: 'v1' })
  expect(await world.messages('shop-green')).toContain('Managed platform update is in progress.')
})

describe('ordered from outside', () => {
  it('a human swaps, ends, aborts and sets groups, and applications crash', async () => {
    const world = await pair()
    const before = world.cnames()
    const swap = { do: 'swap', environments: ['shop-blue', world.green.id] }
    expect(world.order(swap)).toEqual({ status: 201, body: swap })
    await world.seconds(10)
    expect(world.cnames()).toEqual([...before].reverse())
    expect(world.order({ do: 'set-group', environment: 'shop-blue', min: 1, desired: 1 }).status).toBe(201)
    expect(world.environment('shop-blue').group).toMatchObject({ min: 1, max: 4, desired: 1 })
    expect(world.order({ do: 'crash', environment: 'shop-blue' }).status).toBe(201)
    await world.seconds(1)
    expect((await world.get(world.environment('shop-blue').cname ?? ''))?.status).toBe(502)
    await world.run(world.eb.updateEnvironment({ EnvironmentId: world.green.id, VersionLabel: 'v1' }))
    expect(world.order({ do: 'abort', environment: 'shop-green' }).status).toBe(201)
    await world.until('shop-green', 'Ready')
    expect(world.environment('shop-green').version).toBe('v2')
    expect(world.order({ do: 'managed-update', environment: 'shop-blue' }).status).toBe(201)
    expect(world.order({ do: 'terminate', environment: 'shop-green' }).status).toBe(201)
    expect([world.environment('shop-blue').status, world.environment('shop-green').status]).toEqual([
      'Updating',
      'Terminating',
    ])
  })

  it.each([
    [{}, /`do` must be/],
    [{ do: 'swap', environments: ['shop-blue'] }, /names or ids of two/],
    [{ do: 'abort', environment: 'nobody' }, /abort needs `environment`/],
    [{ do: 'set-group', environment: 7 }, /set-group needs `environment`/],
    [{ do: 'abort', environment: 'shop-blue' }, /Must be pending deployment/],
  ])('what cannot be done is a sentence: %j', async (order, why) => {
    const world = await pair()
    const { status, body } = world.order(order)
    expect(status).toBe(400)
    expect(body.message).toMatch(why)
  })
})
