import { expect, it } from 'vitest'
import { type OutcomeName, succeeded } from '../../src/deployment/outcome.ts'
import { type Member, standingPair, untilStage, type World } from './world.ts'

it('AWS that cannot be reached fails the step, and is no mistake of ours', async () => {
  const world = standingPair()
  world.wire.fail('readRoute', 'unreachable')

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', says: 'AWS does not answer.', bug: undefined })
})

it('an answer that is lost twice fails the step, and is no mistake of ours', async () => {
  const world = standingPair()
  world.wire.fail('deploy', 'never arrives', 2)

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', says: 'The answer was lost.', bug: undefined })
})

const mistake = new TypeError('x is not a function')

it('a mistake of ours keeps its stack, and what was done is taken back all the same', async () => {
  const world = standingPair()
  world.tests = () => Promise.reject(mistake)

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', says: 'x is not a function', bug: mistake })
  expect(world.object.state).toMatchObject({ pending: [], holder: undefined })
})

it('what is thrown without being an error is said as it is', async () => {
  const world = standingPair()
  world.tests = () => Promise.reject('out of paper')

  expect(await world.run('deploy')).toMatchObject({ is: 'failed', says: 'out of paper', bug: undefined })
})

it('a request that ended because a signal was aborted is no mistake of ours', async () => {
  const world = standingPair()
  world.tests = () => Promise.reject(new DOMException('This operation was aborted', 'AbortError'))

  expect(await world.run('deploy')).toMatchObject({ is: 'failed', bug: undefined })
})

it('unreachable AWS says where to look', async () => {
  const world = standingPair()
  world.wire.fail('readRoute', 'unreachable')

  expect((await world.run('deploy')).remedies[0]?.why).toContain('AWS Health Dashboard')
})

it('an operation that is out of time takes back what it did, and says how to get more', async () => {
  const world = standingPair()

  const seen = await world.run('deploy', { timeout: 200_000 })

  expect(seen).toMatchObject({ is: 'rolled-back', says: 'Not done within the timeout of 3 min 20 s.' })
  expect(seen.remedies[0]?.why).toContain('`timeout`')
  expect(world.live()).toBe('shop-blue')
  expect(world.object.state.pending).toEqual([])
})

it('an operation that has ended waits for nothing: no timer keeps its process alive', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  expect(running.timers()).toBeGreaterThan(1)

  expect((await world.clock.run(running.ended)).is).toBe('promoted')

  expect(running.timers()).toBe(0)
})

it('a pair that another run works on is left alone, and it is said who', async () => {
  const world = standingPair()
  const other = world.start('deploy')
  await untilStage(world, other, 'Prepare candidate')
  const from = world.wire.calls.length

  const seen = await world.run('deploy', { version: '1.0.0', lockWait: 30_000 })

  expect(seen).toMatchObject({
    is: 'failed',
    says: 'The pair is held by deploy 1.',
    live: { name: 'shop-blue' },
  })
  const own = world.wire.calls.slice(from).filter(({ by }) => by === 'deploy 2')
  expect(new Set(own.map(({ name }) => name))).toEqual(new Set(['take', 'cnameOf', 'find']))
  expect((await world.clock.run(other.ended)).is).toBe('promoted')
})

it('a deployment waits for its turn', async () => {
  const world = standingPair()
  const other = world.start('deploy')
  await untilStage(world, other, 'Prepare candidate')

  const seen = await world.run('deploy', { version: '1.1.0' })

  expect(seen).toMatchObject({ is: 'already-live', live: { version: '1.1.0' } })
})

it('cancelled while it waits for its turn, nothing is open', async () => {
  const world = standingPair()
  const other = world.start('deploy')
  await untilStage(world, other, 'Prepare candidate')
  const waiting = world.start('deploy')
  await world.clock.runUntil(world.clock.now() + 5_000)
  waiting.cancel()

  expect(await world.clock.run(waiting.ended)).toMatchObject({
    is: 'failed',
    says: 'Cancelled. Nothing of this run is open.',
    left: [],
  })
})

it('cancelled in the middle, all that is open is named for the post step', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  running.cancel()

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({
    is: 'failed',
    says: 'Cancelled. The post step settles what is open, traffic first.',
    live: undefined,
    lastSeen: { name: 'shop-green' },
  })
  expect(seen.left[0]).toContain('for the post step to settle: production (shop.us-east-1')
  expect(seen.left).toHaveLength(world.object.state.pending.length)
})

