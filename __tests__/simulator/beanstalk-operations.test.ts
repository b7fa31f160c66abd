import { expect, test } from 'vitest'
import { beanstalkWorld, refusal, zip } from './beanstalk-world.ts'

const stack = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'

test('a new environment is Launching without an address, and six minutes later it serves its version', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  const made = await run(
    eb.createEnvironment({
      ApplicationName: 'shop',
      EnvironmentName: 'shop-blue',
      VersionLabel: 'v1',
      CNAMEPrefix: 'shop',
      SolutionStackName: stack,
    }),
  )
  expect(made).toMatchObject({
    Status: 'Launching',
    Health: 'Grey',
    CNAME: 'shop.us-east-1.elasticbeanstalk.com',
  })
  expect(made.EndpointURL).toBeUndefined()
  const took = await world.until('shop-blue', 'Ready')
  expect(took).toBeGreaterThan(390 * 0.9 - 1)
  expect(took).toBeLessThan(390 * 1.1 + 2)
  expect(world.environment('shop-blue')).toMatchObject({ health: 'Green', healthStatus: 'Ok', version: 'v1' })
  expect((await world.get('shop.us-east-1.elasticbeanstalk.com'))?.headers['x-version']).toBe('v1')
  const messages = (await world.messages('shop-blue')).map((message) =>
    message.replaceAll(/(awseb|i)-[\w.-]+/g, '$1-…'),
  )
  expect(messages).toEqual([
    'createEnvironment is starting.',
    'Using elasticbeanstalk-us-east-1-123456789012 as Amazon S3 storage bucket for environment data.',
    'Environment health has transitioned to Pending. Initialization in progress (running for 3 seconds). There are no instances.',
    'Created security group named: awseb-…',
    'Created Auto Scaling launch configuration named: awseb-…',
    'Created Auto Scaling group named: awseb-…',
    'Waiting for EC2 instances to launch. This may take a few minutes.',
    'Created Auto Scaling group policy named: awseb-…',
    'Created Auto Scaling group policy named: awseb-…',
    'Created CloudWatch alarm named: awseb-…',
    'Created CloudWatch alarm named: awseb-…',
    'Added instance [i-…] to your environment.',
    'Created load balancer named: awseb-…',
    'Environment health has transitioned from Pending to Ok. Initialization completed 26 seconds ago and took 5 minutes.',
    'Successfully launched environment: shop-blue',
  ])
})

test('an environment without a CNAME prefix gets a name with one label more', async () => {
  const world = beanstalkWorld()
  const made = await world.run(
    world.eb.createEnvironment({
      ApplicationName: 'shop',
      EnvironmentName: 'shop-green',
      SolutionStackName: stack,
    }),
  )
  expect(made.CNAME).toMatch(/^shop-green\.eba-[a-z0-9]{8}\.us-east-1\.elasticbeanstalk\.com$/)
})

test('a launch whose application never starts ends Ready and Red, with issues', async () => {
  const world = beanstalkWorld({ behaviours: { v1: { starts: false } } })
  await world.run(
    world.eb.createEnvironment({
      ApplicationName: 'shop',
      EnvironmentName: 'shop-blue',
      VersionLabel: 'v1',
      SolutionStackName: stack,
    }),
  )
  await world.until('shop-blue', 'Ready')
  expect(world.environment('shop-blue')).toMatchObject({ health: 'Red', healthStatus: 'Severe' })
  expect(await world.messages('shop-blue')).toContain(
    'Launched environment: shop-blue. However, there were issues during launch. See event log for details.',
  )
})

