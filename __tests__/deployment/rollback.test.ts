import { expect, it } from 'vitest'
import {
  type Member,
  production,
  promotedPair,
  publish,
  standingPair,
  takes,
  until,
  type World,
} from './world.ts'

const swaps = (world: World) => world.changes().filter((name) => name === 'swap').length

it('a rollback is one swap to what was live before, with no bake', async () => {
  const world = await promotedPair()
  const from = world.wire.calls.length

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({
    is: 'restored',
    says: '1.0.0 is live again, on shop-blue.',
    live: { name: 'shop-blue', version: '1.0.0' },
    standby: { name: 'shop-green', version: '1.1.0' },
  })
  expect(world.changes(from)).toEqual(['swap', 'resize'])
  expect(world.object.state.promotions).toMatchObject([
    { by: 'rollback', environment: 'e-blue', before: { environment: 'e-green', version: '1.1.0' } },
    { by: 'deploy', environment: 'e-green', before: { environment: 'e-blue', version: '1.0.0' } },
  ])
  expect(seen.proof).toContain('belongs to shop-blue')
})

it('pressed twice it changes nothing the second time', async () => {
  const world = await promotedPair()
  await world.run('rollback')
  await world.clock.runUntil(world.clock.now() + 300_000)

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({
    is: 'already-live',
    says: 'Production went back to 1.0.0 on shop-blue already. Its health is Ok. `to: shop-green` goes there: it runs 1.1.0 and is Ok. Nothing was changed.',
  })
  expect(swaps(world)).toBe(2)
})

it.each<[string, (world: World) => void]>([
  ['a rollback', () => {}],
  [
    'a human',
    (world) => Object.assign(world.object.state, { promotions: world.object.state.promotions.slice(1) }),
  ],
])(
  'pressed again when live is sick, after %s went back, it fails and says where `to` would go',
  async (_, change) => {
    const world = await promotedPair()
    await world.run('rollback')
    await world.clock.runUntil(world.clock.now() + 300_000)
    change(world)
    world.aws.member('shop-blue').health = 'Severe'

    const seen = await world.run('rollback')

    expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
    expect(seen.says).toContain(
      'But its health is Severe, and `rollback` by itself goes no further back; shop-green runs 1.1.0 and is Ok. Nothing was changed.',
    )
    expect(seen.remedies[0]).toEqual({
      why: 'Go to shop-green, which runs 1.1.0 and is Ok:',
      workflow: 'operation: rollback\nto: shop-green',
    })
    expect(swaps(world)).toBe(2)
    expect(await world.run('rollback', { to: 'shop-green' })).toMatchObject({
      is: 'restored',
      says: '1.1.0 is live again, on shop-green.',
    })
  },
)

it.each<[Partial<Member> | undefined, string]>([
  [{ health: 'Severe' }, 'shop-green (1.1.0) is Ready and Severe'],
  [{ status: 'Terminating' }, ''],
  [{ version: undefined }, 'shop-green (no version) is Ready and Ok'],
  [undefined, 'shop-green does not exist'],
])('pressed again when live is sick and the other one is %o, nowhere is offered', async (like, says) => {
  const world = await promotedPair()
  await world.run('rollback')
  await world.clock.runUntil(world.clock.now() + 300_000)
  world.aws.member('shop-blue').health = 'Severe'
  if (like) Object.assign(world.aws.member('shop-green'), like)
  else world.aws.members.splice(1, 1)

  const seen = await world.run('rollback', { waitForReady: 60_000 })

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain(says)
  expect(seen.remedies.map(({ workflow }) => workflow).join('')).toBe('')
})

it('pressed again when live is sick, a standby that is less so is offered', async () => {
  const world = await promotedPair()
  await world.run('rollback')
  world.aws.member('shop-blue').health = 'Severe'
  world.aws.member('shop-green').health = 'Degraded'

  expect((await world.run('rollback')).remedies[0]?.workflow).toBe('operation: rollback\nto: shop-green')
})

