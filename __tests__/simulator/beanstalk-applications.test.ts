import { describe, expect, test } from 'vitest'
import { beanstalkWorld, refusal, zip } from './beanstalk-world.ts'

const blue = { application: 'shop', name: 'shop-blue', version: 'v1' }
const bucket = 'elasticbeanstalk-us-east-1-123456789012'
const inShop = (VersionLabel: string) => ({ ApplicationName: 'shop', VersionLabel })

type World = ReturnType<typeof beanstalkWorld>

const applicationOf = async ({ eb, run }: World, name = 'shop') =>
  (await run(eb.describeApplications({ ApplicationNames: [name] }))).Applications?.[0]

describe('an application', () => {
  test('gets another description, or none', async () => {
    const world = beanstalkWorld()
    const update = (Description: string) =>
      world.run(world.eb.updateApplication({ ApplicationName: 'shop', Description }))
    await world.seconds(60)
    const { Application } = await update('the shop')
    expect(Application).toMatchObject({ ApplicationName: 'shop', Description: 'the shop' })
    expect(Number(Application?.DateUpdated)).toBeGreaterThan(Number(Application?.DateCreated))
    expect((await update('')).Application?.Description).toBeUndefined()
  })

  test('without environments goes at once, with its versions and templates, and its bundles stay in S3', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    await run(eb.deleteApplication({ ApplicationName: 'shop' }))
    expect(await applicationOf(world)).toBeUndefined()
    expect(world.state().versions).toEqual([])
    expect(world.simulator.buckets.keys(bucket)).toEqual(['shop/v1.zip', 'shop/v2.zip'])
    const { Events = [] } = await run(eb.describeEvents({ ApplicationName: 'shop' }))
    expect(Events[0]?.Message).toBe('The application has been deleted successfully.')
  })

  test('with a running environment is deleted only by force, when the environment is terminated', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    await world.given.environment(blue)
    expect(await run(refusal(eb.deleteApplication({ ApplicationName: 'shop' })))).toMatch(
      /^InvalidParameterValue: Unable to delete application shop/,
    )
    await run(eb.deleteApplication({ ApplicationName: 'shop', TerminateEnvByForce: true }))
    expect(world.environment('shop-blue').status).toBe('Terminating')
    expect(await applicationOf(world)).toBeDefined()
    await world.until('shop-blue', 'Terminated')
    await world.seconds(5)
    expect(await applicationOf(world)).toBeUndefined()
  })

  test('waits for an environment that somebody terminates already', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    await world.given.environment(blue)
    await run(eb.terminateEnvironment({ EnvironmentName: 'shop-blue' }))
    await run(eb.deleteApplication({ ApplicationName: 'shop', TerminateEnvByForce: true }))
    expect(await applicationOf(world)).toBeDefined()
    await world.until('shop-blue', 'Terminated')
    await world.seconds(5)
    expect(await applicationOf(world)).toBeUndefined()
  })

  test('whose environment is busy is not deleted', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    await world.given.environment(blue)
    await run(eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
    const force = { ApplicationName: 'shop', TerminateEnvByForce: true }
    expect(await run(refusal(eb.deleteApplication(force)))).toMatch(/^OperationInProgressException: /)
  })

  test('whose environment cannot be terminated stays', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    await world.given.environment(blue)
    world.simulator.cloud.faults.order({ fault: 'terminate-fails' })
    await run(eb.deleteApplication({ ApplicationName: 'shop', TerminateEnvByForce: true }))
    await world.until('shop-blue', 'Ready')
    await world.seconds(5)
    expect(await applicationOf(world)).toBeDefined()
    const { Events = [] } = await run(eb.describeEvents({ ApplicationName: 'shop', Severity: 'ERROR' }))
    expect(Events[0]?.Message).toBe('Failed to delete application.')
  })
})

