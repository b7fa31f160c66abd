import { describe, expect, it } from 'vitest'
import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

interface Fleet {
  readonly policy: string
  readonly minSize?: number
  readonly options?: Readonly<Record<string, string>>
  readonly behaviours?: Readonly<Record<string, AppBehaviour>>
  readonly more?: object
}

const oneByOne = {
  'aws:elasticbeanstalk:command/BatchSizeType': 'Fixed',
  'aws:elasticbeanstalk:command/BatchSize': '1',
}

async function fleet({ policy, minSize = 2, options = {}, behaviours = {}, more = {} }: Fleet) {
  const world = beanstalkWorld({ behaviours })
  const blue = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    minSize,
    policy,
    options,
    ...more,
  })
  const blueNow = () => world.environment('shop-blue')
  return {
    ...world,
    blue,
    blueNow,
    deploy: (VersionLabel = 'v2') =>
      world.run(world.eb.updateEnvironment({ EnvironmentId: blue.id, VersionLabel })),
    /** Sorted: by version, how many instances. */
    versions: () => blueNow().instances.map(({ version }) => version),
    /** Looks every five seconds until it is Ready. */
    async watch(look: () => void | Promise<void>) {
      while (blueNow().status !== 'Ready') {
        await world.seconds(5)
        await look()
      }
    },
    async said(pattern: RegExp) {
      return (await world.messages('shop-blue')).filter((message) => pattern.test(message))
    },
  }
}