test('AllAtOnce is Grey and shows the old label until the new version runs', async () => {
  const world = beanstalkWorld()
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1', instances: 3 })
  const updated = await world.run(
    world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }),
  )
  expect(updated).toMatchObject({ Status: 'Updating', VersionLabel: 'v2' })
  await world.seconds(30)
  expect(world.environment('shop-blue')).toMatchObject({ version: 'v1', health: 'Grey', status: 'Updating' })
  const took = 30 + (await world.until('shop-blue', 'Ready'))
  expect(took).toBeGreaterThan(70)
  expect(took).toBeLessThan(90)
  expect(world.environment('shop-blue')).toMatchObject({ version: 'v2', health: 'Green', healthStatus: 'Ok' })
  expect((await world.messages('shop-blue')).filter((message) => !message.includes('health'))).toEqual([
    'Environment update is starting.',
    'Deploying new version to instance(s).',
    'Instance deployment completed successfully.',
    'Instance deployment completed successfully.',
    'Instance deployment completed successfully.',
    'New application version was deployed to running EC2 instances.',
    'Environment update completed successfully.',
  ])
})

test('AllAtOnce takes every instance out of service for some seconds', async () => {
  const world = beanstalkWorld()
  const { cname } = await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  let failed = 0
  while (world.environment('shop-blue').status === 'Updating') {
    await world.seconds(1)
    if ((await world.get(cname))?.status === 503) failed += 1
  }
  expect(failed).toBeGreaterThan(5)
  expect(failed).toBeLessThan(12)
})

test('a deployment whose application does not start ends Ready, Red, with the old label and the new version on the instances', async () => {
  const world = beanstalkWorld({ behaviours: { v2: { starts: false } } })
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1', instances: 2 })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  const { version, health, instances } = world.environment('shop-blue')
  expect({ version, health }).toEqual({ version: 'v1', health: 'Red' })
  expect(instances.map((instance) => instance.version)).toEqual(['v2', 'v2'])
  const { Events = [] } = await world.run(
    world.eb.describeEvents({ EnvironmentName: 'shop-blue', Severity: 'ERROR' }),
  )
  expect(Events.map(({ Message }) => Message)).toContain('Failed to deploy application.')
})

test('an ordered failure of a deployment leaves the old label and Degraded health', async () => {
  const world = beanstalkWorld()
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  world.simulator.cloud.faults.order({ fault: 'deployment-fails' })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  const { version, healthStatus, instances } = world.environment('shop-blue')
  expect({ version, healthStatus }).toEqual({ version: 'v1', healthStatus: 'Degraded' })
  expect(instances[0]?.version).toBe('v2')
})

test('a deployment that rolls back ends Green with errors and the old version running', async () => {
  const world = beanstalkWorld()
  const { cname } = await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  world.simulator.cloud.faults.order({ fault: 'deployment-rolls-back' })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  expect(world.environment('shop-blue')).toMatchObject({ version: 'v1', health: 'Green' })
  expect((await world.get(cname))?.headers['x-version']).toBe('v1')
  expect(await world.messages('shop-blue')).toContain('Failed to deploy application.')
})

test('a deployment whose bundle is gone from S3 fails and changes no instance', async () => {
  const world = beanstalkWorld()
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  world.simulator.buckets.remove('elasticbeanstalk-us-east-1-123456789012', 'shop/v2.zip')
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  const { version, health, instances } = world.environment('shop-blue')
  expect([version, health, instances[0]?.version]).toEqual(['v1', 'Red', 'v1'])
})

test('Immutable stays Green, serves all the time and replaces every instance', async () => {
  const world = beanstalkWorld()
  const { cname } = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    minSize: 3,
    policy: 'Immutable',
  })
  const before = world.environment('shop-blue').instances.map(({ id }) => id)
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  let seconds = 0
  const seen = new Set<string>()
  while (world.environment('shop-blue').status === 'Updating') {
    await world.seconds(5)
    seconds += 5
    seen.add(`${(await world.get(cname))?.status} ${world.environment('shop-blue').health}`)
  }
  expect([...seen]).toEqual(['200 Green'])
  expect(seconds).toBeGreaterThan(960)
  expect(seconds).toBeLessThan(1_210)
  const { version, instances, group } = world.environment('shop-blue')
  expect(version).toBe('v2')
  expect(instances.map((instance) => instance.version)).toEqual(['v2', 'v2', 'v2'])
  expect(instances.some(({ id }) => before.includes(id))).toBe(false)
  expect(group).toMatchObject({ desired: 3, inService: 3 })
})

