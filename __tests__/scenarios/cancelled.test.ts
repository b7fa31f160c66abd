import { expect, it } from 'vitest'
import { production, type Running, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

const inputs = { version: '1.1.0', 'bake-time': '10m' }

/** Runs a deployment of 1.1.0 and does something to it `after` ms in the stage. */
async function inStage(stage: string, after: number, act: (running: Running) => void) {
  const story = scenario()
  await standingPair(story, { liveInstances: 2 })
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const users = story.users()
  const running = story.start(inputs)
  const look = () => {
    if (running.seen.log.includes(`▸ ${stage}`)) story.clock.at(story.clock.now() + after, () => act(running))
    else story.clock.at(story.clock.now() + 50, look)
  }
  look()
  const seen = await story.clock.run(running.ended)
  return { story, seen, users }
}

/** What must be true when post has done its work: production as it was, nothing raised, the lock free. */
async function expectAsBefore(story: Scenario) {
  expect(story.pair()['shop-blue']).toMatchObject({
    cname: production,
    version: '1.0.0',
    status: 'Ready',
    min: 1,
  })
  expect(story.pair()['shop-green']?.min).toBe(1)
  const next = await story.run({ version: '1.0.0' })
  expect(next.outputs.outcome).toBe('already-live')
  expect(next.log.join('\n')).not.toContain('Settle what an earlier run left')
}

const stages = [
  ['Prepare candidate', 20_000],
  ['Verify candidate', 10_000],
  ['Shift traffic', 100],
  ['Shift traffic', 2_500],
  ['Bake', 45_000],
] as const

for (const [stage, after] of stages) {
  it(`cancelled ${after} ms into “${stage}”: main stops at once and undoes nothing, post takes it back`, async () => {
    const { story, seen, users } = await inStage(stage, after, (running) => running.cancel())

    expect(seen.outputs.outcome).toBe('failed')
    expect(seen.failed).toContain('Cancelled')

    const settled = await story.post(seen, inputs)
    await story.clock.runUntil(story.clock.now() + 300_000)

    expect(settled.failed).toBeUndefined()
    await expectAsBefore(story)
    expect(users.report().failed).toBe(0)
  })

  it(`killed ${after} ms into “${stage}”: post takes it back`, async () => {
    const { story, seen, users } = await inStage(stage, after, (running) => running.kill())

    const settled = await story.post(seen, inputs)
    await story.clock.runUntil(story.clock.now() + 300_000)

    expect(settled.failed).toBeUndefined()
    await expectAsBefore(story)
    expect(users.report().failed).toBe(0)
  })
}

it('post does nothing, and calls nobody, when main had ended', async () => {
  const story = scenario()
  await standingPair(story)
  const seen = await story.run({ version: '1.0.0' })
  const calls = story.aws.calls.length

  await story.post(seen)

  expect(story.aws.calls.length).toBe(calls)
})

it('without post, the next run keeps a healthy promotion that died in its bake', async () => {
  const { story, seen } = await inStage('Bake', 45_000, (running) => running.kill())
  expect(seen.outputs.outcome).toBeUndefined()

  const next = await story.run({ version: '1.1.0' })

  expect(next.outputs).toMatchObject({ outcome: 'already-live', 'live-version': '1.1.0' })
  expect(story.pair()['shop-green']?.cname).toBe(production)
})
