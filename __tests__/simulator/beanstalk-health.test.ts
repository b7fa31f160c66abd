import { expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const blue = { application: 'shop', name: 'shop-blue', version: 'v1' }

test('failing checks degrade an environment after a minute, not before, and it recovers', async () => {
  const broken = { since: Number.POSITIVE_INFINITY, until: Number.POSITIVE_INFINITY }
  const now = () => world.clock.now()
  const respond = () => (now() >= broken.since && now() < broken.until ? { status: 500 } : undefined)
  const world = beanstalkWorld({ behaviours: { v1: { respond } } })
  await world.given.environment(blue)
  broken.since = now()
  await world.seconds(45)
  expect(world.environment('shop-blue').healthStatus).toBe('Ok')
  await world.seconds(30)
  expect(world.environment('shop-blue')).toMatchObject({ healthStatus: 'Severe', health: 'Red' })
  broken.until = now()
  await world.seconds(30)
  expect(world.environment('shop-blue').healthStatus).toBe('Ok')
  expect(await world.messages('shop-blue')).toEqual([
    'Environment health has transitioned from Ok to Severe. ELB health is failing or not available for all instances.',
    'Environment health has transitioned from Severe to Ok.',
  ])
})

test('the load balancer’s check asks the configured path', async () => {
  const world = beanstalkWorld({ behaviours: { v1: { failsPath: { '/ping': 500 } } } })
  const options = { 'aws:elasticbeanstalk:environment:process:default/HealthCheckPath': '/ping' }
  await world.given.environment({ ...blue, options })
  await world.given.environment({ ...blue, name: 'shop-green' })
  await world.seconds(80)
  expect(world.environment('shop-blue').health).toBe('Red')
  expect(world.environment('shop-green').health).toBe('Green')
})

test('an unhealthy instance gets no requests as long as another is healthy', async () => {
  const world = beanstalkWorld()
  await world.given.environment({ ...blue, minSize: 2 })
  const [first] = world.environment('shop-blue').instances
  await world.dataPlane.stop(first?.id ?? '')
  await world.seconds(70)
  expect(world.environment('shop-blue').instances.map(({ inFront }) => inFront)).toEqual([false, true])
  expect(world.environment('shop-blue').health).toBe('Red')
})

test.each([
  ['Ok', 4],
  ['Warning', 12],
  ['Degraded', 28],
  ['Severe', 72],
])('requests that fail make it %s when they are %i per cent', async (status, percent) => {
  let count = 0
  const respond = ({ path }: { path: string }) =>
    path === '/buy' && (count++ % 25) * 4 < percent ? { status: 500 } : undefined
  const world = beanstalkWorld({ behaviours: { v1: { respond } } })
  const { cname } = await world.given.environment(blue)
  world.load(cname, { perSecond: 10, forSeconds: 75, path: '/buy' })
  await world.seconds(75)
  expect(world.environment('shop-blue').healthStatus).toBe(status)
  await world.seconds(80)
  expect(world.environment('shop-blue').healthStatus).toBe('Ok')
})

test('basic health is only a colour, and DescribeEnvironmentHealth refuses it', async () => {
  const world = beanstalkWorld()
  await world.given.environment({ ...blue, healthReporting: 'basic' })
  const { eb, run } = world
  const { Environments = [] } = await run(eb.describeEnvironments({}))
  expect(Environments[0]).toMatchObject({ Health: 'Green' })
  expect(Environments[0]?.HealthStatus).toBeUndefined()
  const asked = eb.describeEnvironmentHealth({ EnvironmentName: 'shop-blue', AttributeNames: ['All'] })
  expect(await run(refusal(asked))).toBe(
    'InvalidRequestException: DescribeEnvironmentHealth is not supported.',
  )
  const [instance] = world.environment('shop-blue').instances
  await world.dataPlane.stop(instance?.id ?? '')
  await world.seconds(70)
  expect(world.environment('shop-blue').health).toBe('Red')
  expect(await world.messages('shop-blue')).toEqual(['Environment health has been set to RED'])
})

test('Status of DescribeEnvironmentHealth is the operational status', async () => {
  const world = beanstalkWorld()
  const { cname } = await world.given.environment(blue)
  world.load(cname, { perSecond: 20, forSeconds: 20 })
  await world.seconds(20)
  const health = await world.run(
    world.eb.describeEnvironmentHealth({ EnvironmentName: 'shop-blue', AttributeNames: ['All'] }),
  )
  expect(health).toMatchObject({
    Status: 'Ready',
    Color: 'Green',
    HealthStatus: 'Ok',
    Causes: [],
    InstancesHealth: { Ok: 1, Severe: 0 },
    ApplicationMetrics: { Duration: 10, RequestCount: 20 },
  })
  const bare = await world.run(world.eb.describeEnvironmentHealth({ EnvironmentName: 'shop-blue' }))
  expect(bare.HealthStatus).toBeUndefined()
})

test('never-healthy keeps an environment Severe until it is lifted', async () => {
  const world = beanstalkWorld()
  await world.given.environment(blue)
  world.simulator.cloud.faults.order({ fault: 'never-healthy', version: 'v2' })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  await world.seconds(600)
  expect(world.environment('shop-blue')).toMatchObject({ version: 'v2', healthStatus: 'Severe' })
  world.simulator.cloud.faults.clear()
  await world.seconds(11)
  expect(world.environment('shop-blue').healthStatus).toBe('Ok')
})

test('flapping health changes between Ok and Severe', async () => {
  const world = beanstalkWorld()
  await world.given.environment(blue)
  world.simulator.cloud.faults.order({ fault: 'health-flaps' })
  const seen: unknown[] = []
  for (let step = 0; step < 6; step++) {
    await world.seconds(30)
    seen.push(world.environment('shop-blue').healthStatus)
  }
  expect(seen).toEqual(['Severe', 'Ok', 'Severe', 'Ok', 'Severe', 'Ok'])
})

test('a terminated environment is not looked after any more', async () => {
  const world = beanstalkWorld()
  const { id } = await world.given.environment(blue)
  await world.run(world.eb.terminateEnvironment({ EnvironmentId: id }))
  await world.until('shop-blue', 'Terminated')
  await world.seconds(60)
  await expect(world.run(new Promise(() => {}))).rejects.toThrow('virtual time stands still')
})
