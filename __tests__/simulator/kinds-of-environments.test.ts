import { describe, expect, it } from 'vitest'
import { beanstalkWorld } from './beanstalk-world.ts'

const stack = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'

type World = ReturnType<typeof beanstalkWorld>

const resourcesOf = async ({ eb, run }: World, EnvironmentName: string) =>
  (await run(eb.describeEnvironmentResources({ EnvironmentName }))).EnvironmentResources

async function optionsOf({ eb, run }: World, EnvironmentName: string) {
  const { ConfigurationSettings = [] } = await run(
    eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName }),
  )
  const all = ConfigurationSettings[0]?.OptionSettings ?? []
  return Object.fromEntries(
    all.map(({ Namespace, OptionName, Value }) => [`${Namespace}/${OptionName}`, Value]),
  )
}

const setting = (key: string, Value: string) => {
  const [Namespace, OptionName] = key.split('/')
  return { Namespace, OptionName, Value }
}

const create = (
  { eb, run }: World,
  name: string,
  {
    options = {},
    ...more
  }: { readonly options?: Readonly<Record<string, string>>; readonly [more: string]: unknown } = {},
) =>
  run(
    eb.createEnvironment({
      ApplicationName: 'shop',
      EnvironmentName: name,
      SolutionStackName: stack,
      VersionLabel: 'v1',
      OptionSettings: Object.entries(options).map(([key, value]) => setting(key, value)),
      ...more,
    }),
  )

describe('load balancers', () => {
  it('are classic when the API is not told otherwise: named, not by ARN, with options of their own', async () => {
    const world = beanstalkWorld()
    await create(world, 'shop-blue')
    await world.until('shop-blue', 'Ready')
    const { LoadBalancers = [] } = (await resourcesOf(world, 'shop-blue')) ?? {}
    expect(LoadBalancers[0]?.Name).toMatch(/^awseb-e-[\w-]+$/)
    const options = await optionsOf(world, 'shop-blue')
    expect(options['aws:elasticbeanstalk:environment/LoadBalancerType']).toBe('classic')
    expect(options['aws:elb:listener/ListenerProtocol']).toBe('HTTP')
    expect(Object.keys(options).filter((key) => key.startsWith('aws:elbv2:'))).toEqual([])
    expect((await world.get(world.environment('shop-blue').cname ?? ''))?.status).toBe(200)
  })

  it.each([
    ['application', 'loadbalancer/app/awseb-', 'HTTP'],
    ['network', 'loadbalancer/net/awseb-', 'TCP'],
  ] as const)('of the type %s have an ARN', async (loadBalancer, arn, protocol) => {
    const world = beanstalkWorld()
    await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1', loadBalancer })
    expect((await resourcesOf(world, 'shop-blue'))?.LoadBalancers?.[0]?.Name).toContain(arn)
    expect((await optionsOf(world, 'shop-blue'))['aws:elbv2:listener:default/Protocol']).toBe(protocol)
  })

  it('of the type network look at the root only', async () => {
    const world = beanstalkWorld({ behaviours: { v1: { failsPath: { '/health': 500 } } } })
    const options = { 'aws:elasticbeanstalk:application/Application Healthcheck URL': '/health' }
    const given = { application: 'shop', version: 'v1', options }
    await world.given.environment({ ...given, name: 'shop-net', loadBalancer: 'network' })
    await world.given.environment({ ...given, name: 'shop-app' })
    await world.seconds(120)
    expect(world.environment('shop-net').health).toBe('Green')
    expect(world.environment('shop-app').health).toBe('Red')
  })

  it('cannot split traffic unless they are application load balancers', async () => {
    const world = beanstalkWorld()
    const policy = { 'aws:elasticbeanstalk:command/DeploymentPolicy': 'TrafficSplitting' }
    await expect(create(world, 'shop-blue', { options: policy })).rejects.toThrow(/Application Load Balancer/)
    await create(world, 'shop-green', {
      options: { ...policy, 'aws:elasticbeanstalk:environment/LoadBalancerType': 'application' },
    })
  })
})

