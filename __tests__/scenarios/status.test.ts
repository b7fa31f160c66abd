import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Inputs, production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

const hour = 3_600_000

async function promoted(): Promise<Scenario> {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  // With users live does not shrink by itself.
  const users = story.users()
  const seen = await story.run({ version: '1.1.0', 'health-stable-for': '5s' })
  await users.stop()
  expect(seen.outputs.outcome).toBe('promoted')
  await story.clock.runUntil(story.clock.now() + hour)
  return story
}

/** Asks for the status; nothing may be changed by it, and it may not ask much. */
async function statusOf(story: Scenario, inputs: Inputs = {}, how = {}) {
  const from = story.aws.calls.length
  const seen = await story.run({ operation: 'status', ...inputs }, how)
  expect(story.changes(from)).toEqual([])
  const calls = story.aws.calls.slice(from).map(({ operation }) => operation)
  expect(calls.length).toBeLessThanOrEqual(7)
  return { ...seen, text: seen.log.join('\n'), calls }
}

it('a healthy pair in seven calls: who is live and why, lock, journal, the way back, and workflows', async () => {
  const story = await promoted()

  const seen = await statusOf(story)

  expect(seen.failed).toBeUndefined()
  expect(seen.calls.sort()).toEqual([
    'CheckDNSAvailability',
    'DescribeConfigurationSettings',
    'DescribeConfigurationSettings',
    'DescribeEnvironmentHealth',
    'DescribeEnvironments',
    'GetCallerIdentity',
    'GetObject',
  ])
  expect(seen.outputs).toMatchObject({
    outcome: 'reported',
    'live-environment': 'shop-green',
    'live-version': '1.1.0',
    'standby-environment': 'shop-blue',
    'standby-version': '1.0.0',
  })
  expect(seen.summary).toMatchSnapshot()
  expect(seen.text).toContain('Nothing that can be seen from here.')
  expect(seen.text).toContain('open: `rollback` would move production to shop-blue')
})

it('the workflows that it prints work for this pair', async () => {
  const story = await promoted()

  const seen = await statusOf(story, {
    'production-url': 'https://shop.example.com',
    'role-to-assume': 'arn:aws:iam::123456789012:role/deploy',
  })

  const [deploy, rollback] = [...seen.summary.matchAll(/```yaml\n([\s\S]+?)\n```/g)].map(([, yaml]) =>
    parse(yaml as string),
  )
  const [, step] = deploy.jobs.deploy.steps
  expect(step.with).toEqual({
    'role-to-assume': 'arn:aws:iam::123456789012:role/deploy',
    'aws-region': 'us-east-1',
    application: 'shop',
    'blue-environment': 'shop-blue',
    'green-environment': 'shop-green',
    'production-cname': 'shop',
    'production-url': 'https://shop.example.com/health',
    'health-path': '/health',
    version: ['$', '{{ github.sha }}'].join(''),
    package: '.',
    'test-command': 'npm run test:integration',
  })
  expect(rollback.jobs.rollback.steps[0].with).toMatchObject({ operation: 'rollback', application: 'shop' })
})

it('a pair that is not fit for blue/green: everything that its option settings show, with its mend', async () => {
  const story = scenario()
  const { given } = story.aws.beanstalk
  given.application('shop')
  given.version('shop', '1.0.0')
  const shared = { application: 'shop', version: '1.0.0' }
  await given.environment({
    ...shared,
    name: 'shop-blue',
    cnamePrefix: 'shop',
    single: true,
    healthReporting: 'basic',
    options: {
      'aws:rds:dbinstance/HasCoupledDatabase': 'true',
      'aws:elasticbeanstalk:environment/LoadBalancerIsShared': 'true',
      'aws:elbv2:listenerrule:shop/HostHeaders': 'shop.example.com|<b>*',
      'aws:elasticbeanstalk:managedactions/ManagedActionsEnabled': 'true',
      'aws:elasticbeanstalk:managedactions/PreferredStartTime': 'Tue:09:00',
      'aws:elasticbeanstalk:application:environment/IMAGE': 'acme/s3cret-shop:latest',
    },
  })
  await given.environment({ ...shared, name: 'shop-green', tier: 'worker' })

  const seen = await statusOf(story, { 'production-url': 'https://shop.example.com' })

  expect(seen.failed).toBeUndefined()
  for (const words of [
    'shop-green is a worker environment',
    'a database inside it',
    'is a single instance',
    'basic health reporting',
    'weekly from Tue:09:00 UTC',
    'rules of its own send requests there',
    'no listener in the option settings of shop-blue has a certificate',
    'The environment properties `IMAGE`',
  ])
    expect(seen.text).toContain(words)
  expect(seen.text + seen.summary).not.toContain('s3cret')
  expect(seen.summary).not.toContain('<b>')
  expect(seen.summary).toMatchSnapshot()
})

