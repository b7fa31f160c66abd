import { expect, it } from 'vitest'
import { production, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

async function promoted(inputs: Record<string, string> = {}) {
  const story = scenario()
  await standingPair(story)
  for (const label of ['1.1.0', '1.2.0']) story.aws.beanstalk.given.version('shop', label)
  expect((await story.run({ version: '1.1.0', ...inputs })).outputs.outcome).toBe('promoted')
  return story
}

const rollback = (story: Scenario, inputs: Record<string, string> = {}) =>
  story.run({ operation: 'rollback', ...inputs })

const deployedTo = (story: Scenario, from: number) =>
  story.changes(from).filter((name) => name === 'UpdateEnvironment' || name === 'CreateEnvironment')

/** A pair that others have deployed to: blue has production, and the newer version is on `newer`. */
async function unremembered(newer: string) {
  const story = scenario()
  const { given } = story.aws.beanstalk
  given.application('shop')
  given.version('shop', '1.0.0')
  await story.clock.runUntil(story.clock.now() + 60_000)
  given.version('shop', '1.1.0')
  for (const name of ['shop-blue', 'shop-green']) {
    const version = name === newer ? '1.1.0' : '1.0.0'
    const prefix = name === 'shop-blue' ? { cnamePrefix: 'shop' } : {}
    await given.environment({ application: 'shop', name, version, minSize: 1, ...prefix })
  }
  await story.clock.runUntil(story.clock.now() + 60_000)
  return story
}

it('a sick standby is refused, and taken with force and a warning', async () => {
  const story = await promoted()
  story.aws.cloud.faults.order({ fault: 'never-healthy', environment: 'shop-blue' })
  await story.clock.runUntil(story.clock.now() + 180_000)

  const refused = await rollback(story)
  expect(refused.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.1.0' })
  expect(refused.failed).toContain('`force: true`')

  const forced = await rollback(story, { force: 'true' })
  expect(forced.outputs).toMatchObject({ outcome: 'restored', 'live-version': '1.0.0' })
  expect(forced.annotations).toContainEqual({
    is: 'warning',
    says: expect.stringContaining('Production goes back all the same'),
  })
})

it('a standby that was scaled down gets its instances first, and with force production does not wait', async () => {
  for (const force of ['false', 'true']) {
    const story = await promoted({ standby: 'scale-down', 'drain-timeout': '0s' })
    const live = story.aws.beanstalk.state().environments.find(({ name }) => name === 'shop-green')
    story.aws.beanstalk.byHand.setGroup(live?.id ?? '', { min: 2, max: 4 })
    const users = story.users()
    await story.clock.runUntil(story.clock.now() + 180_000)
    const began = story.clock.now()

    const seen = await rollback(story, { force })

    expect(seen.outputs).toMatchObject({ outcome: 'restored', 'live-version': '1.0.0' })
    expect(seen.log.join('\n')).toContain('shop-blue keeps at least 2 instances')
    const swapAt = story.aws.calls.findLast(({ operation }) => operation === 'SwapEnvironmentCNAMEs')?.at ?? 0
    if (force === 'true') expect(swapAt - began).toBeLessThan(10_000)
    else expect(swapAt - began).toBeGreaterThan(60_000)
    expect(seen.annotations.map(({ says }) => says).join()).toMatch(
      force === 'true' ? /1 of 2 instances in service/ : /^$/,
    )
    expect(users.report().failed).toBe(0)
  }
})

it('a standby that was terminated: what to deploy is said, and `to` does it', async () => {
  const story = await promoted({ standby: 'terminate', 'drain-timeout': '0s' })

  const refused = await rollback(story)
  expect(refused.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.1.0' })
  expect(refused.failed).toContain('does not exist any more')
  expect(refused.summary).toContain('operation: rollback\n   to: "1.0.0"')

  const seen = await rollback(story, { to: '1.0.0' })
  expect(seen.outputs).toMatchObject({
    outcome: 'restored',
    'live-environment': 'shop-blue',
    'live-version': '1.0.0',
  })
  expect(seen.log.join('\n')).toContain('it is created with 1.0.0 first. That takes about 7 min')
  expect(story.pair()['shop-blue']?.cname).toBe(production)
})

it('a standby that runs something else by now: its version is deployed there first, and how long that takes is said', async () => {
  const story = await promoted()
  await story.run({ version: '1.2.0' }, { tests: async () => false })
  const users = story.users()

  const seen = await rollback(story)

  expect(seen.outputs).toMatchObject({ outcome: 'restored', 'live-version': '1.0.0' })
  expect(seen.log.join('\n')).toMatch(
    /shop-blue runs 1\.2\.0 by now: 1\.0\.0 is deployed there first\. That takes about 1 min \d+ s and what the tests take; until then 1\.1\.0 stays live on shop-green\./,
  )
  expect(users.report().failed).toBe(0)
})

it('to a version that runs nowhere: it is deployed to the other environment, and proven there', async () => {
  const story = await promoted()
  const from = story.aws.calls.length

  const seen = await rollback(story, { to: '1.2.0' })

  expect(seen.outputs).toMatchObject({ outcome: 'restored', 'live-version': '1.2.0', 'tests-passed': 'true' })
  expect(deployedTo(story, from)).toEqual(['UpdateEnvironment'])
})

it('to what is live already: nothing is changed', async () => {
  const story = await promoted()
  for (const to of ['1.1.0', 'shop-green']) {
    const from = story.aws.calls.length
    const seen = await rollback(story, { to })
    expect(seen.outputs).toMatchObject({ outcome: 'already-live', 'live-version': '1.1.0' })
    expect(story.changes(from).filter((name) => name !== 'PutObject')).toEqual([])
  }
})

it('without a journal it goes where `to` says, or where only an older version is', async () => {
  for (const [to, newer] of [
    ['', 'shop-blue'],
    ['shop-green', 'shop-green'],
    ['1.1.0', 'shop-green'],
  ]) {
    const story = await unremembered(newer as string)

    const seen = await rollback(story, { to: to as string })

    expect(seen.outputs).toMatchObject({ outcome: 'restored', 'live-environment': 'shop-green' })
  }
})

it('without a journal a newer version on the other environment is nothing to go back to', async () => {
  const seen = await rollback(await unremembered('shop-green'))

  expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-environment': 'shop-blue' })
  expect(seen.failed).toContain('1.1.0 on shop-green is not older than 1.0.0, which is live')
})

it('the version that a human went back from is not deployed again by a re-run of its job', async () => {
  const story = await promoted()
  await rollback(story)

  const again = await story.run({ version: '1.1.0' })
  expect(again.outputs).toMatchObject({ outcome: 'failed', 'live-version': '1.0.0' })
  expect(again.failed).toContain('Production was rolled back from 1.1.0 to 1.0.0')

  const meant = await story.run({ version: '1.1.0', 'allow-older': 'true' })
  expect(meant.outputs).toMatchObject({ outcome: 'promoted', 'live-version': '1.1.0' })
})
