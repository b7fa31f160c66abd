import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { byHand } from '../helpers/by-hand.ts'
import { type How, production, type Scenario, scenario } from '../helpers/scenario.ts'

const gate = {
  operation: 'verify',
  'green-environment': 'shop-pr-7',
  version: 'pr-7-a1b2c3',
  'environment-variables': 'FEATURES=all',
  'after-verify': 'terminate',
}

const onPullRequest: How = { environment: { GITHUB_EVENT_NAME: 'pull_request' } }
const secret = 'postgres://shop:hunter2@db.internal/shop'

/** Live with a secret among its environment properties, and a pull request's version. */
async function livePair() {
  const story = scenario()
  const { given } = story.aws.beanstalk
  given.application('shop')
  given.version('shop', '1.0.0')
  const environment = {
    application: 'shop',
    version: '1.0.0',
    minSize: 2,
    options: { 'aws:elasticbeanstalk:application:environment/DATABASE_URL': secret },
  }
  await given.environment({ ...environment, name: 'shop-blue', cnamePrefix: 'shop' })
  await given.environment({ ...environment, name: 'shop-green' })
  await story.clock.runUntil(story.clock.now() + 60_000)
  given.version('shop', '1.1.0')
  given.version('shop', 'pr-7-a1b2c3')
  return story
}

const variablesOf = (story: Scenario, name: string) => {
  const create = story.aws.calls.findLast(
    ({ operation, input }) =>
      operation === 'CreateEnvironment' && (input as { EnvironmentName: string }).EnvironmentName === name,
  )
  return create?.input as {
    OptionSettings: { OptionName: string; Value: string }[]
    OptionsToRemove: { OptionName: string }[]
  }
}

it('a pull request is verified in an environment of its own, like live but for its variables, which is ended then', async () => {
  const story = await livePair()
  const inside: string[] = []
  const before = story.pair()

  const seen = await story.run(gate, {
    ...onPullRequest,
    tests: async ({ ENVIRONMENT_NAME = '' }) => {
      inside.push(ENVIRONMENT_NAME, ...(await byHand(story).variables(ENVIRONMENT_NAME)))
      return true
    },
  })

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toMatchObject({
    outcome: 'verified',
    'live-environment': 'shop-blue',
    'tests-passed': 'true',
  })
  expect(inside).toEqual(['shop-pr-7', 'BLUE_GREEN_ENVIRONMENT=verification', 'FEATURES=all'])
  expect(story.pair()['shop-pr-7']?.status).toBe('Terminating')
  expect(story.pair()).toMatchObject(before)
  expect(story.aws.beanstalk.state().templates).toEqual([])
  expect(JSON.stringify(seen)).not.toContain('hunter2')
  expect(JSON.stringify(variablesOf(story, 'shop-pr-7'))).not.toContain('hunter2')
})

it('live is found wherever production is: after a deployment the same inputs still verify in the same place', async () => {
  const story = await livePair()
  expect((await story.run({ version: '1.1.0' })).outputs['live-environment']).toBe('shop-green')

  const seen = await story.run({ ...gate, 'after-verify': 'keep' }, onPullRequest)

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toMatchObject({
    outcome: 'verified',
    'live-environment': 'shop-green',
    'standby-environment': 'shop-pr-7',
  })
  expect(story.pair()['shop-blue']).toMatchObject({ version: '1.0.0' })
  expect((await story.run({ operation: 'rollback' })).outputs['live-version']).toBe('1.0.0')
})

it('no deployment waits for the tests of a pull request, nor one pull request for another', async () => {
  const story = await livePair()
  story.aws.beanstalk.given.version('shop', 'pr-8-d4e5f6')
  const slow: How = {
    ...onPullRequest,
    tests: async () => {
      await story.clock.sleep(3_600_000)
      return true
    },
  }
  const first = story.start(gate, slow)
  const second = story.start({ ...gate, 'green-environment': 'shop-pr-8', version: 'pr-8-d4e5f6' }, slow)
  await story.clock.runUntil(story.clock.now() + 20 * 60_000)

  const deployed = await story.run({ version: '1.1.0' })

  expect(deployed.outputs.outcome).toBe('promoted')
  expect(deployed.log.join('\n')).not.toContain('waiting for')
  for (const { ended } of [first, second])
    expect((await story.clock.run(ended)).outputs.outcome).toBe('verified')
})

