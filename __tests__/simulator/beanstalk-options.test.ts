import { describe, expect, test } from 'vitest'
import { beanstalkWorld, refusal } from './beanstalk-world.ts'

const blue = { application: 'shop', name: 'shop-blue', version: 'v1' }
const stack = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
const managed = 'aws:elasticbeanstalk:managedactions'
const setting = (Namespace: string, OptionName: string, Value: string) => ({ Namespace, OptionName, Value })

async function withBlue() {
  const world = beanstalkWorld()
  await world.given.environment(blue)
  const validate = async (...OptionSettings: readonly ReturnType<typeof setting>[]) => {
    const order = {
      ApplicationName: 'shop',
      EnvironmentName: 'shop-blue',
      OptionSettings: [...OptionSettings],
    }
    const { Messages = [] } = await world.run(world.eb.validateConfigurationSettings(order))
    return Messages.map(({ Severity, Message }) => `${Severity}: ${Message}`)
  }
  return { ...world, validate }
}

describe('ValidateConfigurationSettings', () => {
  test('has nothing to say when all is well', async () => {
    const { validate } = await withBlue()
    expect(
      await validate(
        setting('aws:autoscaling:asg', 'MinSize', '2'),
        setting('aws:elasticbeanstalk:application:environment', 'ANYTHING', 'at all'),
        setting('aws:elbv2:listener:443', 'Protocol', 'HTTPS'),
        setting('aws:elasticbeanstalk:something:new', 'NobodyKnows', 'this'),
        setting('aws:autoscaling:asg', 'MaxSize', ''),
      ),
    ).toEqual([])
  })

  test('names what does not exist', async () => {
    const { validate } = await withBlue()
    expect(
      await validate(setting('aws:elasticbeanstalk:healthreporting:system', 'ConfigDocumet', '{}')),
    ).toEqual([
      "error: Invalid option specification (Namespace: 'aws:elasticbeanstalk:healthreporting:system', OptionName: 'ConfigDocumet'): Unknown configuration setting.",
    ])
    expect(await validate(setting('mine', 'Own', 'x'))).toHaveLength(1)
  })

  test.each([
    ['aws:autoscaling:asg', 'MinSize', '0', 'Value is less than minimum allowed value: 1'],
    ['aws:autoscaling:asg', 'MaxSize', '10001', 'Value is greater than maximum allowed value: 10000'],
    ['aws:autoscaling:asg', 'MaxSize', 'many', 'Value is not a whole number'],
    ['aws:elasticbeanstalk:xray', 'XRayEnabled', 'yes', 'Value must be true or false'],
    ['aws:ec2:vpc', 'ELBScheme', 'secret', 'Value is not one of: public, internal'],
    [managed, 'PreferredStartTime', 'Tue 9', 'Value does not match the regular expression'],
  ])('complains of %s %s = %s', async (namespace, name, value, why) => {
    const { validate } = await withBlue()
    const form = `error: Invalid option value: '${value}' (Namespace: '${namespace}', OptionName: '${name}'): ${why}`
    expect(await validate(setting(namespace, name, value))).toEqual([expect.stringContaining(form)])
  })

  test('judges what there would be together with what there is', async () => {
    const { validate, eb, run, until } = await withBlue()
    const enabled = setting(managed, 'ManagedActionsEnabled', 'true')
    expect((await validate(enabled)).map((one) => one.split('): ')[1])).toEqual([
      'Specify PreferredStartTime for managed actions.',
      'Specify UpdateLevel for managed platform updates.',
    ])
    const rest = [
      setting(managed, 'PreferredStartTime', 'Tue:09:00'),
      setting(`${managed}:platformupdate`, 'UpdateLevel', 'minor'),
    ]
    expect(await validate(enabled, ...rest)).toEqual([])
    expect(
      await validate(
        enabled,
        ...rest,
        setting('aws:elasticbeanstalk:healthreporting:system', 'SystemType', 'basic'),
      ),
    ).toEqual([expect.stringContaining('require enhanced health')])
    await run(eb.updateEnvironment({ EnvironmentName: 'shop-blue', OptionSettings: rest }))
    await until('shop-blue', 'Ready')
    expect(await validate(enabled)).toEqual([])
  })

  test('is for an environment or a template, not for both or neither', async () => {
    const { eb, run } = await withBlue()
    const base = {
      ApplicationName: 'shop',
      OptionSettings: [setting('aws:elasticbeanstalk:xray', 'XRayEnabled', 'yes')],
    }
    await run(
      eb.createConfigurationTemplate({
        ApplicationName: 'shop',
        TemplateName: 't',
        SolutionStackName: stack,
      }),
    )
    const both = { ...base, TemplateName: 't', EnvironmentName: 'shop-blue' }
    expect(await run(refusal(eb.validateConfigurationSettings(both)))).toMatch(/^InvalidParameterCombination/)
    expect(await run(refusal(eb.validateConfigurationSettings(base)))).toMatch(/^MissingParameter/)
    const { Messages } = await run(eb.validateConfigurationSettings({ ...base, TemplateName: 't' }))
    expect(Messages).toHaveLength(1)
  })
})

