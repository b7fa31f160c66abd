import { describe, expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const older = '64bit Amazon Linux 2023 v6.5.2 running Node.js 22'
const newer = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
const hour = 3_600

/** The world begins on Monday at 9:00 UTC: an hour before the first scan, two before this window. */
async function managed(options: Readonly<Record<string, string>> = {}, stack = older) {
  const world = beanstalkWorld({ behaviours: { broken: { starts: false } } })
  const { id, cname } = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    stack,
    options: {
      'aws:elasticbeanstalk:managedactions/ManagedActionsEnabled': 'true',
      'aws:elasticbeanstalk:managedactions/PreferredStartTime': 'Mon:11:00',
      'aws:elasticbeanstalk:managedactions:platformupdate/UpdateLevel': 'minor',
      ...options,
    },
  })
  const named = { EnvironmentId: id }
  const { eb, run } = world
  return {
    ...world,
    id,
    cname,
    action: async () => (await run(eb.describeEnvironmentManagedActions(named))).ManagedActions?.[0],
    history: async () =>
      (await run(eb.describeEnvironmentManagedActionHistory(named))).ManagedActionHistoryItems ?? [],
    apply: (ActionId = '') => run(refusal(eb.applyEnvironmentManagedAction({ ...named, ActionId }))),
    stack: async () =>
      (await run(eb.describeEnvironments({ EnvironmentIds: [id] }))).Environments?.[0]?.SolutionStackName,
  }
}