it('a pull request that begins in the midst of a production swap waits for its end', async () => {
  const story = await livePair()
  const deploying = story.start({ version: '1.1.0' })
  let verifying: ReturnType<Scenario['start']> | undefined
  const look = () => {
    if (story.changes().includes('SwapEnvironmentCNAMEs')) verifying = story.start(gate, onPullRequest)
    else story.clock.at(story.clock.now() + 50, look)
  }
  look()
  await story.clock.run(deploying.ended)

  const seen = await story.clock.run(verifying?.ended ?? Promise.reject(new Error('never begun')))

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs.outcome).toBe('verified')
})

it('two runs for the same pull request follow each other in the same environment', async () => {
  const story = await livePair()
  story.aws.beanstalk.given.version('shop', 'pr-7-b2c3d4')
  const keep = { ...gate, 'after-verify': 'keep' }
  const first = story.start(keep, onPullRequest)
  const second = story.start({ ...keep, version: 'pr-7-b2c3d4' }, onPullRequest)

  expect((await story.clock.run(first.ended)).outputs.outcome).toBe('verified')
  expect((await story.clock.run(second.ended)).outputs.outcome).toBe('verified')
  expect(second.seen.log.join('\n')).toContain('waiting for acme/shop run 1001')
  expect(story.pair()['shop-pr-7']).toMatchObject({ version: 'pr-7-b2c3d4' })
})

it('code that is not merged never overwrites the way back, and is told where to go instead', async () => {
  const story = await livePair()
  await story.run({ version: '1.1.0' })
  const from = story.aws.calls.length

  const seen = await story.run({ operation: 'verify', version: 'pr-7-a1b2c3' }, onPullRequest)

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.1.0' })
  expect(seen.failed).toContain('shop-blue is the way back to 1.0.0')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own expression
  expect(seen.failed).toContain('green-environment: shop-pr-${{ github.event.number }}')
  expect(new Set(story.changes(from))).toEqual(new Set(['PutObject']))
})

it.each(['pull_request', 'merge_group'])(
  'code of a %s never runs with the variables of an environment that exists, unless that is said',
  async (event) => {
    const story = await livePair()
    const inputs = { operation: 'verify', version: 'pr-7-a1b2c3' }
    const how = { environment: { GITHUB_EVENT_NAME: event } }
    const from = story.aws.calls.length

    const seen = await story.run(inputs, how)

    expect(seen.outputs).toMatchObject({ outcome: 'failed', 'standby-version': '1.0.0' })
    expect(seen.failed).toContain('would run with the environment properties of shop-green')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: GitHub's own expression
    expect(seen.failed).toContain('green-environment: shop-pr-${{ github.event.number }}')
    expect(story.changes(from)).not.toContain('UpdateEnvironment')
    expect((await story.run({ ...inputs, 'copy-variables': 'true' }, how)).outputs.outcome).toBe('verified')
  },
)

it('an environment that says itself that it is for verification takes code that is not merged', async () => {
  const story = await livePair()
  await story.aws.beanstalk.given.environment({
    application: 'shop',
    version: '1.0.0',
    name: 'shop-pr-7',
    options: { 'aws:elasticbeanstalk:application:environment/BLUE_GREEN_ENVIRONMENT': 'verification' },
  })

  expect((await story.run(gate, onPullRequest)).outputs.outcome).toBe('verified')
})

it('an environment that was ended is nothing to look at: no command and no address lead there', async () => {
  const story = await livePair()
  const failing = { ...onPullRequest, tests: async () => false }
  const address = /shop-pr-\d+\.[^ ]*elasticbeanstalk\.com/

  const kept = await story.run({ ...gate, 'green-environment': 'shop-pr-6', 'on-failure': 'keep' }, failing)
  const ended = await story.run({ ...gate, 'on-failure': 'terminate' }, failing)
  const verified = await story.run({ ...gate, 'green-environment': 'shop-pr-8' }, onPullRequest)

  expect(kept.failed).toContain('curl -i http://shop-pr-6')
  expect(kept.outputs['candidate-url']).toMatch(address)
  expect(ended.outputs).toMatchObject({ outcome: 'failed', 'candidate-url': '' })
  expect(ended.failed).toContain('was terminated')
  expect(ended.failed).not.toContain('curl')
  expect(ended.summary).not.toMatch(address)
  expect(verified.outputs).toMatchObject({ outcome: 'verified', 'candidate-url': '' })
})

