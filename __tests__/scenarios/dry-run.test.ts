import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Inputs, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

const hour = 3_600_000

const versions = (story: Scenario, ...labels: string[]) => {
  for (const label of labels) story.aws.beanstalk.given.version('shop', label)
}

async function pair(): Promise<Scenario> {
  const story = scenario()
  const { given } = story.aws.beanstalk
  given.application('shop')
  versions(story, '1.0.0')
  // Live is as small as it can be: nobody would see it shrink between the plan and what is then done.
  const shared = { application: 'shop', version: '1.0.0', maxSize: 4 }
  await given.environment({ ...shared, name: 'shop-blue', cnamePrefix: 'shop', minSize: 2 })
  await given.environment({ ...shared, name: 'shop-green', minSize: 1 })
  await story.clock.runUntil(story.clock.now() + 60_000)
  versions(story, '1.1.0')
  return story
}

async function promoted(): Promise<Scenario> {
  const story = await pair()
  expect((await story.run({ version: '1.1.0' })).outputs.outcome).toBe('promoted')
  versions(story, '1.2.0')
  await story.clock.runUntil(story.clock.now() + hour)
  return story
}

async function greenMissing(): Promise<Scenario> {
  const story = scenario()
  const { given } = story.aws.beanstalk
  given.application('shop')
  versions(story, '1.0.0')
  const shared = { application: 'shop', version: '1.0.0', minSize: 2, maxSize: 4 }
  await given.environment({ ...shared, name: 'shop-blue', cnamePrefix: 'shop' })
  await story.clock.runUntil(story.clock.now() + 60_000)
  versions(story, '1.1.0')
  return story
}

async function nothingThere(): Promise<Scenario> {
  const story = scenario()
  story.aws.beanstalk.given.application('shop')
  versions(story, '1.0.0')
  return story
}

async function standbyOverwritten(): Promise<Scenario> {
  const story = await promoted()
  await story.run({ version: '1.2.0' }, { tests: async () => false })
  return story
}

async function verified(): Promise<Scenario> {
  const story = await pair()
  expect((await story.run({ operation: 'verify', version: '1.1.0' })).outputs.outcome).toBe('verified')
  await story.clock.runUntil(story.clock.now() + hour)
  return story
}

async function diedInTheBake(): Promise<Scenario> {
  const story = await promoted()
  const other = story.start({ version: '1.2.0' })
  while (!other.seen.log.includes('▸ Bake')) await story.clock.runUntil(story.clock.now() + 1_000)
  other.kill()
  await story.clock.runUntil(story.clock.now() + hour)
  return story
}

async function diedWhileCreating(): Promise<Scenario> {
  const story = await greenMissing()
  const other = story.start({ version: '1.1.0' })
  while (!story.changes().includes('CreateEnvironment')) await story.clock.runUntil(story.clock.now() + 100)
  other.kill()
  await story.clock.runUntil(story.clock.now() + hour)
  return story
}

/** Calls that change something, but for the journal and what is written beside it: what the plan has to say. */
const changesOf = (story: Scenario, from: number): readonly string[] =>
  story.changes(from).filter((name) => name !== 'PutObject' && name !== 'CreateStorageLocation')

const planned = (log: readonly string[]): readonly string[] =>
  log.flatMap((line) => /would call (\w+)/.exec(line)?.[1] ?? []).filter((name) => name !== 'PutObject')

/** Everything that the simulated AWS keeps. */
const everything = (story: Scenario): string =>
  JSON.stringify([
    story.pair(),
    [...story.aws.beanstalk.state().environments].map(({ id, version }) => [id, version]),
  ])

const platform = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'