describe('a version', () => {
  test('gets another description, or none', async () => {
    const { eb, run } = beanstalkWorld()
    const update = (Description: string) => run(eb.updateApplicationVersion({ ...inShop('v1'), Description }))
    expect((await update('first')).ApplicationVersion?.Description).toBe('first')
    expect((await update('')).ApplicationVersion?.Description).toBeUndefined()
  })

  test('is deleted without its bundle, or with it', async () => {
    const world = beanstalkWorld()
    const { eb, run, simulator } = world
    await run(eb.deleteApplicationVersion(inShop('v1')))
    await run(eb.deleteApplicationVersion({ ...inShop('v2'), DeleteSourceBundle: true }))
    expect(world.state().versions).toEqual([])
    expect(simulator.buckets.keys(bucket)).toEqual(['shop/v1.zip'])
    expect(await run(refusal(eb.deleteApplicationVersion(inShop('v1'))))).toBe(
      "InvalidParameterValue: No Application Version named 'v1' found.",
    )
  })

  test('is deleted although its bundle cannot be', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    await run(
      eb.createApplicationVersion({ ...inShop('v3'), SourceBundle: { S3Bucket: 'gone', S3Key: 'v3' } }),
    )
    const order = { ...inShop('v3'), DeleteSourceBundle: true }
    expect(await run(refusal(eb.deleteApplicationVersion(order)))).toMatch(/^SourceBundleDeletionException: /)
    expect(world.state().versions.map(({ label }) => label)).toEqual(['v1', 'v2'])
  })

  test('that a Ready environment runs is deleted, or kept where the switch says so', async () => {
    for (const [versionInUse, labels] of [
      ['deleted', ['v2']],
      ['kept', ['v1', 'v2']],
    ] as const) {
      const world = beanstalkWorld({ switches: { versionInUse } })
      await world.given.environment(blue)
      const answer = await world.run(refusal(world.eb.deleteApplicationVersion(inShop('v1'))))
      expect(answer).toMatch(
        versionInUse === 'deleted' ? /^accepted$/ : /^InvalidParameterValue: .*shop-blue/,
      )
      expect(world.state().versions.map(({ label }) => label)).toEqual(labels)
      expect(world.environment('shop-blue').version).toBe('v1')
    }
  })

  test('that is just being deployed, or looked at, is not deleted', async () => {
    const world = beanstalkWorld()
    const { eb, run } = world
    await world.given.environment(blue)
    await run(eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
    expect(await run(refusal(eb.deleteApplicationVersion(inShop('v2'))))).toBe(
      'OperationInProgressException: Unable to delete application version: v2. An operation is already in progress, please retry again shortly.',
    )
    const SourceBundle = { S3Bucket: bucket, S3Key: 'shop/v1.zip' }
    await run(eb.createApplicationVersion({ ...inShop('v3'), SourceBundle, Process: true }))
    expect(await run(refusal(eb.deleteApplicationVersion(inShop('v3'))))).toMatch(/^OperationInProgress/)
  })
})