test('a failed Immutable deployment leaves the old instances untouched', async () => {
  const world = beanstalkWorld({ behaviours: { v2: { failsPath: { '/': 500 } } } })
  const given = { application: 'shop', name: 'shop-blue', version: 'v1', policy: 'Immutable' }
  await world.given.environment(given)
  const before = world.environment('shop-blue').instances
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  expect(world.environment('shop-blue')).toMatchObject({ version: 'v1', health: 'Green' })
  expect(world.environment('shop-blue').instances).toEqual(before)
  const { AutoScalingGroups = [] } = await world.run(world.autoScaling.describeAutoScalingGroups({}))
  expect(AutoScalingGroups).toHaveLength(1)
})

test('an Immutable deployment that was ordered to fail leaves the old instances too', async () => {
  const world = beanstalkWorld()
  await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    policy: 'Immutable',
  })
  world.simulator.cloud.faults.order({ fault: 'deployment-fails' })
  const before = world.environment('shop-blue').instances
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  expect(world.environment('shop-blue')).toMatchObject({ version: 'v1', health: 'Green', instances: before })
})

test('a Rolling deployment that fails leaves a mixed fleet', async () => {
  const world = beanstalkWorld()
  await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    minSize: 2,
    policy: 'Rolling',
    options: {
      'aws:elasticbeanstalk:command/BatchSizeType': 'Fixed',
      'aws:elasticbeanstalk:command/BatchSize': '1',
    },
  })
  world.simulator.cloud.faults.order({ fault: 'deployment-fails' })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  const { InstanceHealthList = [] } = await world.run(
    world.eb.describeInstancesHealth({ EnvironmentName: 'shop-blue', AttributeNames: ['All'] }),
  )
  expect(InstanceHealthList.map(({ Deployment }) => Deployment?.VersionLabel).sort()).toEqual(['v1', 'v2'])
  expect(world.environment('shop-blue')).toMatchObject({ version: 'v1', health: 'Red' })
})

test('everything that changes an environment is refused while it is busy', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  const { id } = await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  const other = await world.given.environment({ application: 'shop', name: 'shop-green', version: 'v1' })
  await run(eb.updateEnvironment({ EnvironmentId: id, VersionLabel: 'v2' }))
  const mustBeReady =
    'InvalidParameterValue: Environment named shop-blue is in an invalid state for this operation. Must be Ready.'
  expect(await run(refusal(eb.updateEnvironment({ EnvironmentId: id, VersionLabel: 'v1' })))).toBe(
    mustBeReady,
  )
  const swap = eb.swapEnvironmentCNAMEs({ SourceEnvironmentId: other.id, DestinationEnvironmentId: id })
  expect(await run(refusal(swap))).toBe(mustBeReady)
  const arn = 'arn:aws:elasticbeanstalk:us-east-1:123456789012:environment/shop/shop-blue'
  const tag = eb.updateTagsForResource({ ResourceArn: arn, TagsToAdd: [{ Key: 'a', Value: 'b' }] })
  expect(await run(refusal(tag))).toBe(mustBeReady)
  expect(await run(refusal(eb.terminateEnvironment({ EnvironmentId: id })))).toBe(
    'InvalidParameterValue: Cannot terminate environment named shop-blue. It is currently pending deployment.',
  )
})