/** 1.2.0 ended in its bake on shop-blue, and production went back to 1.1.0 on shop-green. */
async function takenBack(): Promise<World> {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now())
  const deploying = world.start('deploy', { version: '1.2.0', bakeTime: 3_600_000 })
  await until(world, () => world.object.state.holder?.baking === true)
  const blue = world.aws.member('shop-blue')
  blue.health = 'Severe'
  const { is } = await world.clock.run(deploying.ended)
  expect(is).toBe('rolled-back')
  blue.health = 'Ok'
  await world.clock.runUntil(world.clock.now() + 600_000)
  return world
}

it.each(['shop-blue', '1.2.0'])('to: %s, which was taken back from its bake, is refused', async (to) => {
  const world = await takenBack()

  const seen = await world.run('rollback', { to })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green', version: '1.1.0' } })
  expect(seen.says).toBe(
    '1.2.0 was taken back from its bake: it has not stood real traffic. Production stays on shop-green (e-green, 1.1.0).',
  )
  expect(seen.remedies.map(({ workflow }) => workflow)).toEqual([
    'operation: deploy\nversion: "1.2.0"\nallow-older: true',
    `operation: rollback\nto: ${to === '1.2.0' ? '"1.2.0"' : to}\nforce: true`,
  ])
})

it('with force it goes to what was taken back from its bake, warns, and does not call that again', async () => {
  const world = await takenBack()

  const seen = await world.run('rollback', { to: 'shop-blue', force: true })

  expect(seen).toMatchObject({ is: 'restored', says: '1.2.0 is live, on shop-blue.' })
  expect(seen.warnings).toEqual([
    '1.2.0 was taken back from its bake, and goes live without one (`force: true`).',
  ])
})

it('what was taken back from its bake is not offered to a live that is well, and with force to one that is sick', async () => {
  const world = await takenBack()
  expect((await world.run('rollback')).says).toBe(
    'Production went back to 1.1.0 on shop-green already. Its health is Ok. Nothing was changed.',
  )
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.run('rollback')

  expect(seen.is).toBe('failed')
  expect(seen.remedies[0]).toEqual({
    why: 'Go to shop-blue, which runs 1.2.0 and is Ok, but was taken back from its bake:',
    workflow: 'operation: rollback\nto: shop-blue\nforce: true',
  })
})

it('a human who has swapped back in the console is not swapped against', async () => {
  const world = await promotedPair()
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'already-live' })
  expect(seen.says).toContain('1.0.0 is live on shop-blue already: somebody moved production back.')
  expect(swaps(world)).toBe(1)
})

it('with nothing remembered and the same version on both there is nothing to go back to', async () => {
  const seen = await standingPair().run('rollback')
  expect(seen).toMatchObject({
    is: 'failed',
    says: 'Nothing is remembered that production could go back to.',
  })
  expect(seen.remedies.map(({ why }) => why).join()).toContain('allow-older: true')
})

it('with nothing remembered it goes to the other environment if that runs an older version', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), { version: '1.1.0', labels: { 'i-1': '1.1.0' } })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-green', version: '1.0.0' } })
  expect(seen.log.join()).toContain('1.0.0 on shop-green is older than 1.1.0, so that is the way back.')
})

it.each<[string, (world: World) => void, string]>([
  ['is newer', () => {}, 'is not older than 1.0.0, which is live'],
  ['is as old', (world) => publish(world, '1.1.0', world.clock.now() - 3_600_000), 'is not older'],
  ['is deleted', ({ aws }) => void aws.versions.delete('1.1.0'), 'is not older'],
  ['replaces one that is deleted', ({ aws }) => void aws.versions.delete('1.0.0'), 'is not older'],
  [
    'is none',
    ({ aws }) => void Object.assign(aws.member('shop-green'), { version: undefined }),
    'Nothing is remembered',
  ],
  ['is nowhere', ({ aws }) => void aws.members.splice(1, 1), 'Nothing is remembered'],
  [
    'is there while live has none',
    ({ aws }) => void Object.assign(aws.member('shop-blue'), { version: undefined }),
    'Nothing is',
  ],
])('with nothing remembered nothing is guessed when the other version %s', async (_, change, says) => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-green'), { version: '1.1.0', labels: { 'i-1': '1.1.0' } })
  change(world)

  const seen = await world.run('rollback')

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain(says)
  expect(world.changes()).toEqual([])
})