it.each([
  ['is deployed to', 'Beanstalk goes on deploying 1.1.0 to shop-green', (_: World) => {}],
  ['is created', 'Beanstalk goes on creating shop-green', (world: World) => world.aws.members.splice(1, 1)],
])('cancelled while the candidate %s, it is said what goes on', async (_, left, prepare) => {
  const world = standingPair()
  prepare(world)
  const running = world.start('deploy')
  await untilStage(world, running, 'Prepare candidate')
  await world.clock.runUntil(world.clock.now() + 10_000)
  running.cancel()

  expect((await world.clock.run(running.ended)).left).toContain(left)
})

it('cancelled while it takes back, it stops and names what is open', async () => {
  const world = standingPair()
  world.wire.upon('resize', () => {})
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })
  const running = world.start('deploy')
  await untilStage(world, running, 'Take back')
  running.cancel()

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.left[0]).toContain('still open')
})

it('what cannot be taken back makes it stuck: what failed comes with a remedy, what was not tried in words', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  Object.assign(world.aws.member('shop-green'), { health: 'Severe' })
  Object.assign(world.aws.member('shop-blue'), { version: '0.9.0' })

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'stuck', live: { name: 'shop-green' } })
  expect(seen.says).toContain('It could not be taken back: there is no way back')
  expect(seen.says).toContain('there is no way back: shop-blue (e-blue, 0.9.0) does not run 1.0.0 any more')
  expect(seen.left.filter((one) => one.startsWith('not touched after that'))).toHaveLength(2)
  expect(seen.remedies[0]?.command).toContain('--environment-names shop-blue shop-green')
  expect(world.object.state.pending).toHaveLength(3)
  expect(world.object.state.holder).toBeUndefined()
})

it('a journal that cannot be written while what is open has nothing to do with traffic is the next run’s', async () => {
  const world = standingPair()
  world.tests = async () => {
    world.wire.fail('write', new TypeError('disk full'), Number.POSITIVE_INFINITY)
    return { is: 'failed', says: 'exit code 1' }
  }

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.left).toEqual([
    expect.stringContaining('still open, for the next run to settle: Auto Scaling group'),
  ])
  expect(seen.says).toContain('While taking it back: disk full')
  expect(seen.remedies[0]?.command).toContain('--environment-names shop-blue shop-green')
})

it('what a dead run left and nobody can settle ends the operation before it does anything', async () => {
  const world = standingPair()
  const dead = world.start('deploy')
  await untilStage(world, dead, 'Bake')
  dead.kill()
  for (const member of world.aws.members) member.health = 'Severe'
  await world.clock.runUntil(world.clock.now() + 400_000)
  const from = world.wire.calls.length

  const seen = await world.run('deploy', { version: '1.0.0' })

  expect(seen).toMatchObject({ is: 'stuck', live: { name: 'shop-green' } })
  expect(seen.says).toContain('What an earlier run left could not be settled')
  expect(world.changes(from)).toEqual([])
})

it('a pair whose journal names somebody else’s environment has that left alone, even while AWS is hard to reach', async () => {
  const world = standingPair()
  world.aws.add({ name: 'bank', id: 'e-bank' })
  world.object.state = {
    ...world.object.state,
    productionName: 'bank.example',
    pending: [{ what: 'terminate', way: 'finish', environment: 'e-bank', name: 'bank' }],
  }
  world.wire.fail('read', 'unreachable')

  const first = await world.run('recover')

  expect(first.warnings[0]).toContain('does not belong to this pair')
  expect(world.aws.member('bank').status).toBe('Ready')
  expect(world.changes()).toEqual([])
})

it('a run that lost its lock before it moved anything has failed, and sends nothing more', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Verify candidate')
  running.journal.lose()
  const from = world.wire.calls.length

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'failed', says: 'Another run took the lock.' })
  expect(world.changes(from)).toEqual([])
})

it('a run that lost its lock after it moved production, and nobody moves it back, says that it is stuck', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  running.journal.lose()

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'stuck', live: { name: 'shop-green' } })
  expect(seen.says).toContain('It has not moved production back so far.')
})

it('a run that loses its lock while it takes back leaves the rest to who has it', async () => {
  const world = standingPair()
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })
  const running = world.start('deploy')
  await untilStage(world, running, 'Take back')
  running.journal.lose()
  const from = world.wire.calls.length

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'failed', says: 'Another run took the lock.' })
  expect(world.changes(from)).toEqual([])
})

