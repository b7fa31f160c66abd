import { expect, it } from 'vitest'
import { scenario, standingPair } from '../helpers/scenario.ts'

it('a Red candidate gets no traffic, even when its /health answers 200', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.aws.cloud.faults.order({ fault: 'never-healthy', version: '1.1.0' })
  let tested = false

  const seen = await story.run(
    { version: '1.1.0' },
    {
      tests: async () => {
        tested = true
        return true
      },
    },
  )

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toMatch(/health is (Severe|Degraded)/)
  expect(tested).toBe(false)
  expect(story.changes()).not.toContain('SwapEnvironmentCNAMEs')
})

it('a candidate whose own address answers 500 gets no traffic, even when Beanstalk finds it Ok', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.apps.set('1.1.0', { failsPath: { '/health': 500 } })

  const seen = await story.run({ version: '1.1.0' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('/health answers: status 500')
  expect(story.changes()).not.toContain('SwapEnvironmentCNAMEs')
})

it('a candidate that falls ill while the tests run gets no traffic', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const tests = async () => {
    story.apps.set('1.1.0', { status: 503, failsPath: { '/health': 503 } })
    await story.clock.sleep(120_000)
    return true
  }

  const seen = await story.run({ version: '1.1.0' }, { tests })

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'tests-passed': 'true', 'live-version': '1.0.0' })
  expect(seen.failed).toContain('health is Severe, wanted Ok')
  expect(story.changes()).not.toContain('SwapEnvironmentCNAMEs')
})