test('what does not exist is named in AWS’s own words', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  const said = (call: Promise<unknown>) => run(refusal(call))
  await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    cnamePrefix: 'shop',
  })
  expect(await said(eb.updateEnvironment({ EnvironmentName: 'nobody' }))).toBe(
    "InvalidParameterValue: No Environment found for EnvironmentName = 'nobody'.",
  )
  expect(await said(eb.terminateEnvironment({ EnvironmentId: 'e-nobody' }))).toBe(
    "InvalidParameterValue: No Environment found for EnvironmentId = 'e-nobody'.",
  )
  expect(await said(eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v9' }))).toBe(
    "InvalidParameterValue: No Application Version named 'v9' found.",
  )
  expect(await said(eb.createApplicationVersion({ ApplicationName: 'shop', VersionLabel: 'v1' }))).toBe(
    'InvalidParameterValue: Application Version v1 already exists.',
  )
  expect(await said(eb.createApplication({ ApplicationName: 'shop' }))).toBe(
    'InvalidParameterValue: Application shop already exists.',
  )
  const create = (more: object) =>
    said(
      eb.createEnvironment({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-new',
        SolutionStackName: stack,
        ...more,
      }),
    )
  expect(await create({ ApplicationName: 'shoe' })).toBe(
    "InvalidParameterValue: No Application named 'shoe' found.",
  )
  expect(await create({ EnvironmentName: 'shop-blue' })).toBe(
    'InvalidParameterValue: Environment shop-blue already exists.',
  )
  expect(await create({ CNAMEPrefix: 'shop' })).toBe(
    'InvalidParameterValue: DNS name (shop.us-east-1.elasticbeanstalk.com) is not available.',
  )
  expect(await create({ CNAMEPrefix: 'work', Tier: { Name: 'Worker', Type: 'SQS/HTTP' } })).toBe(
    'InvalidParameterValue: Environment does not support a cname',
  )
  expect(await create({ SolutionStackName: undefined })).toBe(
    'InvalidParameterValue: Unable to determine base for template pack (no solution stack)',
  )
})

test('a configuration update has a draft until it is deployed, and never touches the version', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  const setting = {
    Namespace: 'aws:elasticbeanstalk:application:environment',
    OptionName: 'COLOUR',
    Value: 'blue',
  }
  await run(eb.updateEnvironment({ EnvironmentName: 'shop-blue', OptionSettings: [setting] }))
  await world.seconds(20)
  const read = () =>
    run(eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName: 'shop-blue' }))
  const during = (await read()).ConfigurationSettings ?? []
  expect(during.map(({ DeploymentStatus }) => DeploymentStatus)).toEqual(['pending', 'deployed'])
  const took = 20 + (await world.until('shop-blue', 'Ready'))
  expect(took).toBeGreaterThan(130)
  expect(took).toBeLessThan(170)
  const after = (await read()).ConfigurationSettings ?? []
  expect(after).toHaveLength(1)
  expect(after[0]?.OptionSettings).toContainEqual(setting)
  expect(world.environment('shop-blue').version).toBe('v1')
  expect(await world.messages('shop-blue')).toContain(
    'Successfully deployed new configuration to environment.',
  )
})

test('a failed configuration update leaves its draft behind until it is deleted', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  world.simulator.cloud.faults.order({ fault: 'deployment-rolls-back' })
  const setting = { Namespace: 'aws:elasticbeanstalk:xray', OptionName: 'XRayEnabled', Value: 'true' }
  await run(eb.updateEnvironment({ EnvironmentName: 'shop-blue', OptionSettings: [setting] }))
  await world.until('shop-blue', 'Ready')
  const name = { ApplicationName: 'shop', EnvironmentName: 'shop-blue' }
  const statuses = async () =>
    (await run(eb.describeConfigurationSettings(name))).ConfigurationSettings?.map(
      (set) => set.DeploymentStatus,
    )
  expect(await statuses()).toEqual(['failed', 'deployed'])
  await run(eb.deleteEnvironmentConfiguration(name))
  expect(await statuses()).toEqual(['deployed'])
})

