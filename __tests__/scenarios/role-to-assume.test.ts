import { expect, it } from 'vitest'
import type { Seen } from '../helpers/runner.ts'
import { production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

const role = { 'role-to-assume': 'arn:aws:iam::123456789012:role/deploy' }
/** What the runner gives a job that has `id-token: write`. */
const mayHaveToken = {
  environment: { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://token', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token' },
}

async function standing(): Promise<Scenario> {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  return story
}

const assumed = (story: Scenario) =>
  story.aws.calls.filter(({ operation }) => operation === 'AssumeRoleWithWebIdentity')

const whenBaking = (story: Scenario, seen: Seen, job: () => void) => {
  const look = () => {
    if (seen.log.includes('▸ Bake')) job()
    else story.clock.at(story.clock.now() + 1_000, look)
  }
  look()
}

it('a bake of an hour still comes back when its first credentials ended on the way', async () => {
  const story = await standing()
  const began = story.clock.now()
  const deploying = story.start({ ...role, version: '1.1.0', 'bake-time': '1h' }, mayHaveToken)
  whenBaking(story, deploying.seen, () => {
    story.clock.at(began + 61 * 60_000, () => story.apps.set('1.1.0', { failsPath: { '/health': 500 } }))
  })

  const seen = await story.clock.run(deploying.ended)

  expect(story.clock.now() - began).toBeGreaterThan(61 * 60_000)
  expect(seen.outputs).toMatchObject({ outcome: 'rolled-back', 'live-version': '1.0.0' })
  expect(story.pair()['shop-blue']?.cname).toBe(production)
  expect(assumed(story)).toHaveLength(2)
  expect(story.aws.calls.filter(({ error }) => error === 'ExpiredToken')).toEqual([])
})

it('what the role’s credentials are is masked, and said nowhere', async () => {
  const story = await standing()
  const seen = await story.run({ ...role, version: '1.1.0' }, mayHaveToken)
  expect(seen.outputs.outcome).toBe('promoted')
  expect(seen.secrets).toHaveLength(2)
  const said = JSON.stringify({ ...seen, secrets: [] })
  for (const secret of seen.secrets) expect(said).not.toContain(secret)
})

it('a job that may not have an ID token is told the line that is missing, before anything else', async () => {
  const story = await standing()
  const from = story.aws.calls.length
  const seen = await story.run({ ...role, version: '1.1.0' })
  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain('`id-token: write`')
  expect(story.aws.calls).toHaveLength(from)
})

it('a role that does not trust this job is named, with what GitHub calls the job', async () => {
  const story = await standing()
  const seen = await story.run(
    { 'role-to-assume': 'arn:aws:iam::000000000000:role/deploy', version: '1.1.0' },
    mayHaveToken,
  )
  expect(seen.outputs.outcome).toBe('failed')
  expect(seen.failed).toContain(
    'AWS does not let this job work as arn:aws:iam::000000000000:role/deploy: Not authorized to perform sts:AssumeRoleWithWebIdentity',
  )
  expect(seen.failed).toContain('repo:acme/shop:ref:refs/heads/main')
})
