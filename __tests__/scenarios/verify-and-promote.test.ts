import { expect, it } from 'vitest'
import { byHand } from '../helpers/by-hand.ts'
import { production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

const hour = 3_600_000
const promote = { operation: 'promote', version: '1.1.0', 'test-command': '' }

async function pairWithNews() {
  const story = scenario()
  const ids = await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  return { story, ...ids }
}

async function verified() {
  const { story, ...ids } = await pairWithNews()
  const seen = await story.run(
    { operation: 'verify', version: '1.1.0' },
    { environment: { GITHUB_SHA: 'a1b2c3d4e5' } },
  )
  expect(seen.outputs.outcome).toBe('verified')
  return { story, seen, ...ids }
}

const variable = {
  Namespace: 'aws:elasticbeanstalk:application:environment',
  OptionName: 'FEATURES',
  Value: 'all',
}

const later = (story: Scenario, ms: number) => story.clock.runUntil(story.clock.now() + ms)
const swaps = (story: Scenario) => story.changes().filter((name) => name === 'SwapEnvironmentCNAMEs').length

it('verify proves the version where no traffic is, says how to promote it, and moves nothing', async () => {
  const { story, seen } = await verified()

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toMatchObject({
    'live-environment': 'shop-blue',
    'live-version': '1.0.0',
    'standby-environment': 'shop-green',
    'standby-version': '1.1.0',
    'tests-passed': 'true',
  })
  expect(swaps(story)).toBe(0)
  expect(story.changes()).not.toContain('UpdateAutoScalingGroup')
  expect(seen.summary).toContain('operation: promote')
  expect(seen.summary).toContain('version: "1.1.0"')
})

it('the version’s tags remember what was verified, where, of which commit, when and against what', async () => {
  const { story, blue, green } = await verified()

  const { tags } = story.aws.beanstalk.state().versions.find(({ label }) => label === '1.1.0') ?? {}

  expect(tags).toMatchObject({
    'blue-green:verified-in': green,
    'blue-green:verified-commit': 'a1b2c3d4e5',
    'blue-green:verified-tests': 'passed',
    'blue-green:verified-live': blue,
    'blue-green:verified-live-version': '1.0.0',
  })
  expect(Date.parse(tags?.['blue-green:verified-at'] ?? '')).toBeGreaterThan(0)
})

it('hours later promote brings capacity and health up to date and goes live without a second deployment', async () => {
  const { story } = await verified()
  await later(story, 5 * hour)
  const from = story.aws.calls.length

  const seen = await story.run(promote)

  expect(seen.failed).toBeUndefined()
  expect(seen.outputs).toMatchObject({
    outcome: 'promoted',
    'live-environment': 'shop-green',
    'live-version': '1.1.0',
  })
  expect(seen.summary).toContain('**Tests:** passed at the verification, 5 h ago, commit a1b2c3d4e5.')
  expect(story.changes(from)).not.toContain('UpdateEnvironment')
  expect(story.changes(from).indexOf('UpdateAutoScalingGroup')).toBeLessThan(
    story.changes(from).indexOf('SwapEnvironmentCNAMEs'),
  )
  expect(story.pair()['shop-green']?.cname).toBe(production)
  expect((await story.run({ operation: 'rollback' })).outputs).toMatchObject({
    outcome: 'restored',
    'live-version': '1.0.0',
  })
})

it('promote refuses what was changed by hand since, and says how to go on', async () => {
  const { story, green } = await verified()
  await later(story, hour)
  await byHand(story).setOption(green, variable)
  await later(story, hour)
  const from = story.aws.calls.length

  const seen = await story.run(promote)

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0' })
  expect(seen.failed).toContain('shop-green was changed after it was verified')
  expect(seen.failed).toContain('operation: verify')
  expect(new Set(story.changes(from))).toEqual(new Set(['PutObject']))
})

it('logs that somebody looked at are no change', async () => {
  const { story, green } = await verified()
  await later(story, hour)
  await byHand(story).pullLogs(green)
  await later(story, hour)

  expect((await story.run(promote)).outputs.outcome).toBe('promoted')
})

it('promote refuses when live is not what it was at the verification', async () => {
  const { story, blue, green } = await verified()
  story.aws.beanstalk.byHand.swap(blue, green)
  await later(story, 60_000)
  story.aws.beanstalk.byHand.swap(blue, green)
  await later(story, 60_000)
  const swapped = await story.run(promote)
  expect(swapped.failed).toContain('was changed after it was verified')

  const other = await verified()
  other.story.aws.beanstalk.given.version('shop', '1.0.1')
  await byHand(other.story).deploy(other.blue, '1.0.1')
  const seen = await other.story.run({ ...promote, 'allow-older': 'true' })

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.1' })
  expect(seen.failed).toContain('was live when 1.1.0 was verified')
  expect(swaps(other.story)).toBe(0)
})

it('promote refuses a verification that is too old', async () => {
  const { story } = await verified()
  await later(story, 3 * hour)

  const seen = await story.run({ ...promote, 'max-verified-age': '2h' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('max-verified-age')
  expect(swaps(story)).toBe(0)
})

it('promote refuses what nobody verified', async () => {
  const { story } = await pairWithNews()

  const seen = await story.run(promote)

  expect(seen.failed).toContain('1.1.0 was never verified')
  expect(swaps(story)).toBe(0)
})

it('with a test-command promote verifies again by itself, and goes live then', async () => {
  const { story } = await verified()
  await later(story, 30 * hour)
  let runs = 0
  const tests = async () => {
    runs += 1
    return true
  }

  const seen = await story.run({ ...promote, 'test-command': 'npm test' }, { tests })

  expect(runs).toBe(1)
  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'tests-passed': 'true' })
  expect(seen.log.join('\n')).toContain('it is verified here')
})

it('a verification that fails makes an earlier one of the same version void', async () => {
  const { story } = await verified()

  const failed = await story.run({ operation: 'verify', version: '1.1.0' }, { tests: async () => false })
  const seen = await story.run(promote)

  expect(failed.outputs).toMatchObject({ outcome: 'failed', 'tests-passed': 'false' })
  expect(seen.failed).toContain('1.1.0 was never verified')
})

it('verify again for the same version deploys nothing again, and counts from then on', async () => {
  const { story } = await verified()
  await later(story, 23 * hour)
  const from = story.aws.calls.length

  const again = await story.run({ operation: 'verify', version: '1.1.0' })
  await later(story, 2 * hour)

  expect(again.outputs.outcome).toBe('verified')
  expect(story.changes(from)).not.toContain('UpdateEnvironment')
  expect((await story.run(promote)).outputs.outcome).toBe('promoted')
})

it('verify of what is live already says so and changes nothing', async () => {
  const { story } = await verified()
  const from = story.aws.calls.length

  const seen = await story.run({ operation: 'verify', version: '1.0.0' })

  expect(seen.outputs.outcome).toBe('already-live')
  expect(new Set(story.changes(from))).toEqual(new Set(['PutObject']))
})

it('a verify that dies right after it has written its tags leaves nothing in the way of its promotion', async () => {
  const { story } = await pairWithNews()
  const running = story.start({ operation: 'verify', version: '1.1.0' })
  const look = () => {
    if (running.seen.log.some((line) => line.includes('say that it is verified'))) running.kill()
    else story.clock.at(story.clock.now() + 10, look)
  }
  look()
  await story.clock.run(running.ended)
  await later(story, 301_000)

  expect((await story.run(promote)).outputs.outcome).toBe('promoted')
})

it('a verify that is cancelled leaves production and the lock alone', async () => {
  const { story } = await pairWithNews()
  const running = story.start(
    { operation: 'verify', version: '1.1.0' },
    { tests: () => new Promise(() => {}) },
  )
  await later(story, 200_000)
  running.kill()
  await story.clock.run(running.ended)

  const post = await story.post(running.seen, { operation: 'verify', version: '1.1.0' })

  expect(post.outputs).toMatchObject({ outcome: 'recovered' })
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, version: '1.0.0', status: 'Ready' })
  expect(swaps(story)).toBe(0)
  expect((await story.run({ version: '1.1.0' })).outputs.outcome).toBe('promoted')
})
