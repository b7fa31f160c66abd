import type { ConfigurationOptionSetting } from '@aws-sdk/client-elastic-beanstalk'
import { expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const arn = (kind: string, path: string) => `arn:aws:elasticbeanstalk:us-east-1:123456789012:${kind}/${path}`

async function withBlue(more: object = {}) {
  const world = beanstalkWorld(more)
  const options = { 'aws:elasticbeanstalk:application:environment/SECRET': 'hush' }
  const tags = { team: 'checkout' }
  const given = { application: 'shop', name: 'shop-blue', version: 'v1', minSize: 2, options, tags }
  const blue = await world.given.environment(given)
  const template = (more: object = {}) =>
    world.eb.createConfigurationTemplate({
      ApplicationName: 'shop',
      TemplateName: 't',
      EnvironmentId: blue.id,
      ...more,
    })
  return { ...world, blue, template }
}

const settingOf = (settings: readonly ConfigurationOptionSetting[] = [], name: string) =>
  settings.find(({ Namespace, OptionName }) => `${Namespace}/${OptionName}` === name)?.Value

test('the settings of an environment come with secrets in clear and with names of its own', async () => {
  const world = await withBlue()
  const { ConfigurationSettings = [] } = await world.run(
    world.eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName: 'shop-blue' }),
  )
  const settings = ConfigurationSettings[0]?.OptionSettings
  expect(settingOf(settings, 'aws:elasticbeanstalk:application:environment/SECRET')).toBe('hush')
  expect(settingOf(settings, 'aws:autoscaling:asg/MinSize')).toBe('2')
  expect(settingOf(settings, 'aws:autoscaling:launchconfiguration/SecurityGroups')).toContain(world.blue.id)
  expect(settingOf(settings, 'aws:elasticbeanstalk:sns:topics/Notification Topic ARN')).toContain('shop-blue')
  expect(settingOf(settings, 'aws:elasticbeanstalk:environment/LoadBalancerType')).toBe('application')
})

test('a template made from an environment keeps its settings, and outlives what happens to the environment', async () => {
  const world = await withBlue()
  const made = await world.run(world.template())
  expect(settingOf(made.OptionSettings, 'aws:autoscaling:launchconfiguration/SecurityGroups')).toContain(
    world.blue.id,
  )
  const { ConfigurationSettings = [] } = await world.run(
    world.eb.describeConfigurationSettings({ ApplicationName: 'shop', TemplateName: 't' }),
  )
  expect(ConfigurationSettings).toHaveLength(1)
  expect(ConfigurationSettings[0]?.OptionSettings).toEqual(made.OptionSettings)
  expect(await world.run(refusal(world.template()))).toBe(
    'InvalidParameterValue: Configuration Template t already exists.',
  )
})

test('an environment from a template has its settings, with overrides, and the source’s tags unless it has its own', async () => {
  const world = await withBlue()
  const { eb, run } = world
  await run(world.template())
  const create = (EnvironmentName: string, more: object) =>
    run(
      eb.createEnvironment({
        ApplicationName: 'shop',
        EnvironmentName,
        TemplateName: 't',
        VersionLabel: 'v2',
        ...more,
      }),
    )
  const override = { Namespace: 'aws:autoscaling:asg', OptionName: 'MinSize', Value: '3' }
  await create('shop-green', { OptionSettings: [override] })
  await create('shop-red', { Tags: [{ Key: 'own', Value: 'yes' }] })
  await run(eb.deleteConfigurationTemplate({ ApplicationName: 'shop', TemplateName: 't' }))
  await world.until('shop-green', 'Ready')
  const green = world.environment('shop-green')
  expect(green).toMatchObject({ version: 'v2', group: { min: 3, inService: 3 }, tags: { team: 'checkout' } })
  expect(world.environment('shop-red').tags).toMatchObject({ own: 'yes' })
  expect(world.environment('shop-red').tags).not.toHaveProperty('team')
  expect(world.state().templates).toEqual([])
  const settings = await run(
    eb.describeConfigurationSettings({ ApplicationName: 'shop', EnvironmentName: 'shop-green' }),
  )
  const groups = settingOf(
    settings.ConfigurationSettings?.[0]?.OptionSettings,
    'aws:autoscaling:launchconfiguration/SecurityGroups',
  )
  expect(groups?.split(',').map((group) => group.split('-stack')[0])).toEqual([
    `awseb-${world.blue.id}`,
    `awseb-${green.id}`,
  ])
})

test('a template from a busy environment is made, or refused where the switch says so', async () => {
  for (const [templateFromBusy, answer] of [
    ['allowed', /^accepted$/],
    ['refused', /Must be Ready/],
  ] as const) {
    const world = await withBlue({ switches: { templateFromBusy } })
    await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
    expect(await world.run(refusal(world.template()))).toMatch(answer)
  }
})

test('tagging an environment is an update of a minute or more; tagging a version is immediate', async () => {
  const world = await withBlue()
  const { eb, run } = world
  const add = (ResourceArn: string) =>
    run(eb.updateTagsForResource({ ResourceArn, TagsToAdd: [{ Key: 'color', Value: 'blue' }] }))
  const tagged = async (ResourceArn: string) =>
    (await run(eb.listTagsForResource({ ResourceArn }))).ResourceTags?.some(({ Key }) => Key === 'color')
  await add(arn('applicationversion', 'shop/v1'))
  expect(await tagged(arn('applicationversion', 'shop/v1'))).toBe(true)
  const environment = arn('environment', 'shop/shop-blue')
  await add(environment)
  expect(world.environment('shop-blue').status).toBe('Updating')
  expect(await tagged(environment)).toBe(false)
  const took = await world.until('shop-blue', 'Ready')
  expect(took).toBeGreaterThan(59)
  expect(took).toBeLessThan(91)
  expect(await tagged(environment)).toBe(true)
  expect(await world.messages('shop-blue')).toContain('Environment tag update completed successfully.')
})