describe('a managed platform update', () => {
  test('is scheduled within an hour for the next window, and runs in it while the environment serves', async () => {
    const world = await managed()
    expect(await world.action()).toBeUndefined()
    await world.seconds(hour)
    expect(await world.action()).toEqual({
      ActionId: expect.any(String),
      ActionType: 'PlatformUpdate',
      ActionDescription: 'Platform update from 6.5.2 to 6.6.1',
      Status: 'Scheduled',
      WindowStartTime: new Date('2026-01-05T11:00:00Z'),
    })
    await world.seconds(hour)
    expect((await world.action())?.Status).toBe('Pending')
    await world.until('shop-blue', 'Updating')
    expect((await world.action())?.Status).toBe('Running')
    const answers = new Set<string>()
    while (world.environment('shop-blue').status === 'Updating') {
      await world.seconds(10)
      answers.add(`${(await world.get(world.cname))?.status} ${world.environment('shop-blue').health}`)
    }
    expect([...answers]).toEqual(['200 Green'])
    expect(await world.stack()).toBe(newer)
    expect(await world.action()).toBeUndefined()
    expect(await world.history()).toEqual([
      expect.objectContaining({ ActionType: 'PlatformUpdate', Status: 'Completed' }),
    ])
    expect(world.environment('shop-blue').version).toBe('v1')
  })

  test('of the level patch leaves the second number alone', async () => {
    const world = await managed({ 'aws:elasticbeanstalk:managedactions:platformupdate/UpdateLevel': 'patch' })
    await world.seconds(hour)
    expect(await world.action()).toBeUndefined()
    world.given.stack(older.replace('6.5.2', '6.5.10'))
    await world.seconds(hour)
    expect((await world.action())?.ActionDescription).toBe('Platform update from 6.5.2 to 6.5.10')
  })

  test('never changes the first number, nor the branch', async () => {
    const world = await managed({}, newer)
    world.given.stack(newer.replace('6.6.1', '7.0.0'))
    world.given.stack(newer.replace('6.6.1', '6.9.0').replace('Node.js 22', 'Node.js 24'))
    await world.seconds(hour)
    expect(await world.action()).toBeUndefined()
  })

  test.each([
    ['that is not enabled', { 'aws:elasticbeanstalk:managedactions/ManagedActionsEnabled': 'false' }],
    ['without enhanced health', { 'aws:elasticbeanstalk:healthreporting:system/SystemType': 'basic' }],
    ['without a window', { 'aws:elasticbeanstalk:managedactions/PreferredStartTime': '' }],
  ])('%s is never scheduled', async (_, options) => {
    const world = await managed(options)
    await world.seconds(3 * hour)
    expect([await world.action(), await world.stack()]).toEqual([undefined, older])
  })

  test('is for the newest platform version there is, and waits for another week when its window is over', async () => {
    const world = await managed({ 'aws:elasticbeanstalk:managedactions/PreferredStartTime': 'Mon:08:00' })
    await world.seconds(hour)
    expect((await world.action())?.WindowStartTime).toEqual(new Date('2026-01-12T08:00:00Z'))
    world.given.stack(newer.replace('6.6.1', '6.7.0'))
    await world.seconds(hour)
    expect((await world.action())?.ActionDescription).toBe('Platform update from 6.5.2 to 6.7.0')
  })

  test('is dropped when the environment is updated by hand, or managed actions are switched off', async () => {
    const world = await managed()
    const { eb, run } = world
    await world.seconds(hour)
    const off = { Namespace: 'aws:elasticbeanstalk:managedactions', OptionName: 'ManagedActionsEnabled' }
    await run(eb.updateEnvironment({ EnvironmentId: world.id, OptionSettings: [{ ...off, Value: 'false' }] }))
    await world.until('shop-blue', 'Ready')
    await world.seconds(2 * hour)
    expect([await world.action(), await world.history(), await world.stack()]).toEqual([undefined, [], older])
  })

  test('of a busy environment is carried out when it is Ready, and fails when that takes the whole window', async () => {
    const world = await managed({ 'aws:elasticbeanstalk:command/DeploymentPolicy': 'Immutable' })
    await world.seconds(2 * hour - 10)
    await world.run(world.eb.updateEnvironment({ EnvironmentId: world.id, VersionLabel: 'v2' }))
    await world.seconds(hour)
    expect(await world.stack()).toBe(newer)
    expect(world.environment('shop-blue').version).toBe('v2')

    const stuck = await managed()
    await stuck.seconds(hour)
    stuck.simulator.cloud.faults.order({ fault: 'stuck-updating' })
    await stuck.run(stuck.eb.updateEnvironment({ EnvironmentId: stuck.id, VersionLabel: 'v2' }))
    await stuck.seconds(3 * hour)
    expect(await stuck.history()).toEqual([])
    await stuck.seconds(hour)
    expect(await stuck.history()).toEqual([
      expect.objectContaining({ Status: 'Failed', FailureType: 'InvalidEnvironmentState' }),
    ])
  })

  test('that fails leaves everything as it was, and is tried again a week later', async () => {
    const world = await managed()
    world.simulator.cloud.faults.order({ fault: 'deployment-rolls-back' })
    await world.seconds(2 * hour)
    await world.until('shop-blue', 'Updating')
    await world.until('shop-blue', 'Ready')
    expect([await world.stack(), world.environment('shop-blue').health]).toEqual([older, 'Green'])
    expect(await world.history()).toEqual([
      expect.objectContaining({ Status: 'Failed', FailureType: 'RollbackSuccessful' }),
    ])
    await world.seconds(hour)
    expect((await world.action())?.WindowStartTime).toEqual(new Date('2026-01-12T11:00:00Z'))
  })

  test('can be aborted', async () => {
    const world = await managed()
    await world.seconds(2 * hour)
    await world.until('shop-blue', 'Updating')
    await world.run(world.eb.abortEnvironmentUpdate({ EnvironmentId: world.id }))
    await world.until('shop-blue', 'Ready')
    expect((await world.history())[0]).toMatchObject({ FailureType: 'UpdateCancelled' })
    expect(await world.stack()).toBe(older)
  })

  test('without its bundle in S3 fails', async () => {
    const world = await managed()
    world.simulator.buckets.remove('elasticbeanstalk-us-east-1-123456789012', 'shop/v1.zip')
    await world.seconds(2 * hour)
    await world.until('shop-blue', 'Updating')
    await world.until('shop-blue', 'Ready')
    expect((await world.history())[0]).toMatchObject({ FailureType: 'InternalFailure' })
  })

  test('of a terminated environment never runs, and of one that is brought back is scheduled anew', async () => {
    const world = await managed()
    const { eb, run } = world
    await world.seconds(hour)
    await run(eb.terminateEnvironment({ EnvironmentId: world.id }))
    await world.seconds(5 * hour)
    expect(world.environment('shop-blue').status).toBe('Terminated')
    await run(eb.rebuildEnvironment({ EnvironmentId: world.id }))
    await world.until('shop-blue', 'Ready')
    expect([await world.action(), await world.history()]).toEqual([undefined, []])
    await world.seconds(hour)
    expect((await world.action())?.WindowStartTime).toEqual(new Date('2026-01-12T11:00:00Z'))
  })
})

test('instances are replaced every week where that is asked for, also without a new platform version', async () => {
  const refresh = { 'aws:elasticbeanstalk:managedactions:platformupdate/InstanceRefreshEnabled': 'true' }
  const world = await managed(refresh, newer)
  const before = world.environment('shop-blue').instances.map(({ id }) => id)
  await world.seconds(hour)
  expect((await world.action())?.ActionType).toBe('InstanceRefresh')
  await world.seconds(hour)
  await world.until('shop-blue', 'Updating')
  await world.until('shop-blue', 'Ready')
  expect(world.environment('shop-blue').instances.some(({ id }) => before.includes(id))).toBe(false)
  await world.seconds(hour)
  expect((await world.action())?.WindowStartTime).toEqual(new Date('2026-01-12T11:00:00Z'))
})

