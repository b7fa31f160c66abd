import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

it('a version that fails its tests never gets traffic', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const users = story.users()
  let variables: Readonly<Record<string, string>> = {}

  const seen = await story.run(
    { version: '1.1.0' },
    {
      tests: async (given) => {
        variables = given
        return false
      },
    },
  )

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'tests-passed': 'false', 'live-version': '1.0.0' })
  expect(seen.failed).toContain('tests failed')
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, version: '1.0.0' })
  expect(story.changes()).not.toContain('SwapEnvironmentCNAMEs')
  expect(users.report().byVersion).toEqual({ '1.0.0': expect.any(Number) })
  expect(variables).toMatchObject({ VERSION: '1.1.0', ENVIRONMENT_NAME: 'shop-green' })
  expect(variables.CANDIDATE_URL).toBe(variables.GREEN_URL)
  expect(variables.CANDIDATE_URL).toContain(story.pair()['shop-green']?.cname)
})

it('after failed tests no capacity stays raised and the lock is free', async () => {
  const story = scenario()
  await standingPair(story, { liveInstances: 3 })
  story.aws.beanstalk.given.version('shop', '1.1.0')

  await story.run({ version: '1.1.0' }, { tests: async () => false })

  expect(story.pair()['shop-green']?.min).toBe(1)
  const began = story.clock.now()
  const next = await story.run({ version: '1.0.0' })
  expect(next.outputs.outcome).toBe('already-live')
  expect(story.clock.now() - began).toBeLessThan(60_000)
})