describe('the lifecycle of versions', () => {
  const role = 'arn:aws:iam::123456789012:role/aws-elasticbeanstalk-service-role'
  const set = ({ eb, run }: World, VersionLifecycleConfig: object, ServiceRole: string | undefined = role) =>
    run(
      eb.updateApplicationResourceLifecycle({
        ApplicationName: 'shop',
        ResourceLifecycleConfig: { VersionLifecycleConfig, ServiceRole },
      }),
    )
  const create = ({ eb, run, simulator }: World, label: string) => {
    const SourceBundle = { S3Bucket: bucket, S3Key: `shop/${label}.zip` }
    simulator.buckets.put(bucket, SourceBundle.S3Key, zip)
    return run(eb.createApplicationVersion({ ...inShop(label), SourceBundle }))
  }
  const labels = (world: World) => world.state().versions.map(({ label }) => label)

  test('is off until it is set, and keeps what a call does not name', async () => {
    const world = beanstalkWorld()
    expect((await applicationOf(world))?.ResourceLifecycleConfig).toEqual({
      VersionLifecycleConfig: {
        MaxCountRule: { Enabled: false, MaxCount: 200, DeleteSourceFromS3: false },
        MaxAgeRule: { Enabled: false, MaxAgeInDays: 180, DeleteSourceFromS3: false },
      },
    })
    await set(world, { MaxCountRule: { Enabled: true, MaxCount: 5 } })
    const MaxAgeRule = { Enabled: true, MaxAgeInDays: 7, DeleteSourceFromS3: true }
    await world.run(
      world.eb.updateApplicationResourceLifecycle({
        ApplicationName: 'shop',
        ResourceLifecycleConfig: { VersionLifecycleConfig: { MaxAgeRule } },
      }),
    )
    expect((await applicationOf(world))?.ResourceLifecycleConfig).toEqual({
      ServiceRole: role,
      VersionLifecycleConfig: {
        MaxCountRule: { Enabled: true, MaxCount: 5, DeleteSourceFromS3: false },
        MaxAgeRule,
      },
    })
  })

  test('needs a service role the first time, also when an application is created with it', async () => {
    const { eb, run } = beanstalkWorld()
    const ResourceLifecycleConfig = {
      VersionLifecycleConfig: { MaxCountRule: { Enabled: true, MaxCount: 3 } },
    }
    expect(
      await run(
        refusal(eb.updateApplicationResourceLifecycle({ ApplicationName: 'shop', ResourceLifecycleConfig })),
      ),
    ).toMatch(/^InvalidParameterValue: A service role/)
    const made = (ServiceRole?: string) =>
      eb.createApplication({
        ApplicationName: 'other',
        ResourceLifecycleConfig: { ...ResourceLifecycleConfig, ServiceRole },
      })
    expect(await run(refusal(made()))).toMatch(/^InvalidParameterValue: A service role/)
    expect((await run(made(role))).Application?.ResourceLifecycleConfig).toMatchObject({
      ServiceRole: role,
      VersionLifecycleConfig: { MaxCountRule: { Enabled: true, MaxCount: 3 } },
    })
  })

  test('deletes nothing before a version is created, and then the oldest; the new one does not count', async () => {
    const world = beanstalkWorld()
    await create(world, 'v3')
    await set(world, { MaxCountRule: { Enabled: true, MaxCount: 2 } })
    await world.seconds(60)
    expect(labels(world)).toEqual(['v1', 'v2', 'v3'])
    await create(world, 'v4')
    expect(labels(world)).toEqual(['v1', 'v2', 'v3', 'v4'])
    await world.seconds(5)
    expect(labels(world)).toEqual(['v2', 'v3', 'v4'])
    expect(world.simulator.buckets.keys(bucket)).toContain('shop/v1.zip')
  })

  test('by age deletes what is older than so many days, with the bundle if it shall', async () => {
    const world = beanstalkWorld()
    await set(world, { MaxAgeRule: { Enabled: true, MaxAgeInDays: 7, DeleteSourceFromS3: true } })
    await world.seconds(6 * 86_400)
    await create(world, 'v3')
    await world.seconds(5)
    expect(labels(world)).toEqual(['v1', 'v2', 'v3'])
    await world.seconds(2 * 86_400)
    await create(world, 'v4')
    await world.seconds(5)
    expect(labels(world)).toEqual(['v3', 'v4'])
    expect(world.simulator.buckets.keys(bucket)).toEqual(['shop/v3.zip', 'shop/v4.zip'])
  })

  test('spares what an environment runs, or is being updated to', async () => {
    const world = beanstalkWorld()
    for (const label of ['v3', 'v4']) await create(world, label)
    await world.given.environment({ ...blue, version: 'v2' })
    await set(world, { MaxCountRule: { Enabled: true, MaxCount: 1 } })
    await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v3' }))
    await create(world, 'v5')
    await world.seconds(5)
    expect(labels(world)).toEqual(['v2', 'v3', 'v4', 'v5'])
    await world.until('shop-blue', 'Ready')
    await create(world, 'v6')
    await world.seconds(5)
    expect(labels(world)).toEqual(['v3', 'v5', 'v6'])
  })

  test('spares for ten weeks what a terminated environment ran', async () => {
    const world = beanstalkWorld()
    await world.given.environment(blue)
    await world.run(world.eb.terminateEnvironment({ EnvironmentName: 'shop-blue' }))
    await world.until('shop-blue', 'Terminated')
    await set(world, { MaxCountRule: { Enabled: true, MaxCount: 1 } })
    await world.seconds(69 * 86_400)
    await create(world, 'v3')
    await world.seconds(5)
    expect(labels(world)).toEqual(['v1', 'v2', 'v3'])
    await world.seconds(86_400)
    await create(world, 'v4')
    await world.seconds(5)
    expect(labels(world)).toEqual(['v3', 'v4'])
  })

  test('deletes a hundred at once and no more', async () => {
    const world = beanstalkWorld()
    for (let n = 1; n <= 120; n++) world.given.version('shop', `old-${n}`)
    await set(world, { MaxCountRule: { Enabled: true, MaxCount: 1 } })
    await create(world, 'v3')
    await world.seconds(5)
    expect(labels(world)).toHaveLength(23)
    await create(world, 'v4')
    await world.seconds(5)
    expect(labels(world)).toEqual(['v3', 'v4'])
  })
})

