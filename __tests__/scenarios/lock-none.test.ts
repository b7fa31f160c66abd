import { expect, it } from 'vitest'
import { production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

const unlocked = { version: '1.1.0', lock: 'none' }

async function standing(): Promise<Scenario> {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  return story
}

/** The role may do everything but touch objects in the bucket. */
const denyBucket = (story: Scenario) => {
  for (const operation of ['GetObject', 'PutObject'])
    story.aws.cloud.faults.order({ fault: 'denied', operation, times: 1_000_000 })
}

it('a bucket that denies is named once with all that is missing, and with what there is without it', async () => {
  for (const [operation, action] of [
    ['GetObject', 's3:GetObject'],
    ['PutObject', 's3:PutObject'],
  ] as const) {
    const story = await standing()
    story.aws.cloud.faults.order({ fault: 'denied', operation, times: 1_000_000 })

    const seen = await story.run({ version: '1.1.0' })

    expect(seen.outputs.outcome).toBe('failed')
    expect(seen.failed).toContain(`${action} is not allowed`)
    expect(seen.failed).toContain(
      '{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:ListBucket"],"Resource":["arn:aws:s3:::elasticbeanstalk-us-east-1-123456789012","arn:aws:s3:::elasticbeanstalk-us-east-1-123456789012/blue-green/*"]}',
    )
    expect(seen.failed).toContain('`lock: none`')
    expect(seen.failed).toContain('nobody keeps two runs apart')
    expect(story.changes().filter((name) => name !== 'PutObject' && !name.startsWith('Create'))).toEqual([])
  }
})

it('without a lock it deploys, sends nothing to the bucket, and warns once, in the summary too', async () => {
  const story = await standing()
  denyBucket(story)
  const from = story.aws.calls.length

  const seen = await story.run(unlocked)

  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-version': '1.1.0' })
  expect(story.aws.calls.slice(from).filter(({ service }) => service === 's3')).toEqual([])
  const warnings = seen.annotations.filter(({ is }) => is === 'warning').map(({ says }) => says)
  expect(warnings.filter((says) => says.includes('`lock: none`'))).toHaveLength(1)
  expect(seen.summary).toContain('nobody keeps this run and another one apart')
})

it('without a lock a deployment that fails still comes back', async () => {
  const story = await standing()
  const deploying = story.start({ ...unlocked, 'bake-time': '10m' })
  const look = () => {
    if (deploying.seen.log.includes('▸ Bake')) story.apps.set('1.1.0', { failsPath: { '/health': 500 } })
    else story.clock.at(story.clock.now() + 1_000, look)
  }
  look()

  const seen = await story.clock.run(deploying.ended)

  expect(seen.outputs).toMatchObject({ outcome: 'rolled-back', 'live-version': '1.0.0' })
  expect(story.pair()['shop-blue']?.cname).toBe(production)
})

it('without a lock the post step still settles what a cancelled deployment left', async () => {
  const story = await standing()
  const deploying = story.start(unlocked)
  const look = () => {
    if (deploying.seen.log.includes('▸ Bake')) deploying.cancel()
    else story.clock.at(story.clock.now() + 1_000, look)
  }
  look()
  const cancelled = await story.clock.run(deploying.ended)
  expect(story.pair()['shop-green']?.cname).toBe(production)

  const seen = await story.post(cancelled, unlocked)

  expect(seen.outputs).toMatchObject({ outcome: 'recovered', 'live-environment': 'shop-blue' })
  expect(story.pair()).toMatchObject({
    'shop-blue': { cname: production, min: 1 },
    'shop-green': { min: 1 },
  })
})

it('a rollback without a lock is refused before the first call', async () => {
  const story = await standing()
  const from = story.aws.calls.length
  const seen = await story.run({ operation: 'rollback', lock: 'none' })
  expect(seen.failed).toContain('nothing is remembered that `rollback` could go by')
  expect(story.aws.calls).toHaveLength(from)
})
