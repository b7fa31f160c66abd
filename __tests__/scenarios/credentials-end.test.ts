import { expect, it } from 'vitest'
import { type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

async function standing(): Promise<Scenario> {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  return story
}

/** The job's credentials, as configure-aws-credentials got them just before. */
const credentialsFor = (story: Scenario, minutes: number) => ({
  environment: {
    AWS_SESSION_TOKEN: 'token',
    AWS_CREDENTIAL_EXPIRATION: new Date(story.clock.now() + minutes * 60_000).toISOString(),
  },
})

it('production is not moved when the credentials end before the bake does', async () => {
  const story = await standing()

  const seen = await story.run({ version: '1.1.0', 'bake-time': '1h' }, credentialsFor(story, 60))

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0' })
  expect(seen.failed).toMatch(
    /The AWS credentials end at 10:01 UTC, the bake lasts until 10:0\d UTC, and taking production back may take 10 min more: production stays on shop-blue\./,
  )
  expect(seen.failed).toContain('`role-to-assume`')
  expect(seen.failed).toContain('`role-duration-seconds: 4500` or more')
  expect(story.changes()).not.toContain('SwapEnvironmentCNAMEs')
  expect(story.pair()['shop-blue']?.min).toBe(1)
})

it('production is moved when the credentials last beyond the bake and the way back', async () => {
  const story = await standing()
  const seen = await story.run({ version: '1.1.0', 'bake-time': '30m' }, credentialsFor(story, 60))
  expect(seen.outputs.outcome).toBe('promoted')
})

it('nothing is refused when nobody knows how long the credentials last', async () => {
  const story = await standing()
  const how = { environment: { AWS_CREDENTIAL_EXPIRATION: 'soon' } }
  expect((await story.run({ version: '1.1.0' }, how)).outputs.outcome).toBe('promoted')
})

it('a rollback with credentials that end soon goes on, and says so', async () => {
  const story = await standing()
  expect((await story.run({ version: '1.1.0' })).outputs.outcome).toBe('promoted')

  const seen = await story.run({ operation: 'rollback' }, credentialsFor(story, 3))

  expect(seen.outputs.outcome).toBe('restored')
  const warnings = seen.annotations.filter(({ is }) => is === 'warning').map(({ says }) => says)
  expect(warnings.join('\n')).toMatch(/The AWS credentials end at \d\d:\d\d UTC/)
  expect(seen.summary).toContain('The AWS credentials end at')
})

it('credentials that end in the middle of the bake end the run with what to do', async () => {
  const story = await standing()
  const deploying = story.start({ version: '1.1.0', 'bake-time': '30m' })
  const look = () => {
    if (deploying.seen.log.includes('▸ Bake'))
      story.aws.cloud.faults.order({ fault: 'expired-credentials', operation: '*', times: 1_000_000 })
    else story.clock.at(story.clock.now() + 1_000, look)
  }
  look()

  const seen = await story.clock.run(deploying.ended)

  expect(seen.outputs.outcome).toBe('stuck')
  expect(seen.failed).toContain('AWS does not accept the credentials')
  expect(seen.failed).toContain('give this action `role-to-assume`')
  expect(seen.failed).toContain('`operation: recover`')
  story.aws.cloud.faults.clear()
  expect((await story.run({ operation: 'recover' })).outputs.outcome).toBe('recovered')
})