describe('Rolling', () => {
  it('takes one batch after the other out of the load balancer, in the words of a real log', async () => {
    const world = await fleet({ policy: 'Rolling', options: oneByOne })
    const [first = '', second = ''] = world.blueNow().instances.map(({ id }) => id)
    await world.deploy()
    const outside = new Set<string>()
    await world.watch(() => {
      const out = world.blueNow().instances.filter(({ inFront }) => !inFront)
      expect(out.length).toBeLessThanOrEqual(1)
      for (const { id } of out) outside.add(id)
    })
    expect([...outside]).toEqual([first, second])
    expect((await world.said(/^(?!Environment health)/)).slice(1)).toEqual([
      'Deploying new version to instance(s).',
      `Batch 1: Starting application deployment on instance(s) [${first}].`,
      'Batch 1: De-registering instance(s) from the load balancer and waiting for them to go out of service.',
      'Batch 1: Starting application deployment command execution.',
      'Instance deployment completed successfully.',
      'Batch 1: Completed application deployment command execution.',
      'Command execution completed on 1 of 2 instances in environment.',
      'Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.',
      'Batch 1: Completed application deployment.',
      `Batch 2: Starting application deployment on instance(s) [${second}].`,
      'Batch 2: De-registering instance(s) from the load balancer and waiting for them to go out of service.',
      'Batch 2: Starting application deployment command execution.',
      'Instance deployment completed successfully.',
      'Batch 2: Completed application deployment command execution.',
      'Command execution completed on 2 of 2 instances in environment.',
      'Batch 2: Registering instance(s) with the load balancer and waiting for them to be healthy.',
      'Batch 2: Completed application deployment.',
      'New application version was deployed to running EC2 instances.',
      'Environment update completed successfully.',
    ])
    expect(world.versions()).toEqual(['v2', 'v2'])
  })

  it('takes about 160 s a batch', async () => {
    const world = await fleet({ policy: 'Rolling', minSize: 3, options: oneByOne })
    await world.deploy()
    const took = await world.until('shop-blue', 'Ready')
    expect(took).toBeGreaterThan(3 * 144)
    expect(took).toBeLessThan(3 * 176 + 12)
  })

  it('has batches of a percentage, rounded down, of at least one', async () => {
    const options = { 'aws:elasticbeanstalk:command/BatchSize': '50' }
    const world = await fleet({ policy: 'Rolling', minSize: 5, more: { maxSize: 5 }, options })
    await world.deploy()
    await world.until('shop-blue', 'Ready')
    const sizes = (await world.said(/Starting application deployment on/)).map(
      (line) => line.split(',').length,
    )
    expect(sizes).toEqual([2, 2, 1])
    const one = await fleet({ policy: 'Rolling', minSize: 1, options })
    await one.deploy()
    await one.until('shop-blue', 'Ready')
    expect(one.versions()).toEqual(['v2'])
  })

  it('waits for twelve good checks of a batch, and gives up after the command timeout and 240 s', async () => {
    const world = await fleet({
      policy: 'Rolling',
      options: oneByOne,
      behaviours: { v2: { failsPath: { '/': 500 } } },
    })
    await world.deploy()
    const took = await world.until('shop-blue', 'Ready')
    expect(took).toBeGreaterThan(840)
    expect(took).toBeLessThan(900)
    expect(world.versions()).toEqual(['v2', 'v1'])
    expect(world.blueNow()).toMatchObject({ version: 'v1', health: 'Red' })
    expect(await world.said(/^During an aborted deployment/)).toHaveLength(1)
  })

  it('goes by another command timeout', async () => {
    const world = await fleet({
      policy: 'Rolling',
      options: { ...oneByOne, 'aws:elasticbeanstalk:command/Timeout': '60' },
      behaviours: { v2: { failsPath: { '/': 500 } } },
    })
    await world.deploy()
    expect(await world.until('shop-blue', 'Ready')).toBeLessThan(360)
  })

  it('goes on after an unhealthy batch when IgnoreHealthCheck is set', async () => {
    const world = await fleet({
      policy: 'Rolling',
      options: {
        ...oneByOne,
        'aws:elasticbeanstalk:command/Timeout': '60',
        'aws:elasticbeanstalk:command/IgnoreHealthCheck': 'true',
      },
      behaviours: { v2: { failsPath: { '/': 500 } } },
    })
    await world.deploy()
    await world.until('shop-blue', 'Ready')
    expect(world.blueNow().version).toBe('v2')
    expect(world.versions()).toEqual(['v2', 'v2'])
  })

  it('goes on at a lower health when HealthCheckSuccessThreshold allows it', async () => {
    const world = await fleet({
      policy: 'Rolling',
      options: {
        ...oneByOne,
        'aws:elasticbeanstalk:healthreporting:system/HealthCheckSuccessThreshold': 'Severe',
      },
      behaviours: { v2: { failsPath: { '/': 500 } } },
    })
    await world.deploy()
    expect(await world.until('shop-blue', 'Ready')).toBeLessThan(400)
    expect(world.blueNow().version).toBe('v2')
  })

  it('with basic health is content with what the load balancer finds healthy', async () => {
    const world = await fleet({
      policy: 'Rolling',
      options: oneByOne,
      more: { healthReporting: 'basic' },
    })
    await world.deploy()
    await world.until('shop-blue', 'Ready')
    expect(world.versions()).toEqual(['v2', 'v2'])
  })

  it('fails a batch whose answers to requests are bad although its checks are good', async () => {
    const world = await fleet({
      policy: 'Rolling',
      options: { ...oneByOne, 'aws:elasticbeanstalk:command/Timeout': '60' },
      behaviours: { v2: { failsPath: { '/orders': 500 } } },
    })
    world.load(world.blue.cname, { perSecond: 4, forSeconds: 900, path: '/orders' })
    await world.deploy()
    await world.until('shop-blue', 'Ready')
    expect(world.blueNow().version).toBe('v1')
    expect(world.versions()).toEqual(['v2', 'v1'])
  })

  it('is AllAtOnce on a single instance', async () => {
    const world = await fleet({ policy: 'Rolling', minSize: 1, more: { single: true } })
    await world.deploy()
    expect(await world.until('shop-blue', 'Ready')).toBeLessThan(90)
    expect(await world.said(/Batch/)).toEqual([])
  })

  it('after a failed one, the next one goes through', async () => {
    const behaviours: Record<string, AppBehaviour> = { v2: { starts: false } }
    const world = await fleet({ policy: 'Rolling', options: oneByOne, behaviours })
    await world.deploy('v2')
    await world.until('shop-blue', 'Ready')
    expect(world.versions()).toEqual(['v2', 'v1'])
    await world.deploy('v1')
    await world.until('shop-blue', 'Ready')
    expect(world.versions()).toEqual(['v1', 'v1'])
    expect(world.blueNow().health).toBe('Green')
  })
})