describe('ApplyEnvironmentManagedAction', () => {
  test('starts what is scheduled within seconds, and only once', async () => {
    const world = await managed()
    await world.seconds(hour)
    const { ActionId = '' } = (await world.action()) ?? {}
    const answer = await world.run(
      world.eb.applyEnvironmentManagedAction({ EnvironmentName: 'shop-blue', ActionId }),
    )
    expect(answer).toMatchObject({ ActionId, ActionType: 'PlatformUpdate', Status: 'Pending' })
    expect(await world.apply(ActionId)).toBe(
      'ManagedActionInvalidStateException: Cannot modify the managed action in its current state.',
    )
    await world.seconds(20)
    expect(world.environment('shop-blue').status).toBe('Updating')
    await world.until('shop-blue', 'Ready')
    await world.seconds(2 * hour)
    expect(await world.stack()).toBe(newer)
    expect(await world.history()).toHaveLength(1)
  })

  test('refuses what there is not, and a busy environment', async () => {
    const world = await managed()
    await world.seconds(hour)
    const { ActionId = '' } = (await world.action()) ?? {}
    expect(await world.apply('mine')).toMatch(/^InvalidParameterValue: No Managed Action found/)
    await world.run(world.eb.updateEnvironment({ EnvironmentId: world.id, VersionLabel: 'v2' }))
    expect(await world.apply(ActionId)).toMatch(/Must be Ready\.$/)
    expect((await world.action())?.Status).toBe('Scheduled')
  })
})

test('actions are found by their status, and history comes in pages, newest first', async () => {
  const world = await managed()
  const { eb, run } = world
  await world.seconds(hour)
  const withStatus = async (Status: 'Scheduled' | 'Running') =>
    (await run(eb.describeEnvironmentManagedActions({ EnvironmentName: 'shop-blue', Status }))).ManagedActions
  expect([(await withStatus('Scheduled'))?.length, await withStatus('Running')]).toEqual([1, undefined])
  for (const version of ['6.6.1', '6.7.0']) {
    world.given.stack(newer.replace('6.6.1', version))
    await world.seconds(hour)
    await world.apply((await world.action())?.ActionId)
    await world.seconds(20)
    await world.until('shop-blue', 'Ready')
  }
  const pages = async (NextToken?: string) =>
    run(eb.describeEnvironmentManagedActionHistory({ EnvironmentId: world.id, MaxItems: 1, NextToken }))
  const first = await pages()
  const second = await pages(first.NextToken)
  const descriptions = [first, second].map((one) => one.ManagedActionHistoryItems?.[0]?.ActionDescription)
  expect(descriptions).toEqual(['Platform update from 6.6.1 to 6.7.0', 'Platform update from 6.5.2 to 6.6.1'])
  expect(second.NextToken).toBeUndefined()
})

test('an operations role is shown from creation or association on, until it is taken away', async () => {
  const world = beanstalkWorld()
  const { eb, run } = world
  const OperationsRole = 'arn:aws:iam::123456789012:role/operations'
  const made = await run(
    eb.createEnvironment({
      ApplicationName: 'shop',
      EnvironmentName: 'shop-blue',
      SolutionStackName: newer,
      OperationsRole,
    }),
  )
  expect(made.OperationsRole).toBe(OperationsRole)
  const role = async () => (await run(eb.describeEnvironments({}))).Environments?.[0]?.OperationsRole
  await run(eb.disassociateEnvironmentOperationsRole({ EnvironmentName: 'shop-blue' }))
  expect(await role()).toBeUndefined()
  await run(eb.associateEnvironmentOperationsRole({ EnvironmentName: 'shop-blue', OperationsRole }))
  expect(await role()).toBe(OperationsRole)
})

test('groups of environments and custom platforms are what the account may not do', async () => {
  const { eb, run } = beanstalkWorld()
  const bundle = { S3Bucket: 'b', S3Key: 'k' }
  for (const [call, action] of [
    [eb.composeEnvironments({ ApplicationName: 'shop' }), 'ComposeEnvironments'],
    [
      eb.createPlatformVersion({
        PlatformName: 'mine',
        PlatformVersion: '1.0.0',
        PlatformDefinitionBundle: bundle,
      }),
      'CreatePlatformVersion',
    ],
    [eb.deletePlatformVersion({ PlatformArn: 'arn' }), 'DeletePlatformVersion'],
  ] as const) {
    expect(await run(refusal(call))).toContain(`is not authorized to perform: elasticbeanstalk:${action} on`)
  }
})
