import { expect, it } from 'vitest'
import { scenario, standingPair } from '../helpers/scenario.ts'

it('a resize whose answer is lost is not sent again by a run that lost the lock meanwhile', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.users()
  const deploying = story.start({ version: '1.1.0', 'bake-time': '0s' })
  const look = () => {
    if (!deploying.seen.log.includes('▸ Retire standby')) return story.clock.at(story.clock.now() + 20, look)
    story.aws.cloud.faults.order({ operation: 'UpdateAutoScalingGroup', fault: 'unanswered' })
    return story.clock.at(story.clock.now() + 10_000, () => {
      pressed.push(story.start({ operation: 'rollback' }))
    })
  }
  const pressed: ReturnType<typeof story.start>[] = []
  look()

  await story.clock.run(deploying.ended)
  const restored = await story.clock.run(Promise.all(pressed.map(({ ended }) => ended)))

  expect(restored[0]?.outputs.outcome).toBe('restored')
  expect(deploying.seen.outputs.outcome).toBe('rolled-back')
  const since = story.aws.calls.findIndex(({ error }) => error === 'unanswered')
  const resizes = story.aws.calls
    .slice(since)
    .filter(({ operation }) => operation === 'UpdateAutoScalingGroup')
  // The lost one, and the rollback's own.
  expect(resizes).toHaveLength(2)
})