describe('RollingWithAdditionalBatch', () => {
  const policy = 'RollingWithAdditionalBatch'

  it('launches a batch first, so that no request meets less than the whole capacity, and ends it at the end', async () => {
    const world = await fleet({ policy, options: oneByOne })
    const before = world.blueNow().instances.map(({ id }) => id)
    await world.deploy()
    const inFront: number[] = []
    const desired = new Set<number | undefined>()
    await world.watch(() => {
      inFront.push(world.blueNow().instances.filter((instance) => instance.inFront).length)
      desired.add(world.blueNow().group?.desired)
    })
    expect(Math.min(...inFront)).toBe(2)
    expect(Math.max(...inFront)).toBe(3)
    expect([...desired]).toEqual([2, 3])
    expect(world.blueNow().instances.map(({ id }) => id)).toEqual(before)
    expect(world.versions()).toEqual(['v2', 'v2'])
    expect(world.blueNow().group).toMatchObject({ min: 2, max: 4, desired: 2, inService: 2 })
  })

  it('leaves the old instances untouched when already the additional batch fails', async () => {
    const world = await fleet({ policy, options: oneByOne, behaviours: { v2: { starts: false } } })
    const before = world.blueNow().instances
    await world.deploy()
    await world.until('shop-blue', 'Ready')
    expect(world.blueNow()).toMatchObject({ version: 'v1', health: 'Green', instances: before })
    expect(world.blueNow().group).toMatchObject({ desired: 2, inService: 2 })
  })

  it('leaves a mixed fleet when a later batch fails', async () => {
    const behaviours: Record<string, AppBehaviour> = {}
    const world = await fleet({ policy, options: oneByOne, behaviours })
    world.simulator.cloud.faults.order({ fault: 'deployment-fails' })
    await world.deploy()
    await world.until('shop-blue', 'Ready')
    expect(world.versions()).toEqual(['v2', 'v1'])
    expect(world.blueNow()).toMatchObject({ version: 'v1', health: 'Red' })
    expect(world.blueNow().group).toMatchObject({ max: 4, desired: 2, inService: 2 })
  })

  it('may go above the maximum while it lasts', async () => {
    const world = await fleet({ policy, options: oneByOne, more: { maxSize: 2 } })
    await world.deploy()
    await world.seconds(30)
    expect(world.blueNow().group).toMatchObject({ max: 3, desired: 3 })
    await world.until('shop-blue', 'Ready')
    expect(world.blueNow().group).toMatchObject({ max: 2, desired: 2 })
  })
})