it('after a first deployment nothing is remembered to go back to', async () => {
  const world = await promotedPair()
  Object.assign(world.object.state.promotions[0] as object, { before: undefined })

  expect((await world.run('rollback')).says).toBe('Nothing is remembered that production could go back to.')
})

it('a live that somebody changed since the last promotion makes the way back unclear', async () => {
  const world = await promotedPair()
  world.aws.member('shop-green').version = '1.1.1'

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain(
    'The last promotion put 1.1.0 on e-green, but shop-green (e-green, 1.1.1) is live',
  )
  expect(swaps(world)).toBe(1)
})

it('production that a human put on the other side with another version makes the way back unclear', async () => {
  const world = await promotedPair()
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]
  blue.version = '1.0.1'

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('where to go back to is not clear')
})

it('a way back whose environment was ended is said to be gone, with how to deploy it again', async () => {
  const world = await promotedPair({ standby: 'terminate' })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('The environment that ran 1.0.0 before does not exist any more')
  expect(seen.remedies.map(({ workflow }) => workflow)).toEqual([
    'operation: rollback\nto: "1.0.0"',
    'operation: deploy\nversion: "1.0.0"\nallow-older: true',
  ])
})

it('a way back whose environment was replaced by a namesake is gone', async () => {
  const world = await promotedPair({ standby: 'terminate' })
  world.aws.add({ name: 'shop-blue', id: 'e-namesake' })

  expect((await world.run('rollback')).says).toContain('does not exist any more')
})

it.each<[string, Partial<Member>]>([
  ['another version', { version: '1.2.0', labels: { 'i-1': '1.2.0' } }],
  ['nothing', { version: undefined }],
])(
  'a standby that runs %s by now gets the version first, and is proven like any candidate',
  async (_, given) => {
    const world = await promotedPair()
    Object.assign(world.aws.member('shop-blue'), given)
    const from = world.wire.calls.length

    const seen = await world.run('rollback')

    expect(seen).toMatchObject({
      is: 'restored',
      live: { name: 'shop-blue', version: '1.0.0' },
      testsPassed: true,
    })
    expect(seen.log.join()).toContain(
      `shop-blue runs ${given.version ?? 'nothing'} by now: 1.0.0 is deployed there first`,
    )
    expect(world.changes(from)).toContain('deploy')
  },
)

it('a standby whose last deployment failed is no way back where nobody can tell what its instances run', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').labels = undefined
  world.aws.member('shop-green').labels = undefined
  publish(world, '1.2.0', world.clock.now())
  world.aws.behaviours.set('1.2.0', { deploying: 'is taken back' })
  await world.run('deploy', { version: '1.2.0' })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green', version: '1.1.0' } })
  expect(seen.says).toContain(
    'the last operation on shop-blue (e-blue, 1.0.0) failed, and with basic health reporting nobody can tell',
  )
})

it('a rollback that took effect is restored, also when something else keeps the other environment busy', async () => {
  const world = await promotedPair()
  const set = (status: Member['status'], after: number) =>
    world.clock.at(world.clock.now() + after, () => Object.assign(world.aws.member('shop-green'), { status }))
  world.wire.upon('swap', () => {
    set('Updating', takes.swap + 25)
    set('Ready', 9 * 60_000)
  })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue', version: '1.0.0' } })
  expect(seen.took).toBeGreaterThan(8 * 60_000)
  expect(swaps(world)).toBe(2)
})

it('a standby with basic health reporting is a way back when nothing failed there', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').labels = undefined

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
})

it('a standby with basic health reporting is a way back when nothing happened there for a day', async () => {
  const world = await promotedPair()
  const blue = world.aws.member('shop-blue')
  blue.labels = undefined
  blue.events.length = 0

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
})

