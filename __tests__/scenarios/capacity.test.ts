import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

it('a new live with a smaller maximum of its own is not shrunk below what it took over, and gets its bounds back when it is deployed to', async () => {
  const story = scenario()
  await standingPair(story, { liveInstances: 3 })
  const users = story.users()
  const { blue, green } = Object.fromEntries(
    story.aws.beanstalk.state().environments.map(({ name, id }) => [name.replace('shop-', ''), id]),
  ) as { blue: string; green: string }
  story.aws.beanstalk.byHand.setGroup(blue, { min: 3, max: 4 })
  story.aws.beanstalk.byHand.setGroup(green, { min: 1, max: 1 })
  const desired = () =>
    story.aws.beanstalk.state().environments.find(({ id }) => id === green)?.group?.desired
  for (const label of ['1.1.0', '1.2.0', '1.3.0']) story.aws.beanstalk.given.version('shop', label)

  const seen = await story.run({ version: '1.1.0' })
  await story.clock.runUntil(story.clock.now() + 60_000)

  expect(seen.outputs.outcome).toBe('promoted')
  expect(story.pair()['shop-green']).toMatchObject({ cname: production, version: '1.1.0' })
  expect(desired()).toBe(3)

  expect((await story.run({ version: '1.2.0' })).outputs.outcome).toBe('promoted')
  story.apps.set('1.3.0', { starts: false })
  expect((await story.run({ version: '1.3.0' })).outputs.outcome).toBe('failed')
  await users.stop()
})