describe('a dry run', () => {
  const stories: readonly [string, () => Promise<Scenario>, Inputs, string][] = [
    ['a deployment to the environment that is there', pair, { version: '1.1.0' }, 'promoted'],
    ['a deployment that creates the missing one', greenMissing, { version: '1.1.0' }, 'promoted'],
    ['the very first deployment', nothingThere, { version: '1.0.0', platform }, 'promoted'],
    ['the version that is live', promoted, { version: '1.1.0' }, 'already-live'],
    ['scaling the standby down', pair, { version: '1.1.0', standby: 'scale-down' }, 'promoted'],
    ['ending the standby', pair, { version: '1.1.0', standby: 'terminate' }, 'promoted'],
    ['a deployment over the way back', promoted, { version: '1.2.0' }, 'promoted'],
    ['a rollback', promoted, { operation: 'rollback' }, 'restored'],
    ['a rollback that has to deploy first', standbyOverwritten, { operation: 'rollback' }, 'restored'],
    ['a rollback of what a dead run moved', diedInTheBake, { operation: 'rollback' }, 'restored'],
    ['recovering what a dead run moved', diedInTheBake, { operation: 'recover' }, 'recovered'],
    ['recovering what a dead run was creating', diedWhileCreating, { operation: 'recover' }, 'recovered'],
    ['a verification', pair, { operation: 'verify', version: '1.1.0' }, 'verified'],
    [
      'a verification in an environment of its own',
      greenMissing,
      { operation: 'verify', version: '1.1.0', 'after-verify': 'terminate' },
      'verified',
    ],
    ['a promotion of what was verified', verified, { operation: 'promote', version: '1.1.0' }, 'promoted'],
    ['a retirement of the standby', promoted, { operation: 'retire' }, 'retired'],
    [
      'a retirement that scales the standby down',
      promoted,
      { operation: 'retire', standby: 'scale-down' },
      'retired',
    ],
    ['recovering nothing', pair, { operation: 'recover' }, 'recovered'],
    ['a deployment after a run that died', diedWhileCreating, { version: '1.1.0' }, 'promoted'],
  ]

  it.each(stories)(
    'of %s changes nothing, and plans just what is then done',
    async (_, tell, inputs, outcome) => {
      const story = await tell()
      const before = everything(story)
      const from = story.aws.calls.length
      const began = story.clock.now()

      const seen = await story.run({ ...inputs, 'dry-run': 'true' })

      expect(seen.failed).toBeUndefined()
      expect(seen.outputs.outcome).toBe('reported')
      expect(story.changes(from)).toEqual([])
      expect(everything(story)).toBe(before)
      expect(story.clock.now() - began).toBeLessThan(30_000)
      expect(seen.log.join('\n')).toContain(`would end \`${outcome}\``)
      expect(seen.outputs['tests-passed']).toBe('')
      expect(seen.outputs['downtime-seconds']).toBe('')
      expect(seen.annotations).toEqual([])

      const then = story.aws.calls.length
      const done = await story.run(inputs)
      expect(done.outputs.outcome).toBe(outcome)
      expect(planned(seen.log)).toEqual(changesOf(story, then))
    },
  )

  it('reads as a plan, stage by stage', async () => {
    const seen = await (await pair()).run({ version: '1.1.0', 'dry-run': 'true' })

    expect(seen.log).toMatchSnapshot()
    expect(seen.summary).toMatchSnapshot()
    expect(seen.outputs).toMatchObject({ 'live-environment': 'shop-blue', 'live-version': '1.0.0' })
  })

  it('packs the package, and uploads nothing', async () => {
    const story = await pair()
    const folder = await mkdtemp(join(tmpdir(), 'dry-run-'))
    await writeFile(join(folder, 'index.js'), '')
    const from = story.aws.calls.length

    const seen = await story.run({ version: '2.0.0', package: folder, 'dry-run': 'true' })

    expect(story.changes(from)).toEqual([])
    expect(planned(seen.log).slice(0, 2)).toEqual(['CreateApplicationVersion', 'UpdateEnvironment'])
    expect(seen.log.join('\n')).toMatch(/would call PutObject: the bundle of \d+ bytes/)
  })

  it('refuses what the operation would refuse, and says that nothing was changed', async () => {
    const story = scenario()
    await standingPair(story)

    const seen = await story.run({ operation: 'rollback', 'dry-run': 'true' })

    expect(seen.outputs).toMatchObject({ outcome: 'failed', 'live-environment': 'shop-blue' })
    expect(seen.failed).toContain(
      'Dry run, nothing was changed. `rollback` would end `failed`: Nothing is remembered',
    )
    expect(seen.failed).toContain('To do:')
    expect(story.changes()).toEqual([])
  })

  it('of a promotion refuses what was changed by hand since it was verified', async () => {
    const story = await verified()
    const green = story.aws.beanstalk.state().environments.find(({ name }) => name === 'shop-green')
    story.aws.beanstalk.byHand.managedUpdate(green?.id ?? '')
    await story.clock.runUntil(story.clock.now() + hour)
    const from = story.aws.calls.length

    const seen = await story.run({
      operation: 'promote',
      version: '1.1.0',
      'test-command': '',
      'dry-run': 'true',
    })

    expect(seen.outputs.outcome).toBe('failed')
    expect(story.changes(from)).toEqual([])
  })

  it('says for whom it would wait, and does not wait', async () => {
    const story = await promoted()
    const other = story.start({ version: '1.2.0' })
    await story.clock.runUntil(story.clock.now() + 5_000)
    const [from, began] = [story.aws.calls.length, story.clock.now()]

    const seen = await story.run({ version: '1.2.0', 'dry-run': 'true' })

    expect(story.clock.now() - began).toBeLessThan(30_000)
    expect(seen.outputs.outcome).toBe('reported')
    expect(seen.log.join('\n')).toMatch(
      /It would wait for acme\/shop run 1002 attempt 1 \(https:\S+\), which does deploy\./,
    )
    expect(story.aws.calls.slice(from).some(({ operation }) => operation === 'SwapEnvironmentCNAMEs')).toBe(
      false,
    )
    expect((await story.clock.run(other.ended)).outputs.outcome).toBe('promoted')
  })

  it('of a rollback takes the lock from a bake in its plan, and leaves the bake alone', async () => {
    const story = await promoted()
    const other = story.start({ version: '1.2.0' })
    while (!other.seen.log.includes('▸ Bake')) await story.clock.runUntil(story.clock.now() + 1_000)

    const seen = await story.run({ operation: 'rollback', 'dry-run': 'true' })

    expect(seen.log.join('\n')).not.toContain('It would wait for')
    expect(planned(seen.log)).toContain('SwapEnvironmentCNAMEs')
    expect((await story.clock.run(other.ended)).outputs.outcome).toBe('promoted')
  })

  it('is not followed by a post step that settles anything, nor is a status', async () => {
    const story = await diedInTheBake()
    const from = story.aws.calls.length
    for (const inputs of [{ 'dry-run': 'true', version: '1.2.0' }, { operation: 'status' }]) {
      const running = story.start(inputs)
      running.cancel()
      const seen = await story.clock.run(running.ended)
      expect(seen.state.ended).toBeUndefined()
      await story.post(seen, inputs)
    }
    expect(story.changes(from)).toEqual([])
  })

  it('takes no real time for a bake of days', async () => {
    const story = await pair()
    const seen = await story.run({ version: '1.1.0', 'dry-run': 'true', 'bake-time': '48h', timeout: '60h' })
    expect(seen.outputs.outcome).toBe('reported')
    expect(seen.summary).toMatch(/\| Bake \|.*\| 48 h \|/)
  })

  it('with lock: none neither plans a journal nor says that there is one', async () => {
    const story = await pair()
    const seen = await story.run({ version: '1.1.0', 'dry-run': 'true', lock: 'none' })
    expect(seen.outputs.outcome).toBe('reported')
    expect(seen.log.join('\n')).not.toContain('the journal')
  })

  it('of a pair that is busy goes on as when it is Ready', async () => {
    const story = await pair()
    story.aws.cloud.faults.order({ fault: 'stuck-updating', environment: 'shop-green' })
    await story.run({ version: '1.1.0', timeout: '20m', 'bake-time': '1m' })
    await story.clock.runUntil(story.clock.now() + hour)
    const from = story.aws.calls.length

    const seen = await story.run({ operation: 'recover', 'dry-run': 'true' })
    const deploy = await story.run({ version: '1.1.0', 'dry-run': 'true' })

    expect([seen.outputs.outcome, deploy.outputs.outcome]).toEqual(['reported', 'reported'])
    expect(deploy.log.join('\n')).toContain('It would wait: shop-green is Updating now.')
    expect(story.changes(from)).toEqual([])
  })
})
