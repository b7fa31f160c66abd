import { expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

async function withBlue(more: object = {}) {
  const world = beanstalkWorld()
  const blue = await world.given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    ...more,
  })
  const group = () => world.environment('shop-blue').group
  const update = (order: object) =>
    world.autoScaling.updateAutoScalingGroup({ AutoScalingGroupName: group()?.name, ...order })
  return { ...world, blue, group, update }
}

test('an environment has one group, found by its tag', async () => {
  const world = await withBlue({ minSize: 2 })
  await world.given.environment({ application: 'shop', name: 'shop-green' })
  const { AutoScalingGroups = [] } = await world.run(
    world.autoScaling.describeAutoScalingGroups({
      Filters: [{ Name: 'tag:elasticbeanstalk:environment-id', Values: [world.blue.id, 'shop-green'] }],
    }),
  )
  expect(AutoScalingGroups).toHaveLength(1)
  expect(AutoScalingGroups[0]).toMatchObject({ MinSize: 2, MaxSize: 4, DesiredCapacity: 2 })
  expect(AutoScalingGroups[0]?.AutoScalingGroupName).toMatch(
    new RegExp(`^awseb-${world.blue.id}-stack-AWSEBAutoScalingGroup-[A-Z0-9]{12}$`),
  )
  expect(AutoScalingGroups[0]?.Instances?.map(({ LifecycleState }) => LifecycleState)).toEqual([
    'InService',
    'InService',
  ])
})

test('a larger minimum launches instances, which are in service and in the front two to three minutes later', async () => {
  const world = await withBlue()
  await world.run(world.update({ MinSize: 3 }))
  expect(world.group()).toMatchObject({ min: 3, desired: 3, inService: 1 })
  await world.seconds(119)
  expect(world.group()?.inService).toBe(1)
  await world.seconds(65)
  expect(world.group()?.inService).toBe(3)
  expect(world.environment('shop-blue').instances).toMatchObject([
    { version: 'v1', inFront: true },
    { version: 'v1', inFront: true },
    { version: 'v1', inFront: true },
  ])
  expect(
    (await world.messages('shop-blue')).filter((message) => message.startsWith('Added instance [i-')),
  ).toHaveLength(2)
})

test('changes by hand touch neither the environment’s status nor its configuration', async () => {
  const world = await withBlue()
  await world.run(world.update({ MinSize: 2, MaxSize: 8, DesiredCapacity: 5 }))
  expect(world.environment('shop-blue').status).toBe('Ready')
  const { ConfigurationSettings = [] } = await world.run(
    world.eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName: 'shop-blue' }),
  )
  expect(ConfigurationSettings[0]?.OptionSettings).toContainEqual({
    ResourceName: 'AWSEBAutoScalingGroup',
    Namespace: 'aws:autoscaling:asg',
    OptionName: 'MinSize',
    Value: '1',
  })
})

test('bounds that contradict each other are refused in AWS’s words', async () => {
  const world = await withBlue()
  const said = (order: object) => world.run(refusal(world.update(order)))
  expect(await said({ DesiredCapacity: 9 })).toBe(
    'ValidationError: Desired capacity:9 must be between the specified min size:1 and max size:4',
  )
  expect(await said({ MinSize: 5 })).toMatch(/^ValidationError: Max bound, 4, must be greater/)
  expect(await said({ AutoScalingGroupName: 'nobody', MinSize: 1 })).toMatch(/name not found/)
  expect(world.group()).toMatchObject({ min: 1, max: 4, desired: 1 })
})

test('a smaller maximum takes instances out of the front at once and ends them', async () => {
  const world = await withBlue({ minSize: 1, instances: 3 })
  await world.run(world.update({ MaxSize: 1 }))
  expect(world.environment('shop-blue').instances.filter(({ inFront }) => inFront)).toHaveLength(1)
  await world.seconds(21)
  expect(world.environment('shop-blue').instances).toHaveLength(1)
})

test('an idle group shrinks by one instance about every six minutes, down to its minimum', async () => {
  const world = await withBlue({ minSize: 1, instances: 3 })
  await world.seconds(280)
  expect(world.group()?.desired).toBe(3)
  await world.seconds(50)
  expect(world.group()?.desired).toBe(2)
  await world.seconds(300)
  expect(world.group()?.desired).toBe(2)
  await world.seconds(90)
  expect(world.group()?.desired).toBe(1)
  await world.seconds(3_600)
  expect(world.group()).toMatchObject({ desired: 1, inService: 1 })
})

test('a group with traffic does not shrink', async () => {
  const world = await withBlue({ minSize: 1, instances: 2 })
  world.load(world.blue.cname, { perSecond: 10, forSeconds: 900 })
  await world.seconds(900)
  expect(world.group()?.desired).toBe(2)
})

test('a raised minimum keeps an idle group from shrinking', async () => {
  const world = await withBlue({ minSize: 1, instances: 2 })
  await world.run(world.update({ MinSize: 2 }))
  await world.seconds(1_800)
  expect(world.group()?.desired).toBe(2)
})

test('Beanstalk’s own options set the group too, and leave alone what they do not change', async () => {
  const world = await withBlue()
  await world.run(world.update({ MinSize: 2 }))
  const options = (...OptionSettings: object[]) =>
    world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', OptionSettings }))
  await options({ Namespace: 'aws:elasticbeanstalk:xray', OptionName: 'XRayEnabled', Value: 'true' })
  await world.until('shop-blue', 'Ready')
  expect(world.group()).toMatchObject({ min: 2, max: 4 })
  await options(
    { Namespace: 'aws:autoscaling:asg', OptionName: 'MinSize', Value: '3' },
    { Namespace: 'aws:autoscaling:asg', OptionName: 'MaxSize', Value: '6' },
  )
  await world.until('shop-blue', 'Ready')
  expect(world.group()).toMatchObject({ min: 3, max: 6, desired: 3 })
})

test('an instance that arrives during a deployment runs what the deployment brought', async () => {
  const world = await withBlue()
  await world.run(world.update({ MinSize: 2 }))
  await world.seconds(90)
  await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.seconds(200)
  expect(world.environment('shop-blue').instances.map(({ version }) => version)).toEqual(['v2', 'v2'])
})

test('an instance whose application does not start never gets requests', async () => {
  const behaviours = { v1: { starts: true } }
  const world = beanstalkWorld({ behaviours })
  await world.given.environment({ application: 'shop', name: 'shop-blue', version: 'v1' })
  behaviours.v1.starts = false
  world.byHand.setGroup(world.environment('shop-blue').id, { min: 2 })
  await world.seconds(185)
  expect(world.environment('shop-blue').group?.inService).toBe(2)
  expect(world.environment('shop-blue').instances.map(({ inFront }) => inFront)).toEqual([true, false])
})