it.each<[string, Partial<Member>, string]>([
  ['is busy', { status: 'Updating' }, ''],
  ['is sick itself', { health: 'Severe' }, 'is Severe itself'],
  ['has an instance with another version', { labels: { 'i-1': '0.9.0' } }, 'has instances that run 0.9.0'],
  ['answers with errors', { answers: () => 500 }, 'answers /health with status 500 itself'],
])('a standby that %s is no way back: production stays', async (_, given, says) => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), given)

  const seen = await world.run('rollback', { waitForReady: 60_000 })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green', version: '1.1.0' } })
  expect(seen.says).toContain(says)
  expect(swaps(world)).toBe(1)
})

it('a standby that was scaled to nothing comes up first, and production waits for that', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 0, max: 4, desired: 0, inService: 0 })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(seen.log.join()).toContain('shop-blue has no instance in service: 2 come up first')
  const names = world.wire.calls.map(({ name }) => name)
  expect(names.lastIndexOf('resize', names.lastIndexOf('swap'))).toBeGreaterThan(0)
  expect(world.aws.member('shop-blue').group?.inService).toBe(2)
})

it('a standby that was scaled to nothing is still judged once it is up', async () => {
  const world = await promotedPair()
  const blue = world.aws.member('shop-blue')
  Object.assign(blue, { health: 'Severe' })
  Object.assign(blue.group as object, { min: 0, max: 4, desired: 0, inService: 0 })

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toContain('is Severe itself')
  expect(blue.group).toMatchObject({ min: 0 })
})

it('a standby that somebody changes while it comes up is no way back, and force is not offered', async () => {
  const world = await promotedPair()
  const blue = world.aws.member('shop-blue')
  Object.assign(blue.group as object, { min: 0, max: 4, desired: 0, inService: 0 })
  world.clock.at(world.clock.now() + 30_000, () => Object.assign(blue, { status: 'Updating' }))

  const seen = await world.run('rollback', { force: true })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toContain('is Updating, not Ready')
  expect(seen.remedies.map(({ why }) => why).join()).not.toContain('force')
})

it('a standby whose instances never come up is not waited for for ever', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue').group as object, { inService: 0 })
  const began = world.clock.now()

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toContain('shop-blue has 2 instances in service')
  expect(world.clock.now() - began).toBeLessThan(15 * 60_000)
})

it('a standby without a group to look at is brought up to one instance’s worth of patience', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 0, max: 4, desired: 0, inService: 0 })
  Object.assign(world.aws.member('shop-green'), { group: undefined })

  expect((await world.run('rollback')).log.join()).toContain('1 come up first')
})

it('with force a standby with fewer instances takes all traffic at once, and the others come up behind', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 1, desired: 1, inService: 1 })
  const from = world.wire.calls.length

  const seen = await world.run('rollback', { force: true })

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(seen.warnings.join()).toContain('shop-blue has 1 of 2 instances in service (`force: true`)')
  expect(world.changes(from)).toEqual(['resize', 'swap', 'resize'])
  const at = (name: string) => world.wire.calls.slice(from).find((call) => call.name === name)?.at ?? 0
  expect(at('swap') - at('resize')).toBeLessThan(5_000)
})

it('without force it waits until the standby has as many instances as live', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 1, desired: 1, inService: 1 })
  const from = world.wire.calls.length

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', warnings: [] })
  const at = (name: string) => world.wire.calls.slice(from).find((call) => call.name === name)?.at ?? 0
  expect(at('swap') - at('resize')).toBeGreaterThan(50_000)
})

it('with force a standby that was scaled to nothing is waited for until its first instance is there', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 0, desired: 0, inService: 0 })

  expect(await world.run('rollback', { force: true })).toMatchObject({ is: 'restored' })
})

