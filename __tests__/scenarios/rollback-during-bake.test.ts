import { expect, it } from 'vitest'
import { production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

it('a rollback takes over from a deployment that bakes, which then sends nothing more', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const users = story.users()
  const deploying = story.start({ version: '1.1.0', 'bake-time': '30m' })
  let pressed: ReturnType<typeof story.start> | undefined
  const pressWhenBaking = () => {
    if (deploying.seen.log.includes('▸ Bake')) {
      story.clock.at(story.clock.now() + 60_000, () => {
        pressed = story.start({ operation: 'rollback' })
      })
    } else story.clock.at(story.clock.now() + 1_000, pressWhenBaking)
  }
  pressWhenBaking()

  const deployed = await story.clock.run(deploying.ended)
  const restored = await story.clock.run(pressed?.ended ?? Promise.reject(new Error('never pressed')))

  expect(restored.outputs).toMatchObject({
    outcome: 'restored',
    'live-environment': 'shop-blue',
    'live-version': '1.0.0',
    'previous-version': '1.1.0',
  })
  expect(deployed.outputs).toMatchObject({ outcome: 'rolled-back', 'live-version': '1.0.0' })
  expect(deployed.failed).toContain(
    'A rollback (acme/shop run 1002 attempt 1, https://github.com/acme/shop/actions/runs/1002/attempts/1) took production from 1.1.0 back to 1.0.0 during the bake.',
  )
  expect(deployed.failed).not.toContain('Undone: nothing')
  expect(deployed.annotations.filter(({ is }) => is === 'warning')).toEqual([])
  expect(story.changes().filter((name) => name === 'SwapEnvironmentCNAMEs')).toHaveLength(2)
  expect(story.pair()['shop-blue']?.cname).toBe(production)
  expect(users.report().failed).toBe(0)
})

function pressWhen(story: Scenario, log: readonly string[], press: () => void) {
  const look = () => {
    if (log.includes('▸ Bake')) press()
    else story.clock.at(story.clock.now() + 1_000, look)
  }
  look()
}

it('a rollback that cannot go back leaves the bake to its deployment', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const deploying = story.start({ version: '1.1.0', 'bake-time': '10m' })
  let pressed: ReturnType<typeof story.start> | undefined
  pressWhen(story, deploying.seen.log, () => {
    // The way back is broken too, by now.
    story.apps.set('1.0.0', { failsPath: { '/health': 500 } })
    pressed = story.start({ operation: 'rollback' })
  })

  const deployed = await story.clock.run(deploying.ended)
  const restored = await story.clock.run(pressed?.ended ?? Promise.reject(new Error('never pressed')))

  expect(restored.outputs).toMatchObject({ outcome: 'failed', 'live-environment': 'shop-green' })
  expect(restored.failed).toContain('was not interrupted')
  expect(deployed.outputs).toMatchObject({ outcome: 'promoted', 'live-version': '1.1.0' })
})

it('a deployment that was taken over and not taken back says so', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const deploying = story.start({ version: '1.1.0', 'bake-time': '30m' })
  let pressed: ReturnType<typeof story.start> | undefined
  pressWhen(story, deploying.seen.log, () => {
    story.aws.cloud.faults.order({ fault: 'denied', operation: 'SwapEnvironmentCNAMEs', times: 9 })
    pressed = story.start({ operation: 'rollback' })
  })

  const deployed = await story.clock.run(deploying.ended)
  const restored = await story.clock.run(pressed?.ended ?? Promise.reject(new Error('never pressed')))

  expect(restored.outputs).toMatchObject({ outcome: 'stuck', 'live-environment': 'shop-green' })
  expect(deployed.outputs).toMatchObject({ outcome: 'stuck', 'live-version': '1.1.0' })
  expect(deployed.failed).toContain('has not moved production back so far')
})
