import { expect, it } from 'vitest'
import { production, scenario, standingPair } from '../helpers/scenario.ts'

async function promoted() {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  expect((await story.run({ version: '1.1.0' })).outputs.outcome).toBe('promoted')
  return story
}

it('the button brings the version before back in one swap, and pressed twice it changes nothing', async () => {
  const story = await promoted()
  const users = story.users()
  const from = story.aws.calls.length

  const first = await story.run({ operation: 'rollback' })

  expect(first.outputs).toMatchObject({
    outcome: 'restored',
    'live-environment': 'shop-blue',
    'live-version': '1.0.0',
  })
  expect(story.changes(from).filter((name) => name === 'SwapEnvironmentCNAMEs')).toHaveLength(1)
  expect(story.changes(from)).not.toContain('UpdateEnvironment')

  const second = await story.run({ operation: 'rollback' })

  expect(second.failed).toBeUndefined()
  expect(second.outputs).toMatchObject({ outcome: 'already-live', 'live-version': '1.0.0' })
  expect(story.changes(from).filter((name) => name === 'SwapEnvironmentCNAMEs')).toHaveLength(1)
  expect(story.pair()['shop-blue']?.cname).toBe(production)
  expect(users.report().failed).toBe(0)
})

it('a rollback deploys the version there first when the standby runs something else by now', async () => {
  const story = await promoted()
  story.aws.beanstalk.given.version('shop', '1.2.0')
  await story.run({ version: '1.2.0' }, { tests: async () => false })
  expect(story.pair()['shop-blue']?.version).toBe('1.2.0')

  const seen = await story.run({ operation: 'rollback' })

  expect(seen.outputs).toMatchObject({ outcome: 'restored', 'live-version': '1.0.0' })
  expect(seen.log.join('\n')).toContain('is deployed there first')
})

it('a rollback to a sick standby is refused, and production stays', async () => {
  const story = await promoted()
  story.aws.cloud.faults.order({ fault: 'never-healthy', environment: 'shop-blue' })
  await story.clock.runUntil(story.clock.now() + 180_000)

  const seen = await story.run({ operation: 'rollback' })

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.1.0' })
  expect(seen.failed).toContain('not fit')
})

it('a rollback with nothing remembered is refused', async () => {
  const story = scenario()
  await standingPair(story)

  const seen = await story.run({ operation: 'rollback' })

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0' })
  expect(seen.failed).toContain('Nothing is remembered')
})
