import { expect, it } from 'vitest'
import { byHand } from '../helpers/by-hand.ts'
import { production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

it('a version that fails under traffic is taken back, and users saw failures of that version only', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.apps.set('1.1.0', { failsAfterRequests: 200 })
  const users = story.users()

  const seen = await story.run({ version: '1.1.0' })

  expect(seen.outputs).toMatchObject({
    outcome: 'rolled-back',
    'live-environment': 'shop-blue',
    'live-version': '1.0.0',
  })
  expect(seen.failed).toContain('failed under real traffic')
  expect(story.pair()['shop-blue']).toMatchObject({ cname: production, version: '1.0.0' })
  expect(Number(seen.outputs['rollback-seconds'])).toBeGreaterThan(0)
  expect(Object.keys(users.report().failuresByVersion)).toEqual(['1.1.0'])
})

it('a rollback after a deployment came back by itself does not go back one more', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.aws.beanstalk.given.version('shop', '1.2.0')
  await story.run({ version: '1.1.0' })
  story.apps.set('1.2.0', { failsAfterRequests: 50, failsHealthToo: true })
  const users = story.users()
  expect((await story.run({ version: '1.2.0' })).outputs.outcome).toBe('rolled-back')

  const seen = await story.run({ operation: 'rollback' })

  expect(seen.outputs).toMatchObject({ outcome: 'already-live', 'live-version': '1.1.0' })
  await users.stop()
})

it('when both sides are sick production stays where it is, and a human is told', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  let databaseIsDown = false
  const needsDatabase = { respond: () => (databaseIsDown ? { status: 500 } : undefined) }
  story.apps.set('1.0.0', needsDatabase).set('1.1.0', needsDatabase)
  story.users()
  const running = story.start({ version: '1.1.0' })
  const breakOnceMoved = () => {
    if (story.pair()['shop-green']?.cname === production) databaseIsDown = true
    else story.clock.at(story.clock.now() + 1_000, breakOnceMoved)
  }
  breakOnceMoved()

  const seen = await story.clock.run(running.ended)

  expect(seen.outputs).toMatchObject({ outcome: 'stuck', 'live-environment': 'shop-green' })
  expect(seen.failed).toContain('no way back')
  expect(story.changes().filter((name) => name === 'SwapEnvironmentCNAMEs')).toHaveLength(1)
})

it('a swap that AWS refuses while the new version is Red is tried until that is over', async () => {
  const story = scenario({ switches: { swapWhenRed: 'refused' } })
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const since = { bad: Number.POSITIVE_INFINITY }
  const isBad = () => story.clock.now() > since.bad && story.clock.now() < since.bad + 240_000
  story.apps.set('1.1.0', { respond: () => (isBad() ? { status: 500 } : undefined) })
  story.users()
  const running = story.start({ version: '1.1.0' })
  const look = () => {
    if (running.seen.log.includes('▸ Bake')) since.bad = story.clock.now() + 30_000
    else story.clock.at(story.clock.now() + 500, look)
  }
  look()

  const seen = await story.clock.run(running.ended)

  expect(seen.outputs).toMatchObject({ outcome: 'rolled-back', 'live-environment': 'shop-blue' })
  expect(seen.log.join('\n')).toContain('Nothing happened; it is tried again for 5 min.')
})

it('what a human brings in place after a swap was refused is what the next run knows as live', async () => {
  const story = scenario({ switches: { swapWhenRed: 'refused' } })
  const { green } = await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  story.apps.set('1.1.0', { failsAfterRequests: 100 })
  story.users()
  const stuck = await story.run({ version: '1.1.0' })
  expect(stuck.outputs.outcome).toBe('stuck')
  expect(stuck.failed).toContain(
    `aws elasticbeanstalk update-environment --environment-id ${green} --version-label 1.0.0`,
  )

  await byHand(story).deploy(green, '1.0.0')
  const recovered = await story.run({ operation: 'recover' })

  expect(recovered.outputs).toMatchObject({ outcome: 'recovered', 'live-version': '1.0.0' })
  const { promotions } = stateOf(story)
  expect(promotions[0]).toMatchObject({ environment: green, version: '1.0.0' })
})

const stateOf = ({ aws: { buckets } }: Scenario) => {
  const [bucket = ''] = buckets.names()
  const [key = ''] = buckets.keys(bucket, 'blue-green/shop/')
  return JSON.parse(Buffer.from(buckets.read(bucket, key) ?? []).toString())
}