describe('a worker', () => {
  it('has queues, and neither CNAME nor load balancer', async () => {
    const world = beanstalkWorld()
    const made = await create(world, 'shop-work', { Tier: { Name: 'Worker', Type: 'SQS/HTTP' } })
    expect(made.CNAME).toBeUndefined()
    await world.until('shop-work', 'Ready')
    const found = await resourcesOf(world, 'shop-work')
    expect(found?.Queues?.map(({ Name }) => Name)).toEqual(['WorkerQueue', 'WorkerDeadLetterQueue'])
    expect(found?.Queues?.[0]?.URL).toMatch(/^https:\/\/sqs\.us-east-1\..*AWSEBWorkerQueue$/)
    expect(found?.LoadBalancers).toEqual([])
    expect(world.environment('shop-work')).toMatchObject({ health: 'Green', cname: undefined })
  })

  it('may read a queue of one’s own', async () => {
    const world = beanstalkWorld()
    const URL = 'https://sqs.us-east-1.amazonaws.com/123456789012/orders'
    const options = { 'aws:elasticbeanstalk:sqsd/WorkerQueueURL': URL }
    await world.given.environment({
      application: 'shop',
      name: 'shop-work',
      version: 'v1',
      tier: 'worker',
      options,
    })
    expect((await resourcesOf(world, 'shop-work'))?.Queues?.[0]).toEqual({ Name: 'WorkerQueue', URL })
  })
})

describe('a database inside the environment', () => {
  const coupled = { 'aws:rds:dbinstance/HasCoupledDatabase': 'true' }

  it('is made with it, which takes minutes longer', async () => {
    const world = beanstalkWorld()
    await create(world, 'shop-blue', { options: coupled })
    const took = await world.until('shop-blue', 'Ready')
    expect(took).toBeGreaterThan(600)
    const [database] = world.state().databases
    expect(database).toMatchObject({ environment: world.environment('shop-blue').id, state: 'coupled' })
    const messages = await world.messages('shop-blue')
    expect(messages).toContain(`Creating RDS database named: ${database?.name}. This may take a few minutes.`)
    expect(messages).toContain(`Created RDS database named: ${database?.name}`)
  })

  it('is a new and empty one in a clone', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    const { id } = await world.given.environment({
      application: 'shop',
      name: 'shop-blue',
      version: 'v1',
      options: coupled,
    })
    const template = { ApplicationName: 'shop', TemplateName: 'copy' }
    await run(eb.createConfigurationTemplate({ ...template, EnvironmentId: id }))
    await run(eb.createEnvironment({ ...template, EnvironmentName: 'shop-green', VersionLabel: 'v1' }))
    await world.until('shop-green', 'Ready')
    const [first, second] = world.state().databases
    expect(second?.environment).toBe(world.environment('shop-green').id)
    expect(second?.name).not.toBe(first?.name)
    expect(second?.createdAt).toBeGreaterThan(first?.createdAt ?? 0)
  })

  it.each([
    ['Delete', 'deleted'],
    ['Retain', 'retained'],
    ['Snapshot', 'snapshot'],
  ])('is treated as DBDeletionPolicy %s says when the environment ends', async (policy, state) => {
    const world = beanstalkWorld()
    const options = { ...coupled, 'aws:rds:dbinstance/DBDeletionPolicy': policy }
    const { id } = await world.given.environment({
      application: 'shop',
      name: 'shop-blue',
      version: 'v1',
      options,
    })
    await world.run(world.eb.terminateEnvironment({ EnvironmentId: id }))
    await world.until('shop-blue', 'Terminated')
    expect(world.state().databases).toMatchObject([{ state }])
  })

  it('is decoupled by an update, by the policy that was there before it', async () => {
    const world = beanstalkWorld()
    const { id } = await world.given.environment({
      application: 'shop',
      name: 'shop-blue',
      version: 'v1',
      options: coupled,
    })
    await world.run(
      world.eb.updateEnvironment({
        EnvironmentId: id,
        OptionSettings: [
          setting('aws:rds:dbinstance/HasCoupledDatabase', 'false'),
          setting('aws:rds:dbinstance/DBDeletionPolicy', 'Retain'),
        ],
      }),
    )
    await world.until('shop-blue', 'Ready')
    expect(world.state().databases).toMatchObject([{ state: 'deleted' }])
    await world.run(
      world.eb.updateEnvironment({
        EnvironmentId: id,
        OptionSettings: [setting('aws:rds:dbinstance/HasCoupledDatabase', 'true')],
      }),
    )
    await world.until('shop-blue', 'Ready')
    expect(world.state().databases.map(({ state }) => state)).toEqual(['deleted', 'coupled'])
  })

  it('is found by the application in its environment', async () => {
    const world = beanstalkWorld()
    const started: Readonly<Record<string, string>>[] = []
    const { start } = world.dataPlane
    world.dataPlane.start = (order) => {
      started.push(order.variables)
      return start(order)
    }
    await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1', options: coupled })
    expect(started[0]).toMatchObject({ RDS_DB_NAME: 'ebdb', RDS_PORT: '3306', RDS_USERNAME: 'ebroot' })
  })
})
