import { expect, it } from 'vitest'
import { scenario, standingPair } from '../helpers/scenario.ts'

it('a run that cannot write down what it took back ends, and renews its lock no longer', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const tests = async () => {
    story.aws.cloud.faults.order({ fault: 'server-error', operation: 'PutObject', times: 8 })
    return false
  }

  const seen = await story.run({ version: '1.1.0' }, { tests })
  const calls = story.aws.calls.length
  await story.clock.runUntil(story.clock.now() + 600_000)

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('still open, for the next run to settle')
  expect(story.aws.calls.length).toBe(calls)
  expect((await story.run({ operation: 'recover', 'lock-wait': '10m' })).outputs.outcome).toBe('recovered')
})
