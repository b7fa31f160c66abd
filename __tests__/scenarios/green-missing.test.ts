import { expect, it } from 'vitest'
import { production, scenario } from '../helpers/scenario.ts'

const secret = 'postgres://shop:hunter2@db.internal/shop'

async function aloneOnBlue() {
  const story = scenario()
  const { given } = story.aws.beanstalk
  given.application('shop')
  given.version('shop', '1.0.0')
  const blue = await given.environment({
    application: 'shop',
    name: 'shop-blue',
    version: '1.0.0',
    cnamePrefix: 'shop',
    minSize: 2,
    options: { 'aws:elasticbeanstalk:application:environment/DATABASE_URL': secret },
  })
  await story.clock.runUntil(story.clock.now() + 60_000)
  given.version('shop', '1.1.0')
  return { story, blue }
}

it('a missing candidate is created with the new version from live’s configuration, and nothing is left over', async () => {
  const { story } = await aloneOnBlue()

  const seen = await story.run({ version: '1.1.0' })

  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-green' })
  expect(story.pair()['shop-green']).toMatchObject({ version: '1.1.0', cname: production })
  expect(story.aws.beanstalk.state().templates).toEqual([])
})

it('what live carries of its own ids does not come along', async () => {
  const { story, blue } = await aloneOnBlue()

  await story.run({ version: '1.1.0' })

  const create = story.aws.calls.find(({ operation }) => operation === 'CreateEnvironment')
  expect(create?.input).toMatchObject({ EnvironmentName: 'shop-green' })
  expect(create?.input).not.toHaveProperty('CNAMEPrefix')
  expect(JSON.stringify(inputOf(create).OptionSettings ?? [])).not.toContain(blue.id)
  expect(JSON.stringify(inputOf(create).OptionsToRemove ?? [])).not.toBe('[]')
})

it('live’s secrets appear in no log, output, annotation or summary', async () => {
  const { story } = await aloneOnBlue()

  const seen = await story.run({ version: '1.1.0' }, { tests: async () => false })

  expect(JSON.stringify([seen.log, seen.outputs, seen.annotations, seen.summary, seen.state])).not.toContain(
    'hunter2',
  )
})

it('a candidate that was created and fails its tests is kept by default, and named with the command that ends it', async () => {
  const { story } = await aloneOnBlue()

  const seen = await story.run({ version: '1.1.0' }, { tests: async () => false })

  expect(seen.outputs.outcome).toBe('failed')
  expect(story.pair()['shop-green']?.status).toBe('Ready')
  expect(seen.summary).toContain('aws elasticbeanstalk terminate-environment --environment-id')
})

it('a candidate that was created and fails its tests is ended with on-failure: terminate', async () => {
  const { story } = await aloneOnBlue()

  const seen = await story.run({ version: '1.1.0', 'on-failure': 'terminate' }, { tests: async () => false })

  expect(seen.outputs.outcome).toBe('failed')
  expect(story.pair()['shop-green']?.status).toBe('Terminating')
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, status: 'Ready', version: '1.0.0' })
})

it('a lost answer to CreateEnvironment is settled by looking for our nonce', async () => {
  const { story } = await aloneOnBlue()
  story.aws.cloud.faults.order({ operation: 'CreateEnvironment', fault: 'answer-lost' })

  const seen = await story.run({ version: '1.1.0' })

  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-green' })
  expect(story.changes().filter((name) => name === 'CreateEnvironment')).toHaveLength(1)
})

const inputOf = (call: { input: unknown } | undefined) => (call?.input ?? {}) as Record<string, unknown>