it('what serves production in the end is asked of AWS; when AWS does not answer, that is said', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Retire standby')
  world.wire.fail('find', 'unreachable')

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'promoted', live: undefined, lastSeen: { name: 'shop-green' } })
  expect(seen.log.at(-1)).toBe('What serves production at the end could not be read: AWS does not answer.')
})

it('the stages tell when they began, how long they took, and how they ended', async () => {
  const world = standingPair()
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })

  const seen = await world.run('deploy')

  expect(seen.stages.map(({ title, ended }) => `${title} ${ended}`)).toEqual([
    'Lock well',
    'Plan well',
    'Publish version well',
    'Prepare candidate well',
    'Verify candidate badly',
    'Take back well',
  ])
  const [first, ...rest] = seen.stages
  expect(first?.beganAt).toBe(0)
  for (const [index, { beganAt }] of rest.entries())
    expect(beganAt).toBeGreaterThanOrEqual(
      (seen.stages[index]?.beganAt ?? 0) + (seen.stages[index]?.took ?? 0),
    )
  const last = rest.at(-1)
  // Then its logs are read, in three calls, and the lock is given back.
  expect(seen.took).toBe((last?.beganAt ?? 0) + (last?.took ?? 0) + 4 * 40)
})

it.each<[OutcomeName, boolean]>([
  ['promoted', true],
  ['already-live', true],
  ['restored', true],
  ['recovered', true],
  ['rolled-back', false],
  ['failed', false],
  ['stuck', false],
])('a step that ends %s succeeds: %s', async (is, succeeds) => {
  const outcome = await standingPair().run('recover')
  expect(succeeded({ ...outcome, is })).toBe(succeeds)
})

it('lock: none says what it costs', async () => {
  const seen = await standingPair().run('deploy', { lock: 'none' })
  expect(seen.warnings[0]).toContain('nobody keeps this run and another one apart')
})

it('a proof of an environment that is not live any more is not told', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Retire standby')
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ live: { name: 'shop-blue' }, proof: undefined })
})

it('cancelled after the candidate was created, what was cleared away is not called open', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy')
  await untilStage(world, running, 'Verify candidate')
  running.cancel()

  const seen = await world.clock.run(running.ended)

  expect(seen.left.join()).toContain('environment shop-green is created')
  expect(seen.left.join()).not.toContain('saved configuration')
})

it('a journal that cannot be written while traffic is to come back makes it stuck', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.wire.fail('write', new TypeError('disk full'), Number.POSITIVE_INFINITY)
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('stuck')
  expect(seen.says).not.toContain('disk full While')
  expect(seen.remedies.at(-1)?.why).toContain('`operation: recover`')
})

it('a lock that somebody deletes in the bake ends the run, with what nobody remembers any more', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.object.isDeleted = true
  const from = world.wire.calls.length
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'stuck', live: { name: 'shop-green' } })
  expect(seen.says).toMatch(/^Somebody deleted the lock\. Nothing more was sent/)
  expect(
    seen.left.filter((one) => one.startsWith('nobody remembers it any more: Auto Scaling')),
  ).toHaveLength(2)
  expect(seen.remedies.at(-1)?.workflow).toBe('operation: rollback\nto: shop-blue')
  expect(world.changes(from)).toEqual([])
})

it('a journal that cannot be written any more right before traffic moves has nothing else to say', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 1, desired: 2, inService: 2 })
  const running = world.start('deploy')
  await untilStage(world, running, 'Shift traffic')
  world.wire.fail('write', new TypeError('disk full'), Number.POSITIVE_INFINITY)

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'failed', says: 'disk full', live: { name: 'shop-blue' } })
})

it('a journal that cannot be told that traffic came back makes it stuck', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  const { wire } = world
  wire.upon('swap', () =>
    wire.upon('readCapacity', () => wire.fail('write', new TypeError('disk full'), Number.POSITIVE_INFINITY)),
  )
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'stuck', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('While taking it back: disk full')
})

it('who serves production is told also by a run that had nothing to do', async () => {
  const world = standingPair()
  expect(await world.run('recover', { productionName: 'shop' })).toMatchObject({
    live: { name: 'shop-blue' },
  })

  world.wire.fail('cnameOf', 'unreachable')
  expect(await world.run('recover', { productionName: 'shop' })).toMatchObject({
    is: 'recovered',
    live: undefined,
  })
})
