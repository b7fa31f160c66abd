import { expect, test } from 'vitest'
import { beanstalkWorld } from './beanstalk-world.ts'
import { rawQuery } from './raw-query.ts'

// What only the EB CLI sends and reads: its model of the API has more than the public ones.

async function withBlue(more: { readonly tier?: 'worker' } = {}) {
  const world = beanstalkWorld()
  const { simulator, given, run } = world
  await given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: 'v1',
    cnamePrefix: 'shop',
    options: { 'aws:elasticbeanstalk:application:environment/GREETING': 'hello' },
    ...more,
  })
  const call = (Action: string, input: Readonly<Record<string, string>>) =>
    run(rawQuery(simulator, { Action, Version: '2010-12-01', ApplicationName: 'shop', ...input }))
  const clone = () =>
    call('CreateEnvironment', {
      EnvironmentName: 'shop-green',
      VersionLabel: 'v2',
      'TemplateSpecification.TemplateSource.EnvironmentName': 'shop-blue',
    })
  const save = () =>
    call('CreateConfigurationTemplate', {
      TemplateName: 'kept',
      'TemplateSpecification.TemplateSource.EnvironmentName': 'shop-blue',
    })
  const settingsOf = async (name: { EnvironmentName: string } | { TemplateName: string }) => {
    const { ConfigurationSettings = [] } = await run(
      world.eb.describeConfigurationSettings({ ApplicationName: 'shop', ...name }),
    )
    const options = ConfigurationSettings[0]?.OptionSettings ?? []
    return Object.fromEntries(
      options.map(({ Namespace, OptionName, Value }) => [`${Namespace}/${OptionName}`, Value]),
    )
  }
  return { ...world, call, clone, save, settingsOf }
}

const bucket = 'elasticbeanstalk-us-east-1-123456789012'
const file = 'resources/templates/shop/kept'

test('a clone has the settings of the original, but not the security group that was made for it', async () => {
  const world = await withBlue()
  expect(await world.clone()).toMatchObject({ status: 200 })
  await world.until('shop-green', 'Ready')
  const settings = await world.settingsOf({ EnvironmentName: 'shop-green' })
  expect(settings['aws:elasticbeanstalk:application:environment/GREETING']).toBe('hello')
  expect(settings['aws:autoscaling:launchconfiguration/SecurityGroups']).not.toContain(
    world.environment('shop-blue').id,
  )
  await world.run(world.eb.terminateEnvironment({ EnvironmentName: 'shop-blue' }))
  await world.until('shop-blue', 'Terminated')
})

test('a clone of a worker is a worker', async () => {
  const world = await withBlue({ tier: 'worker' })
  await world.clone()
  expect(world.environment('shop-green').cname).toBeUndefined()
})

test('a clone of nothing is refused', async () => {
  const { call } = await withBlue()
  const answer = await call('CreateEnvironment', {
    EnvironmentName: 'shop-green',
    'TemplateSpecification.TemplateSource.EnvironmentName': 'none',
  })
  expect(answer).toMatchObject({
    status: 400,
    text: expect.stringContaining("No Environment found for EnvironmentName = 'none'."),
  })
})

test('a configuration tells its tier', async () => {
  const { call } = await withBlue()
  expect(await call('DescribeConfigurationSettings', { EnvironmentName: 'shop-blue' })).toMatchObject({
    text: expect.stringContaining(
      '<Tier><Name>WebServer</Name><Type>Standard</Type><Version>1.0</Version></Tier>',
    ),
  })
})

test('a template is a file in the bucket, and what is put into the file is the template', async () => {
  const { simulator, save, settingsOf } = await withBlue()
  expect(await save()).toMatchObject({ status: 200 })
  const text = Buffer.from(simulator.buckets.read(bucket, file) ?? []).toString('utf8')
  expect(text).toContain('AWSConfigurationTemplateVersion: 1.1.0.0')
  expect(text).toMatch(/^ {2}AWSEBAutoScalingGroup\.aws:autoscaling:asg:$/m)
  expect(text).toMatch(/^ {4}GREETING: hello$/m)

  simulator.buckets.put(bucket, file, Buffer.from(text.replace('GREETING: hello', 'GREETING: 12')))
  const settings = await settingsOf({ TemplateName: 'kept' })
  expect(settings['aws:elasticbeanstalk:application:environment/GREETING']).toBe('12')
  expect(settings['aws:autoscaling:asg/MinSize']).toBe('1')
})

test('a file that is no configuration is refused in a sentence', async () => {
  const { simulator, save, call } = await withBlue()
  await save()
  simulator.buckets.put(bucket, file, Buffer.from('- [no: yaml'))
  expect(await call('DescribeConfigurationSettings', { TemplateName: 'kept' })).toMatchObject({ status: 400 })
  simulator.buckets.put(bucket, file, Buffer.from('OptionSettings: 7'))
  expect(await call('DescribeConfigurationSettings', { TemplateName: 'kept' })).toMatchObject({ status: 400 })
  expect(simulator.bugs).toEqual([])
})

test('the file goes with its template, and changes with it', async () => {
  const { simulator, save, eb, run } = await withBlue()
  await save()
  const name = { ApplicationName: 'shop', TemplateName: 'kept' }
  await run(eb.updateConfigurationTemplate({ ...name, Description: 'the kept one' }))
  expect(Buffer.from(simulator.buckets.read(bucket, file) ?? []).toString('utf8')).toContain('the kept one')
  await run(eb.deleteConfigurationTemplate(name))
  expect(simulator.buckets.keys(bucket, 'resources/')).toEqual([])
})

test('a whole template is validated without any settings', async () => {
  const { save, call } = await withBlue()
  await save()
  expect(await call('ValidateConfigurationSettings', { TemplateName: 'kept' })).toMatchObject({
    status: 200,
    text: expect.stringContaining('<Messages/>'),
  })
})