describe('quotas', () => {
  test('are told as they are by default', async () => {
    const { eb, run } = beanstalkWorld()
    expect((await run(eb.describeAccountAttributes({}))).ResourceQuotas).toEqual({
      ApplicationQuota: { Maximum: 75 },
      ApplicationVersionQuota: { Maximum: 1_000 },
      ConfigurationTemplateQuota: { Maximum: 2_000 },
      EnvironmentQuota: { Maximum: 200 },
      CustomPlatformQuota: { Maximum: 50 },
    })
  })

  test('of applications hold for those that are made with a version too', async () => {
    const { eb, run } = beanstalkWorld({ quotas: { applications: 1 } })
    const full =
      'TooManyApplicationsException: You cannot have more than 1 Applications. Either remove some Applications or request a limit increase.'
    expect(await run(refusal(eb.createApplication({ ApplicationName: 'other' })))).toBe(full)
    const version = { ApplicationName: 'other', VersionLabel: 'v1', AutoCreateApplication: true }
    expect(await run(refusal(eb.createApplicationVersion(version)))).toBe(full)
  })

  test('of versions count all applications, and nothing is left of a refused one', async () => {
    const world = beanstalkWorld({ quotas: { applicationVersions: 2 } })
    const { eb, run } = world
    const version = { ApplicationName: 'other', VersionLabel: 'v1', AutoCreateApplication: true }
    expect(await run(refusal(eb.createApplicationVersion(version)))).toBe(
      'TooManyApplicationVersionsException: You cannot have more than 2 Application Versions. Either remove some Application Versions or request a limit increase.',
    )
    expect(await applicationOf(world, 'other')).toBeUndefined()
    await run(eb.deleteApplicationVersion(inShop('v1')))
    expect(await run(refusal(eb.createApplicationVersion(version)))).toBe('accepted')
  })

  test('of templates and environments; the terminated do not count', async () => {
    const world = beanstalkWorld({ quotas: { configurationTemplates: 1, environments: 1 } })
    const { eb, run } = world
    const { id } = await world.given.environment(blue)
    const template = (TemplateName: string) =>
      eb.createConfigurationTemplate({ ApplicationName: 'shop', TemplateName, EnvironmentId: id })
    await run(template('one'))
    expect(await run(refusal(template('two')))).toMatch(/^TooManyConfigurationTemplatesException: /)
    const green = { ApplicationName: 'shop', EnvironmentName: 'shop-green', TemplateName: 'one' }
    expect(await run(refusal(eb.createEnvironment(green)))).toMatch(/^TooManyEnvironmentsException: /)
    await run(eb.terminateEnvironment({ EnvironmentId: id }))
    await world.until('shop-blue', 'Terminated')
    expect(await run(refusal(eb.createEnvironment(green)))).toBe('accepted')
  })
})

