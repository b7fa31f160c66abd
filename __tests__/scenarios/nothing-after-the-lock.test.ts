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
  const lost = story.aws.calls.find(({ error }) => error === 'unanswered')?.at ?? 0
  const late = story.aws.calls.filter(
    ({ operation, at }) => operation === 'UpdateAutoScalingGroup' && at > lost + 25_000 && at < lost + 60_000,
  )
  // It is given up after 30 s; the rollback has done its own resizing long before.
  expect(lost).toBeGreaterThan(0)
  expect(late).toEqual([])
})