it('a name that points straight at a load balancer stands in the way', async () => {
  const story = await promoted()
  const green = story.aws.beanstalk.state().environments.find(({ name }) => name === 'shop-green')

  story.aws.zone.point({ name: 'www.shop.test', to: green?.endpoint ?? '', type: 'CNAME' })
  const seen = await statusOf(story, { 'production-url': 'http://www.shop.test' })

  expect(seen.text).toContain('the load balancer of shop-green itself: it does not follow a swap')
})

it('a lock that another run holds is told, and not waited for', async () => {
  const story = await promoted()
  story.aws.beanstalk.given.version('shop', '1.2.0')
  const other = story.start({ version: '1.2.0' })
  await story.clock.runUntil(story.clock.now() + 60_000)
  const began = story.clock.now()

  const seen = await story.run({ operation: 'status' })

  expect(story.clock.now() - began).toBeLessThan(10_000)
  expect(seen.outputs.outcome).toBe('reported')
  expect(seen.log.join('\n')).toMatch(/lock: Held by acme\/shop run 1002 .* which does `deploy` since/)
  expect(await story.clock.run(other.ended)).toMatchObject({ outputs: { outcome: 'promoted' } })
})

it('what a dead run left open is told, and left to those who settle it', async () => {
  const story = await promoted()
  story.aws.beanstalk.given.version('shop', '1.2.0')
  const other = story.start({ version: '1.2.0' })
  while (!other.seen.log.includes('▸ Bake')) await story.clock.runUntil(story.clock.now() + 1_000)
  other.kill()
  await story.clock.runUntil(story.clock.now() + hour)

  const seen = await statusOf(story)

  expect(seen.text).toContain('that run is dead')
  expect(seen.text).toContain(
    `Left open by a run that died; \`recover\` or the next run settles it: production (${production})`,
  )
  expect(seen.text).toContain('`rollback` would settle that first')
})

it.each([
  ['GetObject', 's3:GetObject', 'lock: It could not be read.'],
  ['DescribeConfigurationSettings', 'elasticbeanstalk:DescribeConfigurationSettings', 'lock: Free.'],
  ['DescribeEnvironmentHealth', 'elasticbeanstalk:DescribeEnvironmentHealth', 'lock: Free.'],
  ['GetCallerIdentity', 'sts:GetCallerIdentity', 'lock: It could not be read.'],
  ['CheckDNSAvailability', 'elasticbeanstalk:CheckDNSAvailability', 'as the journal remembers'],
])(
  'without the permission for %s it names the action, and tells the rest',
  async (operation, action, words) => {
    const story = await promoted()
    story.aws.cloud.faults.order({ fault: 'denied', operation, times: 99 })

    const seen = await statusOf(story)

    expect(seen.outputs).toMatchObject({ outcome: 'reported', 'live-environment': 'shop-green' })
    expect(seen.text).toContain(`Not read: ${action}`)
    expect(seen.summary).toContain('**Not read:**')
    expect(seen.text).toContain(words)
  },
)

it('without the permission to see who is live it fails, and says what is missing', async () => {
  const story = await promoted()
  story.aws.cloud.faults.order({ fault: 'denied', operation: 'DescribeEnvironments', times: 99 })

  const seen = await statusOf(story)

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('Who is live could not be read.')
  expect(seen.failed).toContain('elasticbeanstalk:DescribeEnvironments')
  expect(seen.text).toContain('lock: Free.')
})

it('one member missing, and both', async () => {
  const story = scenario()
  const { given } = story.aws.beanstalk
  given.application('shop')

  const none = await statusOf(story)
  expect(none.outputs).toMatchObject({ outcome: 'reported', 'live-environment': '' })
  expect(none.text).toContain('Neither environment exists')
  expect(none.text).toContain('journal: Nothing is remembered of this pair.')

  given.version('shop', '1.0.0')
  await given.environment({ application: 'shop', name: 'shop-blue', cnamePrefix: 'shop', version: '1.0.0' })
  const one = await statusOf(story)
  expect(one.outputs).toMatchObject({ outcome: 'reported', 'live-environment': 'shop-blue' })
  expect(one.text).toContain('other: shop-green, does not exist')
})
