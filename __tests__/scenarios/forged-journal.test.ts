import { expect, it } from 'vitest'
import { production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

const bucket = 'elasticbeanstalk-us-east-1-123456789012'
const key = 'blue-green/shop/shop-blue+shop-green.json'

/** What somebody who may write to the bucket puts there. */
function forge(story: Scenario, state: { pending?: unknown[]; kept?: unknown[] }) {
  const { buckets } = story.aws
  if (!buckets.has(bucket)) buckets.create(bucket)
  const document = { schema: 1, nonce: 'forged', pending: [], kept: [], promotions: [], ...state }
  buckets.put(bucket, key, Buffer.from(JSON.stringify(document)))
}

async function withForeign() {
  const story = scenario()
  const pair = await standingPair(story)
  const { given } = story.aws.beanstalk
  given.application('bank')
  given.version('bank', '1')
  const foreign = await given.environment({
    application: 'bank',
    name: 'bank-live',
    version: '1',
    minSize: 3,
  })
  const own = await given.environment({
    application: 'shop',
    name: 'shop-other',
    version: '1.0.0',
    minSize: 3,
  })
  const groupOf = (id: string) =>
    story.aws.beanstalk.state().environments.find((environment) => environment.id === id)?.group?.name ?? ''
  return { story, ...pair, foreign: foreign.id, own: own.id, groupOf }
}

it('nothing outside the pair is touched because the journal says so', async () => {
  const { story, foreign, own, green, groupOf } = await withForeign()
  forge(story, {
    pending: [
      { what: 'terminate', way: 'finish', environment: foreign, name: 'bank-live' },
      { what: 'terminate', way: 'finish', environment: own, name: 'shop-other' },
      { what: 'create-template', way: 'undo', name: 'precious-configuration' },
      {
        what: 'hold-capacity',
        way: 'undo',
        environment: green,
        group: groupOf(foreign),
        before: { min: 0, max: 0 },
        after: { min: 3, max: 4 },
      },
      {
        what: 'hold-capacity',
        way: 'undo',
        environment: own,
        group: groupOf(own),
        before: { min: 0, max: 0 },
        after: { min: 3, max: 4 },
      },
    ],
  })

  const seen = await story.run({ operation: 'recover' })

  expect(seen.outputs.outcome).toBe('recovered')
  expect(story.changes().filter((name) => name !== 'PutObject')).toEqual([])
  // The other application's environment is not even seen.
  expect(seen.annotations.filter(({ is }) => is === 'warning')).toHaveLength(4)
})

it('the live environment is not ended because the journal says so', async () => {
  const { story, blue } = await withForeign()
  story.aws.beanstalk.given.version('shop', '1.1.0')
  expect((await story.run({ version: '1.1.0' })).outputs.outcome).toBe('promoted')
  expect((await story.run({ operation: 'rollback' })).outputs.outcome).toBe('restored')
  const state = JSON.parse(Buffer.from(story.aws.buckets.read(bucket, key) ?? []).toString())
  const terminate = { what: 'terminate', way: 'finish', environment: blue, name: 'shop-blue' }
  story.aws.buckets.put(bucket, key, Buffer.from(JSON.stringify({ ...state, pending: [terminate] })))

  const seen = await story.run({ operation: 'recover' })

  expect(seen.outputs.outcome).toBe('recovered')
  expect(seen.annotations[0]).toMatchObject({ is: 'warning', says: expect.stringMatching(/it stays/) })
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, status: 'Ready' })
})

it('a journal that nobody can read is named, and left alone', async () => {
  const { story } = await withForeign()
  forge(story, {})
  story.aws.buckets.put(bucket, key, Buffer.from('{ half a docum'))

  const seen = await story.run({ version: '1.0.0' })

  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('left alone')
  expect(seen.failed).toContain(`aws s3 cp 's3://${bucket}/${key}' -`)
  expect(story.changes()).toEqual([])
})

it('a journal of a newer version of this action is not touched', async () => {
  const { story } = await withForeign()
  forge(story, {})
  story.aws.buckets.put(bucket, key, Buffer.from(JSON.stringify({ schema: 2 })))

  const seen = await story.run({ version: '1.0.0' })

  expect(seen.failed).toContain('newer version of this action')
  expect(story.changes()).toEqual([])
})