it.each<[string, Partial<Member>, string]>([
  ['sick', { health: 'Severe' }, 'is Severe itself'],
  ['of two versions', { labels: { 'i-1': '0.9.0' } }, 'has instances that run 0.9.0'],
  ['answering with errors', { answers: () => 500 }, 'answers /health with status 500 itself'],
])('with force it goes to a standby that is %s, and warns', async (_, given, says) => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), given)

  const seen = await world.run('rollback', { force: true })

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue', version: '1.0.0' } })
  expect(seen.warnings.join()).toContain(says)
})

it('a standby that goes away between two looks is no way back, with or without force', async () => {
  const world = await promotedPair()
  world.wire.upon('ask', () => world.aws.members.splice(0, 1))

  const seen = await world.run('rollback', { force: true })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.left.join()).toContain('environment e-blue does not exist any more')
  expect(world.object.state.pending).toEqual([])
  expect(seen.remedies.map(({ why }) => why).join()).not.toContain('force')
})

it.each(['shop-green', '0.9.0'])(
  'with nothing remembered `to: %s` is trusted, when what is there is older than live, and fit',
  async (to) => {
    const world = standingPair()
    publish(world, '0.9.0', 0)
    Object.assign(world.aws.member('shop-green'), { version: '0.9.0', labels: { 'i-1': '0.9.0' } })

    expect(await world.run('rollback', { to })).toMatchObject({
      is: 'restored',
      live: { name: 'shop-green', version: '0.9.0' },
      testsPassed: undefined,
    })
  },
)

it('with nothing remembered `to` the version of live in the other environment is proven there first', async () => {
  const seen = await standingPair().run('rollback', { to: 'shop-green' })

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-green' }, testsPassed: true })
  expect(seen.log.join()).toContain('1.0.0 never had production on shop-green, as far as is remembered')
})

it('with nothing remembered and no version live, where `to` says is proven first', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), { version: undefined, labels: undefined })

  const seen = await world.run('rollback', { to: 'shop-green' })

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-green' }, testsPassed: true })
})

it.each(['shop-green', '1.1.0'])(
  'with nothing remembered `to: %s` does not put live what has just failed its tests',
  async (to) => {
    const world = standingPair()
    world.tests = async () => ({ is: 'failed', says: 'exit code 1' })
    expect(await world.run('deploy')).toMatchObject({ is: 'failed', testsPassed: false })

    const seen = await world.run('rollback', { to })

    expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' }, testsPassed: false })
    expect(swaps(world)).toBe(0)
  },
)

it('force does not go to what is busy', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').status = 'Updating'

  const seen = await world.run('rollback', { force: true, waitForReady: 60_000 })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
})

it('a refusal because of sickness names force, and how to look', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').health = 'Severe'

  const { remedies } = await world.run('rollback')

  expect(remedies.map(({ why }) => why).join()).toContain('`force: true`')
  expect(remedies[0]?.command).toContain('describe-environments')
})

it('a standby that is sick, but less so than what is live, is a way back', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').health = 'Degraded'
  world.aws.member('shop-green').health = 'Severe'

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
})

it('a standby as sick as what is live is none: moving would help nobody', async () => {
  const world = await promotedPair()
  for (const member of world.aws.members) member.health = 'Severe'

  expect((await world.run('rollback')).says).toContain('is Severe itself')
})

it('a standby whose health nobody knows is a way back', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), { health: 'unknown', labels: undefined })

  expect((await world.run('rollback')).is).toBe('restored')
})

it.each<[string, Partial<Member>, object]>([
  ['refuses the host name of its load balancer', { answers: () => 404 }, {}],
  ['does not answer from here', { answers: () => undefined }, {}],
  ['has no address of its own', { endpoint: undefined }, {}],
  ['must not be probed', { answers: () => 500 }, { probe: 'off' }],
])('a standby that %s is a way back all the same', async (_, given, settings) => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), given)

  expect(await world.run('rollback', settings)).toMatchObject({ is: 'restored' })
})

it('a rollback does not interrupt a deployment that has moved nothing yet: it waits for the lock', async () => {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now())
  world.start('deploy', { version: '1.2.0' })
  await world.clock.runUntil(world.clock.now() + 5_000)

  const seen = await world.run('rollback', { lockWait: 60_000 })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('held by deploy')
})