it('merged code may be verified where the way back is, which is said', async () => {
  const story = await livePair()
  await story.run({ version: '1.1.0' })
  story.aws.beanstalk.given.version('shop', '1.2.0')

  const seen = await story.run({ operation: 'verify', version: '1.2.0' })

  expect(seen.outputs).toMatchObject({ outcome: 'verified', 'standby-version': '1.2.0' })
  expect(seen.log.join('\n')).toContain('This ends the instant way back to 1.0.0')
  expect(seen.summary).toContain('shop-blue was the instant way back to 1.0.0 and is not any more')
  expect(story.pair()['shop-blue']?.min).toBe(2)
  expect(
    (await story.run({ operation: 'promote', version: '1.2.0', 'test-command': '' })).outputs,
  ).toMatchObject({
    outcome: 'promoted',
    'live-environment': 'shop-blue',
  })
})

it('an environment without live’s variables never gets production, by promote or by deploy', async () => {
  const story = await livePair()
  const inputs = { 'green-environment': 'shop-new', version: 'pr-7-a1b2c3' }
  const verified = await story.run({ ...inputs, operation: 'verify' })
  expect(verified.summary).toContain('is for verification only')
  expect(verified.summary).not.toContain('operation: promote')

  for (const operation of ['promote', 'deploy']) {
    const seen = await story.run({ ...inputs, operation })
    expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0' })
    expect(seen.failed).toContain('without the environment properties of shop-blue')
  }
  expect(story.pair()['shop-blue']?.cname).toBe(production)
})

it('with copy-variables a created environment has live’s variables, and can be promoted', async () => {
  const story = await livePair()
  const inputs = { 'green-environment': 'shop-new', version: '1.1.0' }

  const verified = await story.run({ ...inputs, operation: 'verify', 'copy-variables': 'true' })
  expect(verified.outputs.outcome).toBe('verified')
  expect(await story.clock.run(byHand(story).variables('shop-new'))).toContain(`DATABASE_URL=${secret}`)

  const seen = await story.run({ ...inputs, operation: 'promote', 'test-command': '' })
  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-new' })
})

it('scale-down leaves one instance, and promote brings the capacity back first', async () => {
  const story = await livePair()
  const greenGroup = () =>
    story.aws.beanstalk.state().environments.find(({ name }) => name === 'shop-green')?.group

  const verified = await story.run({ operation: 'verify', version: '1.1.0', 'after-verify': 'scale-down' })
  await story.clock.runUntil(story.clock.now() + 600_000)
  expect(verified.outputs.outcome).toBe('verified')
  expect(greenGroup()).toMatchObject({ min: 1, desired: 1, inService: 1 })

  const seen = await story.run({ operation: 'promote', version: '1.1.0', 'test-command': '' })
  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-green' })
  expect(greenGroup()).toMatchObject({ min: 2, inService: 2 })
})

it('a branch’s name that is no name for an environment is made one, the same every time', async () => {
  const story = await livePair()
  const inputs = { ...gate, 'green-environment': 'shop-feature/a-very-long-name-for-a-small-basket' }

  await story.run({ ...inputs, 'after-verify': 'keep' }, onPullRequest)
  await story.run({ ...inputs, 'after-verify': 'keep' }, onPullRequest)

  const own = Object.keys(story.pair()).filter((name) => name.startsWith('shop-feature-'))
  expect(own).toHaveLength(1)
  expect(own[0]?.length).toBeLessThanOrEqual(40)
})

it('a pull request from a fork, which has no credentials, is skipped: said, green, and not called verified', async () => {
  const story = await livePair()
  const folder = mkdtempSync(join(tmpdir(), 'event-'))
  const event = join(folder, 'event.json')
  const repo = (full_name: string) => ({ pull_request: { head: { repo: { full_name } } } })
  const environment = { AWS_ACCESS_KEY_ID: '', GITHUB_EVENT_PATH: event }
  const from = story.aws.calls.length

  writeFileSync(event, JSON.stringify(repo('stranger/shop')))
  const seen = await story.run({ ...gate, 'aws-region': '' }, { environment })
  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toEqual({ outcome: 'skipped' })
  expect(seen.annotations).toMatchObject([
    { is: 'warning', says: expect.stringContaining('comes from a fork') },
  ])
  expect(seen.summary).toContain('not verified')
  expect(story.aws.calls).toHaveLength(from)
  expect((await story.post(seen, gate)).outputs).toEqual({})

  writeFileSync(event, JSON.stringify(repo('acme/shop')))
  expect((await story.run(gate, { environment })).outputs.outcome).not.toBe('skipped')
  writeFileSync(event, JSON.stringify(repo('stranger/shop')))
  expect((await story.run(gate, { environment: { GITHUB_EVENT_PATH: event } })).outputs.outcome).toBe(
    'verified',
  )
  rmSync(folder, { recursive: true })
})
