import { expect, it } from 'vitest'
import { production, type Running, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

/** Swaps in the console as soon as the run has said `line`, and `after` ms later. */
function swapWhen(story: Scenario, running: Running, { line, after }: { line: string; after: number }): void {
  const look = () => {
    if (!running.seen.log.some((one) => one.includes(line))) {
      story.clock.at(story.clock.now() + 100, look)
      return
    }
    story.clock.at(story.clock.now() + after, () => {
      const [one, other] = story.aws.beanstalk.state().environments
      story.aws.beanstalk.byHand.swap(one?.id ?? '', other?.id ?? '')
    })
  }
  look()
}

it('nothing is deployed to an environment that a human made live while its old users were waited for', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.aws.beanstalk.given.version('shop', '1.2.0')
  await story.run({ version: '1.1.0', 'bake-time': '0s' })
  const calls = story.aws.calls.length
  const running = story.start({ version: '1.2.0' })
  swapWhen(story, running, { line: '▸ Prepare candidate', after: 1_000 })

  const seen = await story.clock.run(running.ended)

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-environment': 'shop-blue' })
  expect(seen.failed).toContain('Somebody moved production meanwhile')
  expect(story.changes(calls)).not.toContain('UpdateEnvironment')
})

it('a standby that a human made live again is not scaled down', async () => {
  const story = scenario()
  await standingPair(story, { liveInstances: 3 })
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const running = story.start({ version: '1.1.0', standby: 'scale-down', 'bake-time': '0s' })
  swapWhen(story, running, { line: '▸ Retire standby', after: 20_000 })

  const seen = await story.clock.run(running.ended)

  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, version: '1.0.0' })
  const blue = story.aws.beanstalk.state().environments.find(({ name }) => name === 'shop-blue')
  expect(blue?.group?.desired).toBeGreaterThan(1)
  expect(seen.annotations.map(({ says }) => says).join('\n')).toContain('has production traffic again')
})

it('after a human took a deployment back by hand, the button does not go back one more', async () => {
  const story = scenario()
  const { blue, green } = await standingPair(story)
  const { given, byHand } = story.aws.beanstalk
  story.users()
  given.version('shop', '1.1.0')
  given.version('shop', '1.2.0')
  expect((await story.run({ version: '1.1.0' })).outputs.outcome).toBe('promoted')
  const deploying = story.start({ version: '1.2.0' })
  const look = () => {
    if (!deploying.seen.log.includes('▸ Bake')) story.clock.at(story.clock.now() + 500, look)
    else story.clock.at(story.clock.now() + 5_000, () => byHand.swap(blue, green))
  }
  look()
  expect((await story.clock.run(deploying.ended)).outputs.outcome).toBe('rolled-back')

  const pressed = await story.run({ operation: 'rollback' })

  expect(pressed.outputs).toMatchObject({ outcome: 'already-live', 'live-version': '1.1.0' })
})
