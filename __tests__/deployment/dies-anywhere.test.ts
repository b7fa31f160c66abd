import { describe, expect, it } from 'vitest'
import type { OutcomeName } from '../../src/deployment/outcome.ts'
import { leftBehind, watchLaws } from './laws.ts'
import { disturb, momentsOf, type Story, stories } from './stories.ts'
import { type OperationOf, publish, type World } from './world.ts'

describe.each(stories)('$name', (story) => {
  it('obeys the laws when nobody disturbs it', async () => {
    const world = await story.world()
    const broken = watchLaws(world)

    const seen = await world.run(story.operation, story.settings)

    expect(seen.is).toBe(story.ends)
    expect(broken).toEqual([])
    expect(leftBehind(world)).toEqual([])
  })

  it.each(['post', 'recover', 'rollback', 'retire', 'deploy', 'verify'] as const)(
    'killed at any call, is settled by %s',
    async (next) => {
      expect(await killedAnywhere(story, next)).toEqual([])
    },
  )
})

/** Kills the story at each of its calls, which still takes effect, and lets another operation come after it. */
async function killedAnywhere(story: Story, next: OperationOf): Promise<readonly string[]> {
  const moments = await momentsOf(story)
  const wrong: string[] = []
  for (let at = 0; at < moments; at++) {
    const { world, call } = await disturb(
      { ...story, world: () => lawful(story, wrong) },
      { at, when: 'sent' },
      kill,
    )
    const liveThen = world.live()
    publish(world, '1.3.0', world.clock.now())
    const seen = await world.run(next, { ...story.settings, package: undefined, version: '1.3.0' })
    const where = `${at} (${call.name}): ${seen.is} ${seen.says}`
    await world.clock.runUntil(world.clock.now() + 300_000)
    if (!ends[next].includes(seen.is)) wrong.push(where)
    for (const left of leftBehind(world)) wrong.push(`${where} ${left}`)
    const live = world.aws.members.find(({ name }) => name === world.live())
    if (live?.status !== 'Ready') wrong.push(`${where} production is on ${live?.name}, was on ${liveThen}`)
  }
  return wrong
}

/** How the operation that comes after may end. */
const ends: Readonly<Record<OperationOf, readonly OutcomeName[]>> = {
  post: ['recovered'],
  recover: ['recovered'],
  rollback: ['restored', 'already-live', 'failed'],
  retire: ['retired'],
  deploy: ['promoted'],
  status: ['reported'],
  verify: ['verified'],
  promote: ['promoted'],
}

const kill = ({ kill }: ReturnType<World['start']>) => kill()

async function lawful(story: Story, wrong: string[]): Promise<World> {
  const world = await story.world()
  const broken = watchLaws(world)
  world.wire.watch(() => wrong.push(...(broken as string[]).splice(0)))
  return world
}