describe('TrafficSplitting', () => {
  const policy = 'TrafficSplitting'
  const quarter = {
    'aws:elasticbeanstalk:trafficsplitting/NewVersionPercent': '25',
    'aws:elasticbeanstalk:trafficsplitting/EvaluationTime': '10',
  }

  /** The share of the new version, in per cent, of 100 requests that are sent now. */
  async function shareOf(world: Awaited<ReturnType<typeof fleet>>) {
    let fresh = 0
    for (let one = 0; one < 100; one++)
      if ((await world.get(world.blue.cname))?.headers['x-version'] === 'v2') fresh += 1
    return fresh
  }

  it('gives the new instances their share for the evaluation time, then everything', async () => {
    const world = await fleet({ policy, options: quarter })
    const before = world.blueNow().instances.map(({ id }) => id)
    await world.deploy()
    const shares: number[] = []
    await world.watch(async () => {
      shares.push(await shareOf(world))
      expect((await world.get(world.blue.cname))?.status).toBe(200)
    })
    expect([...new Set(shares)]).toEqual([0, 25, 100])
    // Looked at every five seconds.
    expect(shares.filter((share) => share === 25).length).toBeGreaterThanOrEqual(119)
    expect(shares.filter((share) => share === 25).length).toBeLessThanOrEqual(121)
    expect(world.blueNow()).toMatchObject({ version: 'v2', health: 'Green' })
    expect(world.blueNow().instances.some(({ id }) => before.includes(id))).toBe(false)
    expect(world.blueNow().group).toMatchObject({ desired: 2, inService: 2 })
    expect(await shareOf(world)).toBe(100)
  })

  it('takes the traffic back and ends the new instances when they fail under their share', async () => {
    const world = await fleet({
      policy,
      options: quarter,
      behaviours: { v2: { failsPath: { '/orders': 500 } } },
    })
    const before = world.blueNow().instances
    world.load(world.blue.cname, { perSecond: 8, forSeconds: 1_800, path: '/orders' })
    await world.deploy()
    const shares = new Set<number>()
    await world.watch(async () => {
      shares.add(await shareOf(world))
    })
    expect([...shares]).toEqual([0, 25, 0].slice(0, 2))
    expect(world.blueNow()).toMatchObject({ version: 'v1', instances: before })
    const { AutoScalingGroups = [] } = await world.run(world.autoScaling.describeAutoScalingGroups({}))
    expect(AutoScalingGroups).toHaveLength(1)
    expect(await world.said(/Shifting all traffic back/)).toHaveLength(1)
  })

  it('never gives requests to new instances that do not get healthy', async () => {
    const world = await fleet({ policy, behaviours: { v2: { failsPath: { '/': 500 } } } })
    const before = world.blueNow().instances
    await world.deploy()
    await world.watch(async () => {
      expect((await world.get(world.blue.cname))?.headers['x-version']).toBe('v1')
    })
    expect(world.blueNow()).toMatchObject({ version: 'v1', health: 'Green', instances: before })
  })

  it('has ten per cent and five minutes when nobody says otherwise', async () => {
    const world = await fleet({ policy })
    await world.deploy()
    const shares: number[] = []
    await world.watch(async () => {
      shares.push(await shareOf(world))
    })
    expect([...new Set(shares)]).toEqual([0, 10, 100])
    expect(shares.filter((share) => share === 10)).toHaveLength(60)
  })
})

describe('a policy that the environment cannot have', () => {
  const set = (policy: string) => [
    { Namespace: 'aws:elasticbeanstalk:command', OptionName: 'DeploymentPolicy', Value: policy },
  ]

  it('is refused with the option and the reason', async () => {
    const world = await fleet({ policy: 'AllAtOnce', more: { healthReporting: 'basic' } })
    const say = (OptionSettings: object[]) =>
      world.run(refusal(world.eb.updateEnvironment({ EnvironmentId: world.blue.id, OptionSettings })))
    expect(await say(set('Immutable'))).toBe(
      "ConfigurationValidationException: Configuration validation exception: Invalid option value: 'Immutable' (Namespace: 'aws:elasticbeanstalk:command', OptionName: 'DeploymentPolicy'): Immutable deployments require enhanced health reporting.",
    )
    expect(world.blueNow().status).toBe('Ready')
  })

  it('is refused when an environment is created, too', async () => {
    const world = beanstalkWorld()
    const single = { Namespace: 'aws:elasticbeanstalk:environment', OptionName: 'EnvironmentType' }
    const made = world.eb.createEnvironment({
      ApplicationName: 'shop',
      EnvironmentName: 'shop-single',
      SolutionStackName: '64bit Amazon Linux 2023 v6.6.1 running Node.js 22',
      OptionSettings: [...set('TrafficSplitting'), { ...single, Value: 'SingleInstance' }],
    })
    expect(await world.run(refusal(made))).toMatch(/require an Application Load Balancer/)
    expect(world.state().environments).toEqual([])
  })

  it.each([
    ['Percentage', '101', '100'],
    ['Fixed', '5', '4'],
  ])('a batch of the type %s has at most its size', async (type, Value, most) => {
    const batch = { 'aws:elasticbeanstalk:command/BatchSizeType': type }
    const world = await fleet({ policy: 'Rolling', options: { ...batch, [size]: '1' } })
    const OptionSettings = [{ Namespace: 'aws:elasticbeanstalk:command', OptionName: 'BatchSize', Value }]
    const said = await world.run(
      refusal(world.eb.updateEnvironment({ EnvironmentId: world.blue.id, OptionSettings })),
    )
    expect(said).toContain(`Value is greater than maximum allowed value: ${most}`)
  })
})

const size = 'aws:elasticbeanstalk:command/BatchSize'
