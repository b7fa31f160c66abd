import { describe, expect, it } from 'vitest'
import { defaults } from '../src/inputs/defaults.ts'
import { InputMistakes, readInputs } from '../src/inputs.ts'
import { actionFile, fakeToolkit } from './helpers/runner.ts'

const needed = {
  application: 'shop',
  'blue-environment': 'shop-blue',
  'green-environment': 'shop-green',
  version: '1.4.0',
  'aws-region': 'eu-west-1',
}

const read = (inputs: Readonly<Record<string, string>> = {}, environment: Record<string, string> = {}) =>
  readInputs(fakeToolkit({ ...needed, ...inputs }).toolkit, environment)

const mistakesIn = (inputs: Readonly<Record<string, string>>, environment: Record<string, string> = {}) => {
  try {
    read(inputs, environment)
  } catch (thrown) {
    if (thrown instanceof InputMistakes) return thrown.mistakes
    throw thrown
  }
  return []
}
const wrongInputs = (inputs: Readonly<Record<string, string>>) => mistakesIn(inputs).map(({ input }) => input)

describe('the inputs', () => {
  it('have the defaults of action.yml', () => {
    const written = Object.entries(actionFile.inputs).map(([name, input]) => [
      name,
      // What the runner fills in is empty elsewhere.
      String(input.default ?? '').replace(/^\$\{\{.*\}\}$/, ''),
    ])
    expect(Object.fromEntries(written)).toEqual(defaults)
  })

  it('mean their default when the runner passes nothing', () => {
    const { settings, connection } = read()
    expect({ ...settings, ...connection }).toEqual({
      operation: 'deploy',
      application: 'shop',
      blueEnvironment: 'shop-blue',
      greenEnvironment: 'shop-green',
      version: '1.4.0',
      versionDescription: '',
      package: undefined,
      kmsKeyId: undefined,
      template: undefined,
      platform: undefined,
      optionSettings: [],
      tags: {},
      configuration: 'auto',
      copyVariables: true,
      healthPath: '/',
      healthStatus: [{ first: 200, last: 399 }],
      minimumHealth: 'Ok',
      healthStableFor: 30_000,
      probe: 'auto',
      productionUrl: undefined,
      testCommand: undefined,
      shell: 'bash',
      testTimeout: 1_800_000,
      afterVerify: 'keep',
      maxVerifiedAge: 86_400_000,
      isMerged: true,
      wayBack: 'overwrite',
      testReport: [],
      productionName: undefined,
      trafficInputs: {},
      trafficSteps: [10, 50, 100],
      stepInterval: 300_000,
      productionExpect: undefined,
      routing: { by: 'cname-swap' },
      bakeTime: 300_000,
      failureThreshold: 3,
      standby: 'keep',
      rollbackWindow: 0,
      drainTimeout: 600_000,
      retireAfter: 0,
      leftovers: undefined,
      onFailure: 'keep',
      instanceLogs: 'on-failure',
      allowOlder: false,
      to: undefined,
      force: false,
      dryRun: false,
      timeout: 10_800_000,
      waitForReady: 1_200_000,
      lockWait: 1_800_000,
      lock: 'required',
      region: 'eu-west-1',
      stateBucket: undefined,
      role: undefined,
    })
    const empty = Object.fromEntries(Object.keys(defaults).map((name) => [name, '']))
    expect(read({ ...empty, ...needed })).toMatchObject({ settings, connection })
  })

  it('keep the way back from what is not merged, unless it is said otherwise', () => {
    const wayBack = (event: string, value = 'auto') =>
      read({ 'way-back': value }, { GITHUB_EVENT_NAME: event }).settings.wayBack
    expect(['pull_request', 'pull_request_target', 'merge_group'].map((event) => wayBack(event))).toEqual([
      'keep',
      'keep',
      'keep',
    ])
    expect(['push', 'workflow_dispatch', ''].map((event) => wayBack(event))).toEqual([
      'overwrite',
      'overwrite',
      'overwrite',
    ])
    expect([wayBack('push', 'keep'), wayBack('pull_request', 'overwrite')]).toEqual(['keep', 'overwrite'])
  })

  it('copy live’s variables into what is created, but not for a verification unless that is wanted', () => {
    const copied = (operation: string, value = '') =>
      read({ operation, 'copy-variables': value }).settings.copyVariables
    expect([copied('deploy'), copied('promote'), copied('verify')]).toEqual([true, true, false])
    expect([copied('deploy', 'false'), copied('verify', 'true')]).toEqual([false, true])
  })

  it('make a name of any text for what is verified, always the same one, and of two texts two', () => {
    const named = (text: string) =>
      read({ operation: 'verify', 'green-environment': text }).settings.greenEnvironment
    expect(named('shop-pr-7')).toBe('shop-pr-7')
    expect(named('shop-feature/basket')).toMatch(/^shop-feature-basket-[0-9a-f]{6}$/)
    expect(named('shop-feature/basket')).toBe(named('shop-feature/basket'))
    expect(named('shop-feature/basket')).not.toBe(named('shop-feature.basket'))
    expect(named('/a/')).toMatch(/^a-[0-9a-f]{6}$/)
    const long = named(`shop-${'very-'.repeat(20)}long`)
    expect(long).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{2,38}[A-Za-z0-9]$/)
    expect(wrongInputs({ operation: 'verify', 'green-environment': '///' })).toEqual(['green-environment'])
    for (const operation of ['deploy', 'promote'])
      expect(wrongInputs({ operation, 'green-environment': 'shop/green' })).toEqual(['green-environment'])
  })

  it('want a version for everything that brings one up', () => {
    for (const operation of ['deploy', 'verify', 'promote'])
      expect(wrongInputs({ operation, version: '' })).toEqual(['version'])
  })

  it('are all needed that have no default and name what to deploy', () => {
    const empty = {
      application: '',
      'blue-environment': '',
      'green-environment': '',
      version: '',
      'aws-region': '',
    }
    expect(wrongInputs(empty)).toEqual(Object.keys(empty))
    expect(wrongInputs({ version: '', operation: 'rollback' })).toEqual([])
    expect(wrongInputs({ version: '', operation: 'recover' })).toEqual([])
  })

  it('say where a rollback goes, and are refused where nothing goes back', () => {
    const { settings } = read({ ...needed, version: '', operation: 'rollback', to: '1.0.0', force: 'true' })
    expect(settings).toMatchObject({ to: '1.0.0', force: true })
    expect(wrongInputs({ to: '1.0.0', force: 'true' })).toEqual(['to', 'force'])
    expect(wrongInputs({ operation: 'recover', to: 'shop-blue' })).toEqual(['to'])
  })

  it('refuse a version for a rollback, which would not go there', () => {
    const [mistake] = mistakesIn({ operation: 'rollback', version: '1.0.0' })
    expect(mistake).toMatchObject({
      input: 'version',
      rule: '`version` means nothing to `rollback`.',
      fix: 'Did you mean `to: "1.0.0"`?',
    })
    const both = mistakesIn({ operation: 'rollback', version: '1.0.0', to: '0.9.0' })
    expect(both.map(({ fix }) => fix)).toEqual(['Leave it out: `to` says where it goes.'])
  })

  it('say what is done about another configuration, and how long the way back stays', () => {
    const { settings } = read({ configuration: 'sync', 'rollback-window': '1h30m' })
    expect(settings).toMatchObject({ configuration: 'sync', rollbackWindow: 5_400_000 })
    expect(wrongInputs({ configuration: 'ignore' })).toEqual(['configuration'])
    expect(wrongInputs({ 'rollback-window': '90' })).toEqual(['rollback-window'])
    expect(wrongInputs({ 'rollback-window': '1h', standby: 'terminate' })).toEqual(['rollback-window'])
    expect(wrongInputs({ 'rollback-window': '1h', standby: 'scale-down' })).toEqual([])
  })

  it('say what retire ends, and never so that it ends what is being tested', () => {
    const retiring = { operation: 'retire', 'retire-after': '72h', leftovers: 'shop-pr-*' }
    expect(read({ ...needed, ...retiring }).settings).toMatchObject({
      operation: 'retire',
      retireAfter: 259_200_000,
      leftovers: 'shop-pr-*',
    })
    expect(wrongInputs({ ...retiring, 'retire-after': '59m' })).toEqual(['retire-after'])
    expect(wrongInputs({ ...retiring, operation: 'deploy' })).toEqual(['leftovers'])
    for (const leftovers of ['*', 'sh*', 'shop.pr', '$(reboot)'])
      expect(wrongInputs({ ...retiring, leftovers })).toEqual(['leftovers'])
  })

  it('tell all mistakes in one message, each with its value, the rule and the fix', () => {
    expect(() =>
      read({ 'bake-time': '5', shell: 'fish', 'failure-threshold': '0' }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [InputMistakes: 3 inputs are wrong.
      - \`shell\` is "fish": It must be \`bash\`, \`sh\`, \`pwsh\`, \`python\`, or a command with \`{0}\` for the script. Write for example \`bash\` or \`perl {0}\`.
      - \`bake-time\` is "5": It must be a duration such as \`90s\`, \`15m\` or \`1h30m\`. Add the unit, for example \`5s\`.
      - \`failure-threshold\` is "0": It must be a whole number from 1 to 100. Write it in digits.]
    `)
  })

  it('take the region of the environment when none is given', () => {
    const region = (environment: Record<string, string>) =>
      read({ 'aws-region': '' }, environment).connection.region
    expect(region({ AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-2' })).toBe('us-east-1')
    expect(region({ AWS_DEFAULT_REGION: 'us-east-2' })).toBe('us-east-2')
    expect(read({}, { AWS_REGION: 'us-east-1' }).connection.region).toBe('eu-west-1')
  })

  it('tell once that the region is wrong', () => {
    expect(wrongInputs({ 'aws-region': 'Ireland' })).toEqual(['aws-region'])
  })

  it.each([
    ['0s', 0],
    ['90s', 90_000],
    ['15m', 900_000],
    ['1h30m', 5_400_000],
    ['1h0m5s', 3_605_000],
  ])('read the duration %s as %i ms', (text, ms) => {
    expect(read({ 'bake-time': text }).settings.bakeTime).toBe(ms)
  })

  it.each(['90', '1.5h', '30m1h', 'h', '-5m', '5 m', '5M', '169h'])('refuse the duration %s', (text) => {
    expect(wrongInputs({ 'bake-time': text })).toContain('bake-time')
  })

  it('let a test run for some time, at least', () => {
    expect(wrongInputs({ 'test-timeout': '0s' })).toEqual(['test-timeout'])
  })

  it.each([
    ['200', [{ first: 200, last: 200 }]],
    [
      '200-299, 401',
      [
        { first: 200, last: 299 },
        { first: 401, last: 401 },
      ],
    ],
  ])('read the statuses %s', (text, ranges) => {
    expect(read({ 'health-status': text }).settings.healthStatus).toEqual(ranges)
  })

  it.each(['2xx', '399-200', '200-', '99', '600', '200,,201'])('refuse the statuses %s', (text) => {
    expect(wrongInputs({ 'health-status': text })).toEqual(['health-status'])
  })

  it.each(['abc', 'a'.repeat(41), '-shop', 'shop-', 'shop_blue', 'shop blue', 'shöp'])(
    'refuse the environment name %s',
    (name) => {
      expect(wrongInputs({ 'blue-environment': name })).toEqual(['blue-environment'])
    },
  )

  it.each(['shop', 'a'.repeat(40), 'Shop-Blue-1'])('take the environment name %s', (name) => {
    expect(read({ 'blue-environment': name }).settings.blueEnvironment).toBe(name)
  })

  it('keep to the lengths that Beanstalk takes', () => {
    expect(wrongInputs({ application: 'a'.repeat(101) })).toEqual(['application'])
    expect(wrongInputs({ application: 'a/b' })).toEqual(['application'])
    expect(wrongInputs({ version: 'v'.repeat(101) })).toEqual(['version'])
    expect(wrongInputs({ 'version-description': 'd'.repeat(201) })).toEqual(['version-description'])
    expect(wrongInputs({ version: 'a\nb' })).toEqual(['version'])
  })

  it('refuse the same environment twice', () => {
    expect(wrongInputs({ 'green-environment': 'shop-blue' })).toEqual(['green-environment'])
  })

  it('refuse what contradicts itself', () => {
    expect(wrongInputs({ template: 'a', platform: 'b' })).toEqual(['platform'])
    expect(wrongInputs({ 'bake-time': '1h', timeout: '1h' })).toEqual(['timeout'])
  })

  it('refuse a way of moving traffic that is not there', () => {
    const [mistake] = mistakesIn({ traffic: 'canary' })
    expect(mistake).toEqual({
      input: 'traffic',
      value: 'canary',
      rule: 'It must be one of `cname-swap`, `route53`, `load-balancer`, `command`.',
      fix: 'Choose one of them.',
    })
  })

  it('say how a word is written that was meant', () => {
    expect(mistakesIn({ 'minimum-health': 'OK' })[0]?.fix).toBe('Write `Ok`.')
  })

  it.each([
    ['https://shop.example.com', 'https://shop.example.com/health'],
    ['https://shop.example.com/', 'https://shop.example.com/health'],
    ['http://shop.example.com:8080/ready?deep=1', 'http://shop.example.com:8080/ready?deep=1'],
  ])('ask the production address %s at %s', (url, asked) => {
    const { settings } = read({ 'production-url': url, 'health-path': '/health' })
    expect(settings.productionUrl).toBe(asked)
  })

  it.each([
    'shop.example.com',
    'ftp://shop',
    'https://me:pass@shop.example.com',
    'https://me@shop.example.com',
    'https://shop/#top',
  ])('refuse the production address %s', (url) => {
    expect(wrongInputs({ 'production-url': url })).toEqual(['production-url'])
  })

  it.each(['health', '//evil.test', '/a b', '/a#b', 'http://x/'])('refuse the health path %s', (path) => {
    expect(wrongInputs({ 'health-path': path })).toEqual(['health-path'])
  })

  it.each([
    ['shop', 'shop'],
    ['Shop.eu-west-1.elasticbeanstalk.com', 'shop.eu-west-1.elasticbeanstalk.com'],
  ])('take the production CNAME %s', (text, cname) => {
    expect(read({ 'production-cname': text }).settings.productionName).toBe(cname)
  })

  it.each(['abc', 'http://shop.example.com', 'a..b', 'shop_1', `${'a'.repeat(64)}`])(
    'refuse the production CNAME %s',
    (text) => {
      expect(wrongInputs({ 'production-cname': text })).toEqual(['production-cname'])
    },
  )

  it('read environment variables as option settings, values with all their signs', () => {
    const text = 'URL=postgres://a?b=c\n\n# a comment\n  EMPTY=\nSPACED = two words \r\n'
    expect(read({ 'environment-variables': text }).settings.optionSettings).toEqual(
      [
        ['URL', 'postgres://a?b=c'],
        ['EMPTY', ''],
        ['SPACED', 'two words'],
      ].map(([name, value]) => ({ namespace: 'aws:elasticbeanstalk:application:environment', name, value })),
    )
  })

  it('read option settings as AWS writes them, before the environment variables', () => {
    const list = [
      { Namespace: 'aws:autoscaling:asg', OptionName: 'MinSize', Value: 2 },
      { Namespace: 'aws:ec2:vpc', OptionName: 'Subnets', Value: 'a,b', ResourceName: 'r' },
    ]
    const { settings } = read({ 'option-settings': JSON.stringify(list), 'environment-variables': 'A=b' })
    expect(settings.optionSettings).toEqual([
      { namespace: 'aws:autoscaling:asg', name: 'MinSize', value: '2' },
      { namespace: 'aws:ec2:vpc', name: 'Subnets', value: 'a,b', resource: 'r' },
      { namespace: 'aws:elasticbeanstalk:application:environment', name: 'A', value: 'b' },
    ])
  })

  it.each([
    ['{'],
    ['{}'],
    ['[1]'],
    ['[{"Namespace":"aws:a","OptionName":"b"}]'],
    ['[{"Namespace":"aws:a","OptionName":"b","Value":"c","Extra":1}]'],
    ['[{"Namespace":"asg","OptionName":"b","Value":"c"}]'],
  ])('refuse the option settings %s', (text) => {
    expect(wrongInputs({ 'option-settings': text })).toEqual(['option-settings'])
  })

  it('never show a value that may be a secret', () => {
    const secret = 'hunter2-hunter2'
    for (const inputs of [
      { 'environment-variables': `PASSWORD: ${secret}` },
      { 'environment-variables': `A=${secret}\nA=${secret}` },
      { 'environment-variables': `A B=${secret}` },
      { 'option-settings': `[{"Namespace":"aws:x","OptionName":"DBPassword","Value":"${secret}"` },
    ]) {
      expect(wrongInputs(inputs)).toHaveLength(1)
      expect(() => read(inputs)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret) }),
      )
    }
  })

  it('keep from GitHub what looks like a secret in the job’s environment, which tests may quote', () => {
    const { telling } = read(
      {},
      {
        DATABASE_URL: 'postgres://shop:hunter2-of-staging@db.internal/shop',
        STRIPE_API_KEY: 'sk_test_of-the-shop',
        STAGE: 'production',
        PASSWORD: 'short',
      },
    )
    expect(telling.secrets).toEqual([
      'postgres://shop:hunter2-of-staging@db.internal/shop',
      'hunter2-of-staging',
      'sk_test_of-the-shop',
    ])
  })

  it('have masked what looks like a secret, and no ordinary word', () => {
    const { toolkit, seen } = fakeToolkit({
      ...needed,
      'environment-variables': [
        'DB_PASSWORD=correct-horse',
        'DATABASE_URL=postgres://me:battery@db/shop',
        'NODE_ENV=production',
        'TOKEN_TTL=60',
      ].join('\n'),
      'option-settings':
        '[{"Namespace":"aws:rds:dbinstance","OptionName":"DBPassword","Value":"staple-staple"}]',
    })
    readInputs(toolkit, {})
    expect(seen.secrets.sort()).toEqual(['correct-horse', 'postgres://me:battery@db/shop', 'staple-staple'])
  })

  it('read tags, and leave AWS its own', () => {
    expect(read({ tags: 'team=shop\ncost:center=42' }).settings.tags).toEqual({
      team: 'shop',
      'cost:center': '42',
    })
    for (const tags of ['aws:x=1', 'elasticbeanstalk:y=1', 'Name=x', 'team', 'team=', `k=${'v'.repeat(257)}`])
      expect(wrongInputs({ tags })).toEqual(['tags'])
    const many = Array.from({ length: 48 }, (_, index) => `t${index}=1`).join('\n')
    expect(wrongInputs({ tags: many })).toEqual(['tags'])
  })

  it('take true and false as YAML writes them', () => {
    expect(read({ 'allow-older': 'True' }).settings.allowOlder).toBe(true)
    expect(read({ 'allow-older': 'FALSE' }).settings.allowOlder).toBe(false)
    expect(wrongInputs({ 'allow-older': 'yes' })).toEqual(['allow-older'])
  })

  it('know what a misspelt one was meant to be, and care about no other variable', () => {
    const environment = {
      'INPUT_BAKE-TME': '10m',
      INPUT_BLUE_ENVIRONMENT: 'x',
      INPUT_SOMETHING_ELSE: 'x',
      'INPUT_BAKE-TIME': '5m',
    }
    expect(mistakesIn({}, environment).map(({ input, fix }) => [input, fix])).toEqual([
      ['bake-tme', 'Did you mean `bake-time`?'],
      ['blue_environment', 'Did you mean `blue-environment`?'],
    ])
  })

  it.each(['s3://bucket', 'Bucket', 'ab', '-bucket'])('refuse the bucket %s', (bucket) => {
    expect(wrongInputs({ 'state-bucket': bucket })).toEqual(['state-bucket'])
  })

  it('take a command as a shell when it says where the script goes', () => {
    expect(read({ shell: 'perl {0}' }).settings.shell).toBe('perl {0}')
    expect(wrongInputs({ shell: 'fish' })).toEqual(['shell'])
  })
})

describe('lock', () => {
  it('none is for deployments: nothing is remembered that a rollback or a recover could go by', () => {
    expect(read({ lock: 'none' }).settings.lock).toBe('none')
    for (const operation of ['rollback', 'recover']) {
      const [mistake, ...more] = mistakesIn({ lock: 'none', operation, version: '' })
      expect(more).toEqual([])
      expect(mistake).toMatchObject({ input: 'lock', value: 'none' })
      expect(mistake?.rule).toContain(`nothing is remembered that \`${operation}\` could go by`)
    }
  })
})

describe('the role to assume', () => {
  const arn = 'arn:aws:iam::123456789012:role/teams/deploy'

  it('comes with a name and an hour', () => {
    expect(read({ 'role-to-assume': arn }).connection.role).toEqual({
      arn,
      sessionName: 'beanstalk-blue-green',
      duration: 3_600_000,
    })
  })

  it.each([
    'arn:aws-cn:iam::123456789012:role/deploy',
    'arn:aws-us-gov:iam::123456789012:role/a+b=c,d.e@f-g',
  ])('may be %s', (good) => {
    expect(read({ 'role-to-assume': good }).connection.role?.arn).toBe(good)
  })

  it.each([
    ['role-to-assume', 'deploy'],
    ['role-to-assume', 'arn:aws:iam::123456789012:user/deploy'],
    ['role-to-assume', `${arn} `.repeat(2)],
    ['role-session-name', 'a name'],
    ['role-session-name', 'a'],
    ['role-duration', '14m'],
    ['role-duration', '12h1s'],
    ['role-duration', '3600'],
  ])('is wrong with %s: %s', (input, text) => {
    expect(wrongInputs({ [input]: text })).toEqual([input])
  })
})

describe('what GitHub is told', () => {
  it.each([
    [{}, 'shop-blue'],
    [{ 'production-cname': 'shop.eu-west-1.elasticbeanstalk.com' }, 'shop'],
    [{ 'production-cname': 'shop', 'github-environment': 'production' }, 'production'],
    [{ 'github-environment': 'none' }, undefined],
  ])('%j is shown under %s', (inputs, environment) => {
    expect(read(inputs).telling.environment).toBe(environment)
  })

  it('is nothing without a token, and a token is masked and never shown', () => {
    expect(read().telling.token).toBe('')
    const { toolkit, seen } = fakeToolkit({ ...needed, 'github-token': 'ghs_of-the-job' })
    expect(readInputs(toolkit, {}).telling.token).toBe('ghs_of-the-job')
    expect(seen.secrets).toEqual(['ghs_of-the-job'])
  })

  it('has none of the secrets among the option settings', () => {
    const { telling } = read({ 'environment-variables': 'DB_PASSWORD=correct-horse\nMODE=production' })
    expect(telling.secrets).toEqual(['correct-horse'])
  })
})

describe('the globs of test reports', () => {
  it('come one a line', () => {
    expect(read({ 'test-report': ' reports/*.xml \n\nweb/**/junit.xml' }).settings.testReport).toEqual([
      'reports/*.xml',
      'web/**/junit.xml',
    ])
  })

  it.each([['x\n'.repeat(21)], ['x'.repeat(1_001)]])(
    'are wrong when they are too many or too long',
    (text) => {
      expect(wrongInputs({ 'test-report': text })).toEqual(['test-report'])
    },
  )
})

describe('production-expect', () => {
  it.each([
    ['header x-version = {version}', { in: 'header', name: 'x-version', value: '{version}' }],
    ['header X-Version: v{version}', { in: 'header', name: 'X-Version', value: 'v{version}' }],
    ['json build.version = {version}', { in: 'json', path: ['build', 'version'], value: '{version}' }],
    [
      'json $.builds[0].version = "{version}"',
      { in: 'json', path: ['builds', '0', 'version'], value: '{version}' },
    ],
    ['text Version {version}', { in: 'text', value: 'Version {version}' }],
    ["text '= {version} '", { in: 'text', value: '= {version} ' }],
  ])('%s says where an answer shows its version', (text, expectation) => {
    expect(read({ 'production-expect': text }).settings.productionExpect).toEqual(expectation)
  })

  it.each([
    ['x-version = {version}', '`header`, `json` or `text`'],
    ['header x-version', 'does not contain `{version}`'],
    ['header x-version = 1.0', 'does not contain `{version}`'],
    ['header {version} = x', 'There is no `{version}` behind'],
    ['header x-version {version}', 'has no `=`'],
    ['header x(version = {version}', 'is no name of a header'],
    ['json build..version = {version}', 'is no path to a JSON field'],
  ])('%s is refused with the way to write it', (text, rule) => {
    expect(() => read({ 'production-expect': text })).toThrow(rule)
    expect(() => read({ 'production-expect': text })).toThrow('Write `header x-version = {version}`')
  })

  it('is a contradiction where production is never asked', () => {
    expect(wrongInputs({ 'production-expect': 'text {version}', probe: 'off' })).toEqual([
      'production-expect',
    ])
  })
})