it.each(['shop-green', '1.1.0'])('to: %s is live already, and nothing is changed', async (to) => {
  const world = await promotedPair()
  const from = world.wire.calls.length

  const seen = await world.run('rollback', { to })

  expect(seen).toMatchObject({
    is: 'already-live',
    says: '1.1.0 is live on shop-green already. Its health is Ok. Nothing was changed.',
  })
  expect(world.changes(from)).toEqual([])
})

it.each(['shop-blue', '1.0.0'])('to: %s is one swap when it was live there before', async (to) => {
  const world = await promotedPair()
  const from = world.wire.calls.length

  expect(await world.run('rollback', { to })).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(world.changes(from)).toEqual(['swap', 'resize'])
})

it('to a version that is nowhere: it is deployed to the other environment first, and proven', async () => {
  const world = await promotedPair()
  publish(world, '0.9.0', 0)

  const seen = await world.run('rollback', { to: '0.9.0', testCommand: undefined })

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue', version: '0.9.0' } })
  expect(seen.log.join()).toContain(
    'shop-blue runs 1.0.0 by now: 0.9.0 is deployed there first. That takes about 1 min 30 s; until then 1.1.0 stays live on shop-green.',
  )
})

it('to a version whose environment was ended: one is created for it', async () => {
  const world = await promotedPair({ standby: 'terminate' })

  const seen = await world.run('rollback', { to: '1.0.0' })

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue', version: '1.0.0' } })
  expect(seen.log.join()).toContain('shop-blue does not exist: it is created with 1.0.0 first')
})

it('to what is neither an environment of the pair nor a version: that is all that is said, with what is possible', async () => {
  const world = await promotedPair()

  const seen = await world.run('rollback', { to: 'shop-gren' })

  expect(seen).toMatchObject({ is: 'failed', live: { version: '1.1.0' } })
  expect(seen.says).toBe(
    '`to` is shop-gren, which is neither shop-blue, shop-green nor a version of shop. Nothing was changed.',
  )
  expect(seen.log).not.toContain('▸ Publish version')
  expect(seen.remedies.map(({ workflow, command }) => workflow ?? command)).toEqual([
    'operation: rollback\nto: shop-blue',
    'operation: rollback\nto: shop-green',
    expect.stringContaining('describe-application-versions --application-name shop'),
  ])
})

it('to a version that runs there is known, even when it is not published any more', async () => {
  const world = await promotedPair()
  world.aws.versions.delete('1.0.0')

  expect(await world.run('rollback', { to: '1.0.0' })).toMatchObject({ is: 'restored' })
})

it.each<[string, (world: World) => void]>([
  ['does not exist', ({ aws }) => void aws.members.shift()],
  ['runs no version', ({ aws }) => void Object.assign(aws.member('shop-blue'), { version: undefined })],
])('to an environment that %s: there is nothing to go back to on it', async (says, change) => {
  const world = await promotedPair()
  change(world)

  const seen = await world.run('rollback', { to: 'shop-blue' })

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain(`shop-blue ${says}: there is nothing to go back to on it.`)
})

it('to an environment with a version that never had production there: it is proven first', async () => {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now())
  Object.assign(world.aws.member('shop-blue'), { version: '1.2.0', labels: { 'i-1': '1.2.0' } })
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })

  const seen = await world.run('rollback', { to: 'shop-blue' })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' }, testsPassed: false })
  expect(seen.log.join()).toContain('1.2.0 never had production on shop-blue')
})

it('to the same with force: it is not proven, and a warning says so', async () => {
  const world = await promotedPair()
  Object.assign(world.aws.member('shop-blue'), { version: '1.2.0', labels: { 'i-1': '1.2.0' } })

  const seen = await world.run('rollback', { to: 'shop-blue', force: true })

  expect(seen).toMatchObject({ is: 'restored', live: { version: '1.2.0' }, testsPassed: undefined })
  expect(seen.warnings.join()).toContain('is not proven there first')
})