test('a version and options together are carried out, or refused where the switch says so', async () => {
  const order = {
    EnvironmentName: 'shop-blue',
    VersionLabel: 'v2',
    OptionSettings: [{ Namespace: 'aws:elasticbeanstalk:xray', OptionName: 'XRayEnabled', Value: 'true' }],
  }
  const lenient = beanstalkWorld()
  await lenient.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  await lenient.run(lenient.eb.updateEnvironment(order))
  await lenient.until('shop-blue', 'Ready')
  expect(lenient.environment('shop-blue').version).toBe('v2')
  const strict = beanstalkWorld({ switches: { versionWithOptions: 'refused' } })
  await strict.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  expect(await strict.run(refusal(strict.eb.updateEnvironment(order)))).toMatch(
    /^InvalidParameterCombination: /,
  )
})

test('the label that runs already is deployed again, or ignored where the switch says so', async () => {
  for (const [sameVersionAgain, status] of [
    ['deployed', 'Updating'],
    ['ignored', 'Ready'],
  ] as const) {
    const world = beanstalkWorld({ switches: { sameVersionAgain } })
    await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
    const answer = await world.run(
      world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v1' }),
    )
    expect(answer.Status).toBe(status)
  }
})

test('an update that is stuck is Updating for ever', async () => {
  const world = beanstalkWorld()
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  world.simulator.cloud.faults.order({ fault: 'stuck-updating' })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.seconds(7_200)
  expect(world.environment('shop-blue')).toMatchObject({ status: 'Updating', version: 'v1' })
})

test('DescribeEnvironments shows the old state for a while after a change', async () => {
  const world = beanstalkWorld({ switches: { staleReadsMs: 3_000 } })
  const { eb, run } = world
  const { id } = await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  await run(eb.updateEnvironment({ EnvironmentId: id, VersionLabel: 'v2' }))
  const status = async () =>
    (await run(eb.describeEnvironments({ EnvironmentIds: [id] }))).Environments?.[0]?.Status
  expect(await status()).toBe('Ready')
  await world.seconds(3)
  expect(await status()).toBe('Updating')
})

test('a new environment is not listed at once', async () => {
  const world = beanstalkWorld({ switches: { staleReadsMs: 3_000 } })
  const { eb, run } = world
  await run(
    eb.createEnvironment({ ApplicationName: 'shop', EnvironmentName: 'shop-blue', SolutionStackName: stack }),
  )
  const listed = async () => (await run(eb.describeEnvironments({}))).Environments?.length
  expect(await listed()).toBe(0)
  await world.seconds(3)
  expect(await listed()).toBe(1)
})

test('a processed version is PROCESSED or FAILED some seconds later; an unprocessed one stays so', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  const { S3Bucket = '' } = await run(eb.createStorageLocation({}))
  world.simulator.buckets.put(S3Bucket, 'good.zip', zip)
  const create = (VersionLabel: string, S3Key: string, Process: boolean) =>
    run(
      eb.createApplicationVersion({
        ApplicationName: 'shop',
        VersionLabel,
        SourceBundle: { S3Bucket, S3Key },
        Process,
      }),
    )
  expect((await create('good', 'good.zip', true)).ApplicationVersion?.Status).toBe('PROCESSING')
  await create('gone', 'gone.zip', true)
  await create('plain', 'good.zip', false)
  await world.seconds(10)
  const { ApplicationVersions = [] } = await run(eb.describeApplicationVersions({ ApplicationName: 'shop' }))
  expect(
    ApplicationVersions.slice(0, 3).map(({ VersionLabel, Status }) => `${VersionLabel} ${Status}`),
  ).toEqual(['plain UNPROCESSED', 'gone FAILED', 'good PROCESSED'])
})

test('nothing goes on after the simulator was closed', async () => {
  const world = beanstalkWorld()
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  world.simulator.beanstalk.close()
  await expect(world.run(new Promise(() => {}))).rejects.toThrow('virtual time stands still')
})