test('a template is changed, and environments made from it are not', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  const { id } = await world.given.environment({
    ...blue,
    options: { 'aws:elasticbeanstalk:application:environment/OLD': '1' },
  })
  const named = { ApplicationName: 'shop', TemplateName: 'one' }
  await run(eb.createConfigurationTemplate({ ...named, EnvironmentId: id, Description: 'as it was' }))
  const Namespace = 'aws:elasticbeanstalk:application:environment'
  await run(
    eb.updateConfigurationTemplate({
      ...named,
      Description: '',
      OptionSettings: [{ Namespace, OptionName: 'NEW', Value: '2' }],
      OptionsToRemove: [{ Namespace, OptionName: 'OLD' }],
    }),
  )
  const variables = async (of: { TemplateName: string } | { EnvironmentName: string }) => {
    const { ConfigurationSettings: [found] = [] } = await run(
      eb.describeConfigurationSettings({ ApplicationName: 'shop', ...of }),
    )
    const own = (found?.OptionSettings ?? []).filter((one) => one.Namespace === Namespace)
    return { description: found?.Description, names: own.map(({ OptionName }) => OptionName) }
  }
  expect(await variables({ TemplateName: 'one' })).toEqual({ description: undefined, names: ['NEW'] })
  expect((await variables({ EnvironmentName: 'shop-blue' })).names).toEqual(['OLD'])
})

test('long lists come in pages, and a token that nobody gave is refused', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  for (const name of ['shop-blue', 'shop-green']) await world.given.environment({ ...blue, name })
  const first = await run(eb.describeEnvironments({ MaxRecords: 1 }))
  const second = await run(eb.describeEnvironments({ MaxRecords: 1, NextToken: first.NextToken }))
  const names = [first, second].map(({ Environments }) => Environments?.[0]?.EnvironmentName)
  expect([...names, second.NextToken]).toEqual(['shop-blue', 'shop-green', undefined])
  const versions = await run(eb.describeApplicationVersions({ ApplicationName: 'shop', MaxRecords: 1 }))
  expect([versions.ApplicationVersions?.length, versions.NextToken]).toEqual([1, '1'])
  for (const list of [
    eb.describeApplicationVersions({ NextToken: 'mine' }),
    eb.describeEnvironments({ NextToken: 'mine' }),
    eb.describeEvents({ NextToken: 'mine' }),
    eb.describeInstancesHealth({ EnvironmentName: 'shop-blue', NextToken: 'mine' }),
  ]) {
    expect(await run(refusal(list))).toBe('InvalidParameterValue: Invalid NextToken.')
  }
})

test('a list without MaxRecords is whole, however long it is', async () => {
  const world = beanstalkWorld()
  for (let n = 3; n <= 1_100; n++) world.given.version('shop', `v${n}`)
  const { ApplicationVersions, NextToken } = await world.run(
    world.eb.describeApplicationVersions({ ApplicationName: 'shop' }),
  )
  expect([ApplicationVersions?.length, NextToken]).toEqual([1_100, undefined])
})

test('an operation that does not exist is an InvalidAction', async () => {
  const { simulator, run } = beanstalkWorld()
  const headers = {
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/elasticbeanstalk/aws4_request, SignedHeaders=host, Signature=0',
    'x-amz-date': '20260105T090000Z',
  }
  const body = new TextEncoder().encode('Action=DeleteEverything&Version=2010-12-01')
  const answer = await run(simulator.handle({ method: 'POST', path: '/', headers, body }))
  expect(answer).toMatchObject({ status: 400 })
  expect(String(typeof answer === 'string' ? answer : Buffer.from(answer.body))).toContain(
    '<Code>InvalidAction</Code><Message>Could not find operation DeleteEverything for version 2010-12-01</Message>',
  )
})

test('an application that is not there has no versions', async () => {
  const { eb, run } = beanstalkWorld()
  const { ApplicationVersions } = await run(
    eb.describeApplicationVersions({ ApplicationName: 'none', VersionLabels: ['v1'] }),
  )
  expect(ApplicationVersions).toEqual([])
})