test('tags are refused for what does not exist, for reserved keys, and beyond 47', async () => {
  const world = await withBlue()
  const add = (path: string, Keys: string[]) =>
    world.run(
      refusal(
        world.eb.updateTagsForResource({
          ResourceArn: arn('applicationversion', path),
          TagsToAdd: Keys.map((Key) => ({ Key, Value: 'x' })),
        }),
      ),
    )
  expect(await add('shop/v9', ['a'])).toMatch(/^ResourceNotFoundException: /)
  expect(await add('shop/v1', ['elasticbeanstalk:mine'])).toMatch(/reserved/)
  const many = Array.from({ length: 48 }, (_, index) => `key-${index}`)
  // The API takes so many tags at a time; the limit is on what the resource has.
  await add('shop/v1', many.slice(0, 20))
  await add('shop/v1', many.slice(20, 40))
  expect(await add('shop/v1', many.slice(40))).toMatch(/^TooManyTagsException: /)
})

test('a busy environment refuses tags with the error that the switch names', async () => {
  for (const [tagsWhenBusy, name] of [
    ['InvalidParameterValue', 'InvalidParameterValue'],
    ['OperationInProgressFailure', 'OperationInProgressException'],
  ] as const) {
    const world = await withBlue({ switches: { tagsWhenBusy } })
    await world.run(world.eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
    const tag = world.eb.updateTagsForResource({
      ResourceArn: arn('environment', 'shop/shop-blue'),
      TagsToAdd: [{ Key: 'a', Value: 'b' }],
    })
    expect(await world.run(refusal(tag))).toMatch(new RegExp(`^${name}: `))
  }
})

test('events come newest first, filtered and in pages that new lines do not move', async () => {
  const world = await withBlue()
  const { eb, run } = world
  const { $metadata } = await run(eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v2' }))
  await world.until('shop-blue', 'Ready')
  const all = (await run(eb.describeEvents({ EnvironmentName: 'shop-blue' }))).Events ?? []
  const times = all.map(({ EventDate }) => EventDate?.getTime() ?? 0)
  expect(times).toEqual([...times].sort((a, b) => b - a))
  expect(all.filter(({ Message }) => Message?.includes('health')).every(({ RequestId }) => !RequestId)).toBe(
    true,
  )
  const own = (await run(eb.describeEvents({ RequestId: $metadata.requestId ?? '' }))).Events ?? []
  expect(own.map(({ Message }) => Message)).toContain('Environment update completed successfully.')
  expect(own.length).toBeLessThan(all.length)
  const since = own[0]?.EventDate ?? new Date()
  const inclusive = await run(eb.describeEvents({ EnvironmentName: 'shop-blue', StartTime: since }))
  expect(inclusive.Events?.map(({ Message }) => Message)).toContain(
    'Environment update completed successfully.',
  )
  const before = await run(eb.describeEvents({ EnvironmentName: 'shop-blue', EndTime: since }))
  expect(before.Events?.map(({ Message }) => Message)).not.toContain(
    'Environment update completed successfully.',
  )

  const first = await run(eb.describeEvents({ EnvironmentName: 'shop-blue', MaxRecords: 2 }))
  await run(eb.updateEnvironment({ EnvironmentName: 'shop-blue', VersionLabel: 'v1' }))
  const second = await run(
    eb.describeEvents({ EnvironmentName: 'shop-blue', MaxRecords: 2, NextToken: first.NextToken ?? '' }),
  )
  expect([...(first.Events ?? []), ...(second.Events ?? [])]).toEqual(all.slice(0, 4))
})

test('the resources of an environment name its load balancer by ARN; a single instance has none', async () => {
  const world = await withBlue()
  const single = await world.given.environment({ application: 'shop', name: 'shop-single', single: true })
  const resources = async (EnvironmentName: string) =>
    (await world.run(world.eb.describeEnvironmentResources({ EnvironmentName }))).EnvironmentResources
  expect((await resources('shop-blue'))?.LoadBalancers?.[0]?.Name).toMatch(
    /^arn:aws:elasticloadbalancing:.*app\/awseb-/,
  )
  expect((await resources('shop-blue'))?.Instances).toHaveLength(2)
  expect((await resources('shop-single'))?.LoadBalancers).toEqual([])
  expect(single.endpoint).toMatch(/^[\d.]+$/)
})

test('the name of a single instance is an address; that of a load balancer leads there with a TTL of a minute', async () => {
  const world = await withBlue()
  const single = await world.given.environment({ application: 'shop', name: 'shop-single', single: true })
  const { resolve } = world.simulator.names
  expect(resolve(`${single.cname.toUpperCase()}.`)).toEqual([
    { name: single.cname, type: 'A', ttl: 60, data: single.endpoint },
  ])
  expect(resolve(world.blue.cname).map(({ type, ttl }) => [type, ttl])).toEqual([
    ['CNAME', 60],
    ['A', 60],
  ])
  expect(resolve(world.blue.endpoint)).toHaveLength(1)
  expect(resolve('nobody.us-east-1.elasticbeanstalk.com')).toEqual([])
})

test('a managed update makes an environment busy for about ten minutes', async () => {
  const world = await withBlue()
  world.byHand.managedUpdate(world.blue.id)
  const took = await world.until('shop-blue', 'Ready')
  expect(took).toBeGreaterThan(500)
  expect(took).toBeLessThan(700)
  expect(world.environment('shop-blue')).toMatchObject({ health: 'Green', version: 'v1' })
})