test('what is not valid is refused by every call that sets options', async () => {
  const { eb, run } = await withBlue()
  const OptionSettings = [setting('aws:autoscaling:asg', 'MinSize', '0')]
  await run(
    eb.createConfigurationTemplate({ ApplicationName: 'shop', TemplateName: 't', SolutionStackName: stack }),
  )
  const named = { ApplicationName: 'shop', OptionSettings }
  for (const call of [
    eb.createEnvironment({ ...named, EnvironmentName: 'shop-green', SolutionStackName: stack }),
    eb.updateEnvironment({ EnvironmentName: 'shop-blue', OptionSettings }),
    eb.createConfigurationTemplate({ ...named, TemplateName: 'u', SolutionStackName: stack }),
    eb.updateConfigurationTemplate({ ...named, TemplateName: 't' }),
  ]) {
    expect(await run(refusal(call))).toMatch(
      /^ConfigurationValidationException: Configuration validation exception: Invalid option value: '0'/,
    )
  }
})

describe('DescribeConfigurationOptions', () => {
  test('tells what an option may be, and what its change costs', async () => {
    const { eb, run } = await withBlue()
    const { Options, SolutionStackName } = await run(
      eb.describeConfigurationOptions({
        ApplicationName: 'shop',
        EnvironmentName: 'shop-blue',
        Options: [
          { Namespace: 'aws:autoscaling:asg', OptionName: 'MinSize' },
          { Namespace: 'aws:ec2:vpc', OptionName: 'ELBScheme' },
          { Namespace: managed, OptionName: 'PreferredStartTime' },
          { Namespace: 'aws:ec2:vpc', OptionName: 'NoSuchThing' },
        ],
      }),
    )
    expect(SolutionStackName).toBe(stack)
    expect(Options).toEqual([
      {
        Namespace: 'aws:autoscaling:asg',
        Name: 'MinSize',
        DefaultValue: '1',
        ChangeSeverity: 'NoInterruption',
        UserDefined: false,
        ValueType: 'Scalar',
        MinValue: 1,
        MaxValue: 10_000,
      },
      {
        Namespace: 'aws:ec2:vpc',
        Name: 'ELBScheme',
        DefaultValue: 'public',
        ChangeSeverity: 'RestartEnvironment',
        UserDefined: false,
        ValueType: 'Scalar',
        ValueOptions: ['public', 'internal'],
      },
      expect.objectContaining({ Regex: { Pattern: expect.any(String), Label: expect.any(String) } }),
    ])
  })

  test('lists every documented option of a platform, and the variables of an environment', async () => {
    const { eb, run, given } = await withBlue()
    const { Options: plain = [] } = await run(eb.describeConfigurationOptions({ SolutionStackName: stack }))
    expect(plain.length).toBeGreaterThan(150)
    expect(plain.map(({ Namespace }) => Namespace)).toContain(
      'aws:elasticbeanstalk:environment:process:default',
    )
    await given.environment({
      ...blue,
      name: 'shop-green',
      options: { 'aws:elasticbeanstalk:application:environment/COLOUR': 'green' },
    })
    const { Options: own = [] } = await run(
      eb.describeConfigurationOptions({ ApplicationName: 'shop', EnvironmentName: 'shop-green' }),
    )
    expect(own.find(({ Name }) => Name === 'COLOUR')).toMatchObject({
      UserDefined: true,
      ChangeSeverity: 'RestartApplicationServer',
    })
  })

  test('knows templates', async () => {
    const { eb, run } = await withBlue()
    const named = { ApplicationName: 'shop', TemplateName: 't' }
    await run(eb.createConfigurationTemplate({ ...named, SolutionStackName: stack }))
    expect((await run(eb.describeConfigurationOptions(named))).SolutionStackName).toBe(stack)
  })
})
