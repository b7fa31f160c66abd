import { expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

async function withBlue() {
  const world = beanstalkWorld()
  const blue = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    cnamePrefix: 'shop',
  })
  const terminate = () => world.eb.terminateEnvironment({ EnvironmentId: blue.id })
  return { ...world, blue, terminate }
}

test('termination takes minutes, ends the instances and takes the name out of DNS', async () => {
  const world = await withBlue()
  const answer = await world.run(world.terminate())
  expect(answer.Status).toBe('Terminating')
  const took = await world.until('shop-blue', 'Terminated')
  expect(took).toBeGreaterThan(240)
  expect(took).toBeLessThan(720)
  expect(world.simulator.names.resolve(world.blue.cname)).toEqual([])
  expect(world.environment('shop-blue')).toMatchObject({ instances: [], group: undefined })
  const { AutoScalingGroups } = await world.run(world.autoScaling.describeAutoScalingGroups({}))
  expect(AutoScalingGroups).toEqual([])
  expect((await world.messages('shop-blue')).at(-1)).toBe('terminateEnvironment completed successfully.')
})

test('the dead are listed for an hour unless IncludeDeleted is false', async () => {
  const world = await withBlue()
  const { eb, run } = world
  await run(world.terminate())
  await world.until('shop-blue', 'Terminated')
  const listed = async (more: object) =>
    (await run(eb.describeEnvironments({ EnvironmentNames: ['shop-blue'], ...more }))).Environments?.length
  expect([await listed({}), await listed({ IncludeDeleted: false })]).toEqual([1, 0])
  await world.seconds(3_601)
  expect([await listed({}), await listed({ IncludeDeleted: true })]).toEqual([0, 0])
  expect(await listed({ IncludeDeleted: true, IncludedDeletedBackTo: new Date(0) })).toBe(1)
})

test('the name of an environment is free when it is Terminated, not while it is Terminating', async () => {
  const world = await withBlue()
  const { eb, run } = world
  await run(world.terminate())
  const stack = { SolutionStackName: '64bit Amazon Linux 2023 v6.6.1 running Node.js 22' }
  const create = () =>
    eb.createEnvironment({ ApplicationName: 'shop', EnvironmentName: 'shop-blue', ...stack })
  expect(await run(refusal(create()))).toBe('InvalidParameterValue: Environment shop-blue already exists.')
  await world.until('shop-blue', 'Terminated')
  expect(await run(refusal(create()))).toBe('accepted')
})

test('a freed CNAME can be taken only some minutes later', async () => {
  const world = await withBlue()
  const available = async () =>
    (await world.run(world.eb.checkDNSAvailability({ CNAMEPrefix: 'shop' }))).Available
  await world.run(world.terminate())
  await world.until('shop-blue', 'Terminated')
  await world.seconds(110)
  expect(await available()).toBe(false)
  await world.seconds(200)
  expect(await available()).toBe(true)
})

test('a termination that fails ends Ready with an error, and can be tried again', async () => {
  const world = await withBlue()
  world.simulator.cloud.faults.order({ fault: 'terminate-fails' })
  await world.run(world.terminate())
  await world.until('shop-blue', 'Ready')
  const { Events = [] } = await world.run(
    world.eb.describeEvents({ EnvironmentId: world.blue.id, Severity: 'ERROR' }),
  )
  expect(Events[0]?.Message).toMatch(/^Stack deletion failed/)
  await world.run(world.terminate())
  await world.until('shop-blue', 'Terminated')
})

test('a termination that is stuck is Terminating for ever', async () => {
  const world = await withBlue()
  world.simulator.cloud.faults.order({ fault: 'stuck-terminating' })
  await world.run(world.terminate())
  await world.seconds(7_200)
  expect(world.environment('shop-blue').status).toBe('Terminating')
})

test('an environment whose security group another one uses cannot be terminated', async () => {
  const world = await withBlue()
  const { eb, run } = world
  await run(
    eb.createConfigurationTemplate({
      ApplicationName: 'shop',
      TemplateName: 't',
      EnvironmentId: world.blue.id,
    }),
  )
  await run(
    eb.createEnvironment({ ApplicationName: 'shop', EnvironmentName: 'shop-green', TemplateName: 't' }),
  )
  await run(world.terminate())
  await world.until('shop-blue', 'Ready')
  expect((await world.messages('shop-blue')).join('\n')).toContain('DependencyViolation')
})
