import { expect, it } from 'vitest'
import { type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

async function promoted() {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  expect((await story.run({ version: '1.1.0' })).outputs.outcome).toBe('promoted')
  return story
}

const retire = (story: Scenario, inputs: Record<string, string> = {}) =>
  story.run({ operation: 'retire', ...inputs })

it('on a schedule: too early it leaves the standby alone, later it ends it, and then there is nothing to retire', async () => {
  const story = await promoted()

  const early = await retire(story, { 'retire-after': '24h' })
  expect(early.outputs).toMatchObject({ outcome: 'retired', 'standby-environment': 'shop-blue' })
  expect(early.summary).toContain('Nothing to retire')
  expect(story.changes()).not.toContain('TerminateEnvironment')

  await story.clock.runUntil(story.clock.now() + 24 * 3_600_000)
  const due = await retire(story, { 'retire-after': '24h' })
  expect(due.outputs).toMatchObject({
    outcome: 'retired',
    'live-environment': 'shop-green',
    'standby-environment': '',
  })
  expect(due.summary).toContain('✅ Retired')
  expect(Object.keys(story.pair())).toEqual(['shop-green'])

  const after = await retire(story)
  expect(after.outputs.outcome).toBe('retired')
  expect(after.log.join('\n')).toContain('Nothing to retire: shop-blue does not exist.')
  expect(after.failed).toBeUndefined()
})

it('with scale-down the standby is made small, and is still a way back', async () => {
  const story = await promoted()

  expect((await retire(story, { standby: 'scale-down' })).outputs.outcome).toBe('retired')

  expect(story.pair()['shop-blue']).toMatchObject({ status: 'Ready', min: 1 })
  expect((await story.run({ operation: 'rollback' })).outputs).toMatchObject({
    outcome: 'restored',
    'live-environment': 'shop-blue',
  })
})

it('what a name that does not follow a swap still leads to is not ended', async () => {
  const story = await promoted()
  const blue = story.pair()['shop-blue']?.cname ?? ''
  const stragglers = story.users(blue)

  const seen = await retire(story, { 'drain-timeout': '1m' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('requests a second after the drain-timeout: it is left as it is')
  expect(story.pair()['shop-blue']?.status).toBe('Ready')
  expect(stragglers.report().failed).toBe(0)
})

it('a security group that another one refers to is named, and the next run ends what could not be ended', async () => {
  const story = await promoted()
  const { id } = story.aws.beanstalk.state().environments.find(({ name }) => name === 'shop-blue') ?? {
    id: '',
  }
  story.aws.cloud.faults.order({ fault: 'terminate-fails', environment: 'shop-blue' })

  const failed = await retire(story)
  expect(failed.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.1.0' })
  expect(failed.failed).toContain(`Other security groups refer to awseb-${id}-stack-AWSEBSecurityGroup`)
  expect(failed.summary).toContain(
    `Name=ip-permission.group-name,Values=awseb-${id}-stack-AWSEBSecurityGroup`,
  )

  const again = await retire(story)
  expect(again.outputs.outcome).toBe('retired')
  expect(Object.keys(story.pair())).toEqual(['shop-green'])
})

it('environments that pull requests left behind are ended, and nobody else’s', async () => {
  const story = await promoted()
  const { given } = story.aws.beanstalk
  // One that this action creates, in a pair of its own; it fails its tests and is kept for a look.
  const inputs = { 'green-environment': 'shop-pr-12', version: '1.1.0', 'blue-environment': 'shop-green' }
  given.version('shop', '1.2.0')
  await story.run({ ...inputs, version: '1.2.0' }, { tests: async () => false })
  await given.environment({ application: 'shop', name: 'shop-pr-13', version: '1.0.0', minSize: 1 })
  expect(Object.keys(story.pair())).toContain('shop-pr-12')
  await story.clock.runUntil(story.clock.now() + 73 * 3_600_000)

  const seen = await retire(story, { 'retire-after': '72h', leftovers: 'shop-pr-*' })

  expect(seen.outputs.outcome).toBe('retired')
  expect(seen.summary).toContain('a leftover, was terminated.')
  expect(seen.log.join('\n')).toContain('shop-pr-13 stays: this action did not create it.')
  expect(Object.keys(story.pair()).sort()).toEqual(['shop-green', 'shop-pr-13'])
})

it('a run that dies while it ends the standby is finished by recover', async () => {
  const story = await promoted()
  const dying = story.start({ operation: 'retire' })
  const look = () => {
    if (story.changes().includes('TerminateEnvironment')) dying.kill()
    else story.clock.at(story.clock.now() + 100, look)
  }
  look()
  await story.clock.run(dying.ended)
  await story.clock.runUntil(story.clock.now() + 301_000)

  const seen = await story.run({ operation: 'recover' })

  expect(seen.outputs.outcome).toBe('recovered')
  await story.clock.runUntil(story.clock.now() + 900_000)
  expect(Object.keys(story.pair())).toEqual(['shop-green'])
})

it('recover on a schedule says that nothing was open', async () => {
  const story = await promoted()

  const seen = await story.run({ operation: 'recover' })

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toMatchObject({ outcome: 'recovered', 'live-version': '1.1.0' })
  expect(seen.summary).toContain('## ✅ Nothing to do (recover)\n\nNothing of an earlier run was left open.')
})

it('an environment that another run tests for longer than `retire-after` is not ended under it', async () => {
  const story = await promoted()
  story.aws.beanstalk.given.version('shop', 'pr-7')
  const verifying = story.start(
    {
      operation: 'verify',
      'green-environment': 'shop-pr-7',
      version: 'pr-7',
      'test-timeout': '3h',
      timeout: '4h',
      'after-verify': 'terminate',
    },
    {
      environment: { GITHUB_EVENT_NAME: 'pull_request' },
      tests: async () => {
        await new Promise<void>((resolve) => story.clock.at(story.clock.now() + 5_400_000, resolve))
        return true
      },
    },
  )
  await story.clock.runUntil(story.clock.now() + 4_700_000)

  const seen = await retire(story, { standby: 'scale-down', 'retire-after': '1h', leftovers: 'shop-pr-*' })
  await story.clock.run(verifying.ended)

  expect(seen.outputs.outcome).toBe('retired')
  expect(seen.log.join('\n')).toMatch(
    /shop-pr-7 stays: acme\/shop run \d+ attempt 1 works on it now: verify on the pair shop-blue \+ shop-pr-7\./,
  )
  expect(verifying.seen.outputs.outcome).toBe('verified')
})
