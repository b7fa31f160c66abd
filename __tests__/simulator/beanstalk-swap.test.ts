import { expect, test } from 'vitest'
import type { Switches } from '../../simulator/switches.ts'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

async function pair(switches: Partial<Switches> = {}) {
  const world = beanstalkWorld({ switches })
  const blue = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    cnamePrefix: 'shop',
  })
  const green = await world.given.environment({ application: 'shop', name: 'shop-green', version: 'v2' })
  const swap = (more: object = {}) =>
    world.eb.swapEnvironmentCNAMEs({
      SourceEnvironmentId: blue.id,
      DestinationEnvironmentId: green.id,
      ...more,
    })
  return { ...world, blue, green, swap }
}

test('a swap exchanges the CNAMEs and nothing else', async () => {
  const world = await pair()
  const before = [world.environment('shop-blue'), world.environment('shop-green')] as const
  await world.run(world.swap())
  expect(world.environment('shop-blue').status).toBe('Updating')
  await world.seconds(7)
  expect(world.environment('shop-blue')).toEqual({ ...before[0], cname: before[1].cname })
  expect(world.environment('shop-green')).toEqual({ ...before[1], cname: before[0].cname })
})

test('a swap takes four to six seconds', async () => {
  const world = await pair()
  await world.run(world.swap())
  await world.seconds(4)
  expect(world.environment('shop-green').status).toBe('Updating')
  await world.seconds(2)
  expect(world.environment('shop-green').status).toBe('Ready')
})

test('both streams tell of the swap, each of its own environment’s new name', async () => {
  const world = await pair()
  await world.run(world.swap())
  await world.seconds(7)
  for (const [own, other] of [
    [world.blue, world.green],
    [world.green, world.blue],
  ] as const) {
    const name = own === world.blue ? 'shop-blue' : 'shop-green'
    expect(await world.messages(name)).toEqual([
      'swapEnvironmentCNAMEs is starting.',
      "Swapping CNAMEs for environments 'shop-blue' and 'shop-green'.",
      `'${other.cname}' now points to '${own.endpoint}'.`,
      "Completed swapping CNAMEs for environments 'shop-blue' and 'shop-green'.",
    ])
  }
})

test('a second swap swaps back', async () => {
  const world = await pair()
  await world.run(world.swap())
  await world.seconds(7)
  await world.run(world.swap())
  await world.seconds(7)
  expect(world.environment('shop-blue').cname).toBe(world.blue.cname)
})

test('a second swap while the first is under way is refused, whatever the status shows', async () => {
  for (const statusWhileSwapping of ['Updating', 'Ready'] as const) {
    const world = await pair({ statusWhileSwapping })
    await world.run(world.swap())
    expect(world.environment('shop-blue').status).toBe(statusWhileSwapping)
    expect(await world.run(refusal(world.swap()))).toMatch(/Must be Ready\.$/)
  }
})

test('the production name answers at every instant of a swap, first from one environment, then from the other', async () => {
  for (const namesOfLoadBalanced of ['cname', 'address'] as const) {
    const world = await pair({ namesOfLoadBalanced })
    await world.run(world.swap())
    const seen: unknown[] = []
    for (let step = 0; step < 80; step++) {
      await world.seconds(0.1)
      seen.push((await world.get(world.blue.cname))?.headers['x-version'])
    }
    expect([...new Set(seen)]).toEqual(['v1', 'v2'])
  }
})

test('a read during a swap may show old, mixed or new names', async () => {
  const world = await pair()
  const { eb, run, blue, green } = world
  await run(world.swap())
  const seen = new Set<string>()
  while (world.environment('shop-blue').status === 'Updating') {
    await world.seconds(0.1)
    const { Environments = [] } = await run(eb.describeEnvironments({ EnvironmentIds: [blue.id, green.id] }))
    seen.add(Environments.map(({ CNAME }) => (CNAME === blue.cname ? 'production' : 'other')).join(' '))
  }
  expect(seen.size).toBe(3)
  expect([...seen].at(0)).toBe('production other')
  expect([...seen].at(-1)).toBe('other production')
})

test('a swap is refused for what has no CNAME, for itself, for another application and for the dead', async () => {
  const world = await pair()
  const { run, swap, given } = world
  const worker = await given.environment({ application: 'shop', name: 'shop-worker', tier: 'worker' })
  const shoe = await given.environment({ application: 'shoe', name: 'shoe-blue' })
  const said = (DestinationEnvironmentId: string) => run(refusal(swap({ DestinationEnvironmentId })))
  expect(await said(worker.id)).toBe('InvalidParameterValue: Environment does not support a cname')
  expect(await said(world.blue.id)).toMatch(/must be different/)
  expect(await said(shoe.id)).toMatch(/same application/)
  await run(world.eb.terminateEnvironment({ EnvironmentId: world.green.id }))
  await world.until('shop-green', 'Terminated')
  expect(await said(world.green.id)).toBe(
    `InvalidParameterValue: No Environment found for EnvironmentId = '${world.green.id}'.`,
  )
})

test('ids and names cannot be mixed', async () => {
  const world = await pair()
  const mixed = world.eb.swapEnvironmentCNAMEs({
    SourceEnvironmentId: world.blue.id,
    DestinationEnvironmentName: 'shop-green',
  })
  expect(await world.run(refusal(mixed))).toMatch(
    /^InvalidParameterCombination: You must specify the SourceEnvironmentId/,
  )
})

test('a Red environment is swapped, or refused where the switch says so', async () => {
  for (const [swapWhenRed, answer] of [
    ['allowed', /^accepted$/],
    ['refused', /Must not be Red/],
  ] as const) {
    const world = await pair({ swapWhenRed })
    world.simulator.cloud.faults.order({ fault: 'never-healthy', environment: 'shop-green' })
    await world.seconds(11)
    expect(await world.run(refusal(world.swap()))).toMatch(answer)
  }
})

test('somebody else can swap in the console', async () => {
  const world = await pair()
  world.byHand.swap(world.blue.id, world.green.id)
  await world.seconds(7)
  expect(world.environment('shop-green').cname).toBe(world.blue.cname)
})
