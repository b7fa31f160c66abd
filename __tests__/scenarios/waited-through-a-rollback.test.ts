import { expect, it } from 'vitest'
import { type Running, scenario, standingPair } from '../helpers/scenario.ts'

it('a deployment that waited while production was rolled back is not begun', async () => {
  const story = scenario()
  await standingPair(story)
  const { given } = story.aws.beanstalk
  given.version('shop', '1.1.0')
  given.version('shop', '1.2.0')
  story.users()
  const baking = story.start({ version: '1.1.0', 'bake-time': '30m' })
  const others: Running[] = []
  const look = () => {
    if (!baking.seen.log.includes('▸ Bake')) return story.clock.at(story.clock.now() + 1_000, look)
    others.push(story.start({ version: '1.2.0' }))
    return story.clock.at(story.clock.now() + 60_000, () =>
      others.push(story.start({ operation: 'rollback' })),
    )
  }
  look()

  await story.clock.run(baking.ended)
  const [waited, restored] = await story.clock.run(Promise.all(others.map(({ ended }) => ended)))

  expect(restored?.outputs.outcome).toBe('restored')
  expect(waited?.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0' })
  expect(waited?.failed).toContain('rolled back while this deployment waited')
  expect((await story.run({ version: '1.2.0' })).outputs.outcome).toBe('promoted')
})
