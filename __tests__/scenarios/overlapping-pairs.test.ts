import { expect, it } from 'vitest'
import { type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

/** A third environment, which another workflow pairs with shop-blue. */
async function threeEnvironments() {
  const story = scenario()
  await standingPair(story)
  const { given } = story.aws.beanstalk
  await given.environment({ application: 'shop', name: 'shop-new', version: '1.0.0', minSize: 1 })
  given.version('shop', '1.1.0')
  given.version('shop', '1.2.0')
  return story
}

const otherPair = { 'green-environment': 'shop-new' }

const whenBaking = (story: Scenario, log: readonly string[], job: () => void) => {
  const look = () => {
    if (log.includes('▸ Bake')) job()
    else story.clock.at(story.clock.now() + 1_000, look)
  }
  look()
}

it('of two pairs that share an environment, the second waits, says for whom, and then goes on', async () => {
  const story = await threeEnvironments()
  const first = story.start({ version: '1.1.0' })
  let second: ReturnType<typeof story.start> | undefined
  whenBaking(story, first.seen.log, () => {
    second = story.start({ ...otherPair, version: '1.2.0' })
    story.clock.at(story.clock.now() + 60_000, () => {
      story.apps.set('1.1.0', { failsPath: { '/health': 500 } })
    })
  })

  expect((await story.clock.run(first.ended)).outputs.outcome).toBe('rolled-back')
  const ended = await story.clock.run(second?.ended ?? Promise.reject(new Error('never started')))

  expect(ended.log.join('\n')).toContain(
    'waiting for acme/shop run 1001 attempt 1 (https://github.com/acme/shop/actions/runs/1001/attempts/1): deploy (baking) on the pair shop-blue + shop-green, which has shop-blue too',
  )
  expect(ended.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-new' })
  const requests = story.changes().filter((name) => name === 'UpdateEnvironment' || name.startsWith('Swap'))
  expect(requests).toEqual([
    'UpdateEnvironment',
    'SwapEnvironmentCNAMEs',
    'SwapEnvironmentCNAMEs',
    'UpdateEnvironment',
    'SwapEnvironmentCNAMEs',
  ])
})

it('a pair is not begun while an interrupted run of another pair left something open on it', async () => {
  const story = await threeEnvironments()
  const first = story.start({ version: '1.1.0' })
  whenBaking(story, first.seen.log, first.kill)
  await story.clock.run(first.ended)
  await story.clock.runUntil(story.clock.now() + 301_000)
  const from = story.aws.calls.length

  const refused = await story.run({ ...otherPair, version: '1.2.0' })

  expect(refused.outputs.outcome).toBe('failed')
  expect(refused.failed).toContain(
    'An interrupted run on the pair shop-blue + shop-green left something open that may concern shop-blue',
  )
  expect(refused.failed).toContain('`operation: recover`')
  expect(new Set(story.changes(from))).toEqual(new Set(['PutObject']))
  expect((await story.run({ operation: 'recover' })).outputs.outcome).toBe('recovered')
})

it('a pair is the same pair in both orders of its names', async () => {
  const story = await threeEnvironments()
  const first = story.start({ version: '1.1.0' })
  let second: ReturnType<typeof story.start> | undefined
  whenBaking(story, first.seen.log, () => {
    second = story.start({
      'blue-environment': 'shop-green',
      'green-environment': 'shop-blue',
      version: '1.2.0',
    })
  })

  expect((await story.clock.run(first.ended)).outputs.outcome).toBe('promoted')
  const ended = await story.clock.run(second?.ended ?? Promise.reject(new Error('never started')))

  expect(ended.log.join('\n')).toContain('waiting for acme/shop run 1001')
  expect(ended.outputs).toMatchObject({ outcome: 'promoted', 'live-version': '1.2.0' })
  expect(story.aws.buckets.keys('elasticbeanstalk-us-east-1-123456789012', 'blue-green/shop/')).toEqual([
    'blue-green/shop/shop-blue+shop-green.json',
  ])
})
