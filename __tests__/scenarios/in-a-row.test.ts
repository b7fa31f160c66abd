import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

it('each deployment goes to the other environment, and no user notices', async () => {
  const story = scenario()
  await standingPair(story)
  const users = story.users()
  story.aws.beanstalk.given.version('shop', '1.1.0')

  const second = await story.run({ version: '1.1.0' })

  expect(second.outputs).toMatchObject({
    outcome: 'promoted',
    'live-environment': 'shop-green',
    'live-version': '1.1.0',
    'standby-environment': 'shop-blue',
    'standby-version': '1.0.0',
    'previous-version': '1.0.0',
  })
  expect(story.pair()['shop-green']).toMatchObject({ cname: production, version: '1.1.0' })

  story.aws.beanstalk.given.version('shop', '1.2.0')
  const third = await story.run({ version: '1.2.0' })

  expect(third.outputs).toMatchObject({
    outcome: 'promoted',
    'live-environment': 'shop-blue',
    'previous-version': '1.1.0',
  })
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, version: '1.2.0' })
  expect(users.report()).toMatchObject({ failed: 0 })
  expect(Object.keys(users.report().byVersion).sort()).toEqual(['1.0.0', '1.1.0', '1.2.0'])
})

it('the environments may be given in either order', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')

  const seen = await story.run({
    version: '1.1.0',
    'blue-environment': 'shop-green',
    'green-environment': 'shop-blue',
  })

  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-green' })
  expect(story.pair()['shop-green']?.cname).toBe(production)
})

it('the candidate has live’s capacity before it gets traffic, the standby keeps its own, and live may shrink again', async () => {
  const story = scenario()
  const { blue, green } = await standingPair(story, { liveInstances: 3, otherInstances: 1 })
  story.users()
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const inService = (id: string) =>
    story.aws.beanstalk.state().environments.find((environment) => environment.id === id)?.group?.inService ??
    0
  const atSwap: number[] = []
  const running = story.start({ version: '1.1.0' })
  const watch = () => {
    const swap = story.aws.calls.find(({ operation }) => operation === 'SwapEnvironmentCNAMEs')
    if (swap) atSwap.push(inService(green), inService(blue))
    else story.clock.at(story.clock.now() + 100, watch)
  }
  watch()

  await story.clock.run(running.ended)

  expect(atSwap).toEqual([3, 3])
  expect(story.pair()['shop-blue']?.min).toBe(3)
  expect(story.pair()['shop-green']?.min).toBe(1)
})