it('where a live that somebody changed makes the way back unclear, to says it', async () => {
  const world = await promotedPair()
  world.aws.member('shop-green').version = '1.1.1'

  expect(await world.run('rollback', { to: 'shop-blue' })).toMatchObject({
    is: 'restored',
    live: { name: 'shop-blue' },
  })
})

const baking = async () => {
  const world = standingPair()
  const deploying = world.start('deploy', { bakeTime: 3_600_000 })
  await until(world, () => world.object.state.holder?.baking === true)
  return { world, deploying }
}

it('a bake is left alone when there is no going back, and goes on to its end', async () => {
  const { world, deploying } = await baking()
  world.aws.member('shop-blue').health = 'Severe'

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toContain(
    'shop-blue (e-blue, 1.0.0) is Severe itself. Production stays on shop-green (e-green, 1.1.0); the deployment that watches it was not interrupted.',
  )
  expect(seen.remedies.map(({ why }) => why).join()).toContain('`force: true`')
  expect(world.object.state.holder?.operation).toBe('deploy')
  expect(await world.clock.run(deploying.ended)).toMatchObject({ is: 'promoted' })
})

it('a bake is left alone when the way back is gone, and force is not offered', async () => {
  const { world } = await baking()
  world.aws.members.splice(0, 1)

  const seen = await world.run('rollback', { force: true })

  expect(seen.is).toBe('failed')
  expect(seen.remedies.map(({ why }) => why).join()).not.toContain('force')
})

it('a bake whose way back is busy is taken over: settling waits for the end of that', async () => {
  const { world } = await baking()
  const blue = world.aws.member('shop-blue')
  blue.status = 'Updating'
  world.clock.at(world.clock.now() + 60_000, () => Object.assign(blue, { status: 'Ready' }))

  expect(await world.run('rollback')).toMatchObject({ is: 'restored' })
})

it('with force a bake is ended for a sick way back all the same', async () => {
  const { world, deploying } = await baking()
  world.aws.member('shop-blue').health = 'Severe'

  const seen = await world.run('rollback', { force: true })

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(seen.warnings).toHaveLength(1)
  expect(await world.clock.run(deploying.ended)).toMatchObject({ is: 'rolled-back' })
})

it.each(['shop-green', '1.1.0'])('a bake of what `to: %s` names goes on', async (to) => {
  const { world, deploying } = await baking()

  const seen = await world.run('rollback', { to })

  expect(seen).toMatchObject({ is: 'already-live' })
  expect(seen.says).toContain('its deployment goes on watching it')
  expect(await world.clock.run(deploying.ended)).toMatchObject({ is: 'promoted' })
})

it('a bake is not interrupted for a `to` that nobody knows', async () => {
  const { world, deploying } = await baking()

  const seen = await world.run('rollback', { to: 'shop-gren' })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toContain('neither shop-blue, shop-green nor a version of shop')
  expect(await world.clock.run(deploying.ended)).toMatchObject({ is: 'promoted' })
})

it('a bake of an environment that is gone is taken over: nobody else settles that', async () => {
  const { world } = await baking()
  world.aws.members.splice(1, 1)

  expect((await world.run('rollback')).says).not.toContain('was not interrupted')
})

it('a bake that is promoted and tidies up is taken over without a question', async () => {
  const world = standingPair()
  world.start('deploy', { standby: 'terminate' })
  await until(world, () => world.object.state.promotions.length > 0)

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
})

it('a rollback that took a bake back tells who was live when it was pressed', async () => {
  const { world } = await baking()

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({
    is: 'restored',
    liveBefore: { name: 'shop-green', version: '1.1.0' },
    otherBefore: { name: 'shop-blue', version: '1.0.0' },
    previousVersion: '1.1.0',
    live: { name: 'shop-blue', version: '1.0.0' },
    standby: { name: 'shop-green', version: '1.1.0' },
  })
  expect(seen.log.join()).toContain('Taking production back to shop-blue (e-blue).')
})

