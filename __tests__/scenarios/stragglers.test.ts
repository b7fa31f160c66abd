import { expect, it } from 'vitest'
import { scenario, standingPair } from '../helpers/scenario.ts'

it('a deployment right after another waits for users whose DNS answers still lead to the standby', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const users = story.users()
  const first = await story.run({ version: '1.1.0', 'bake-time': '0s' })
  expect(first.outputs.outcome).toBe('promoted')
  story.aws.beanstalk.given.version('shop', '1.2.0')

  const second = await story.run({ version: '1.2.0', 'bake-time': '0s' })

  expect(second.outputs.outcome).toBe('promoted')
  expect(users.report().failed).toBe(0)
})

it('an environment that serves requests is not deployed to, whoever has the production address', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const green = story.pair()['shop-green']
  story.users(green?.cname)
  await story.clock.runUntil(story.clock.now() + 60_000)

  const seen = await story.run({ version: '1.1.0' })

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-environment': 'shop-blue' })
  expect(seen.failed).toMatch(/shop-green serves \d+\.\d requests a second/)
  expect(story.changes()).not.toContain('UpdateEnvironment')
})
