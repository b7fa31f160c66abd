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