it('a deployment whose bake a rollback ended says by whom, and that nothing is to do', async () => {
  const { world, deploying } = await baking()
  await world.run('rollback')

  const seen = await world.clock.run(deploying.ended)

  expect(seen).toMatchObject({ is: 'rolled-back', warnings: [] })
  expect(seen.remedies.map(({ why }) => why)).toEqual([
    expect.stringMatching(/^Nothing, if that was on purpose\./),
  ])
  expect(seen.says).toMatch(
    /^A rollback \(rollback 2\) took production from 1\.1\.0 back to 1\.0\.0 during the bake\.$/,
  )
  expect(seen.undone).toEqual([
    `production (${production}) went back to shop-blue (e-blue), running 1.0.0: that rollback did it`,
  ])
})

it('a deployment learns of the rollback from its way back, which is busy', async () => {
  const { world, deploying } = await baking()
  const pressed = world.start('rollback')
  await until(world, () => world.object.state.holder?.operation === 'rollback')
  const blue = world.aws.member('shop-blue')
  blue.status = 'Updating'
  world.clock.at(world.clock.now() + 60_000, () => Object.assign(blue, { status: 'Ready' }))

  const seen = await world.clock.run(deploying.ended)

  expect(seen).toMatchObject({ is: 'rolled-back', warnings: [] })
  expect(seen.says).toContain('A rollback (rollback 2) took production')
  await world.clock.run(pressed.ended)
})

it.each<[string, (world: World) => void]>([
  ['the journal cannot be read', ({ wire }) => wire.fail('peek', 'refused')],
  [
    'nobody is remembered',
    ({ object }) => void Object.assign(object.state.promotions[0] as object, { run: undefined }),
  ],
  ['no rollback is remembered', ({ object }) => void Object.assign(object.state, { promotions: [] })],
])('a deployment that was taken back does not say by whom when %s', async (_, change) => {
  const { world, deploying } = await baking()
  await world.run('rollback')
  change(world)

  const seen = await world.clock.run(deploying.ended)

  expect(seen.is).toBe('rolled-back')
  expect(seen.says).toContain('Another run took over')
})

it('a deployment that was taken back to an environment without a version says so', async () => {
  const { world, deploying } = await baking()
  await world.run('rollback')
  world.aws.member('shop-blue').version = undefined

  expect((await world.clock.run(deploying.ended)).says).toContain('back to no version')
})

it('a rollback that took a bake back to what `to` names is done', async () => {
  const { world } = await baking()

  expect(await world.run('rollback', { to: '1.0.0' })).toMatchObject({
    is: 'restored',
    says: '1.0.0 is live again, on shop-blue: the deployment under way was taken back.',
  })
})

it('a rollback does not end what an earlier run was about to end: it goes back there', async () => {
  const world = await promotedPair()
  const at = world.clock.now()
  const terminate = {
    what: 'terminate',
    way: 'finish',
    environment: 'e-blue',
    name: 'shop-blue',
    at,
  } as const
  Object.assign(world.object.state, { pending: [terminate] })

  const seen = await world.run('rollback')
  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(world.changes()).not.toContain('terminate')
  // The request of that run may still be on its way.
  expect(world.wire.calls.findLast(({ name }) => name === 'swap')?.at).toBeGreaterThan(at + 80_000)
})

it('what has begun to end is gone for a rollback too', async () => {
  const world = await promotedPair()
  const terminate = { what: 'terminate', way: 'finish', environment: 'e-blue', name: 'shop-blue' } as const
  Object.assign(world.object.state, { pending: [terminate] })
  world.aws.terminate('e-blue')

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toContain('does not exist any more')
})

it('production does not go back to what was created for verification only', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').description = 'Created by Beanstalk Blue/Green, x (y), for verification only'

  const seen = await world.run('rollback', { force: true })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green' } })
  expect(seen.says).toContain('it is not made for production')
})

it('a dry run says that a bake would be left alone', async () => {
  const { world } = await baking()
  world.aws.member('shop-blue').health = 'Severe'

  const seen = await world.run('rollback', { dryRun: true })

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('the deployment that watches it was not interrupted')
})
