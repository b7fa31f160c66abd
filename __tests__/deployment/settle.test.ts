import { expect, it } from 'vitest'
import { unfitness } from '../../src/deployment/fitness.ts'
import type { BeanstalkEvent, Promotion, RoutedPair } from '../../src/deployment/ports.ts'
import { proven } from '../../src/deployment/proven.ts'
import { intend } from '../../src/deployment/run.ts'
import { settle } from '../../src/deployment/settle.ts'
import { terminate } from '../../src/deployment/terminate.ts'
import {
  type Member,
  production,
  promotedPair,
  publish,
  standingPair,
  until,
  untilStage,
  type World,
} from './world.ts'

it('the post step ends the environment that a cancelled deployment had created', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Verify candidate')
  running.cancel()
  await world.clock.run(running.ended)

  const seen = await world.run('post', { onFailure: 'terminate' })

  expect(seen.is).toBe('recovered')
  expect(world.aws.member('shop-green').status).toBe('Terminating')
  expect(world.object.state.pending).toEqual([])
})

it('a rollback that died after its swap is remembered, so that nobody deploys to what users still reach', async () => {
  const world = await promotedPair()
  const running = world.start('rollback')
  await until(world, () => world.live() === 'shop-blue')
  const swappedAt = world.clock.now()
  running.kill()
  await world.run('post')
  expect(world.object.state.promotions[0]).toMatchObject({ by: 'rollback', environment: 'e-blue' })
  publish(world, '1.2.0', swappedAt)
  await world.clock.runUntil(swappedAt + 50_000)

  await world.run('deploy', { version: '1.2.0' })

  const deployed = world.wire.calls.find(({ name, args }) => name === 'deploy' && args[1] === '1.2.0')
  expect(deployed?.at).toBeGreaterThan(swappedAt + 70_000)
})

it('an environment that had traffic is not ended before users’ DNS answers have expired', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Bake')
  await world.clock.runUntil(world.clock.now() + 100_000)
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('rolled-back')
  const [swapped, terminated] = ['swap', 'terminate'].map((wanted) =>
    world.wire.calls.findLast(({ name }) => name === wanted),
  )
  expect(terminated?.at).toBeGreaterThan(Number(swapped?.at) + 75_000)
})

it('an environment that was waited for is not ended by a run that lost its lock meanwhile', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Bake')
  world.aws.member('shop-green').health = 'Severe'
  await until(world, () => world.live() === 'shop-blue')
  await until(world, () => world.object.state.pending.every(({ what }) => what === 'create-environment'))
  takenByAnother(world)

  await world.clock.run(running.ended)

  expect(world.changes()).not.toContain('terminate')
})

it('production is not taken back by a run that lost its lock while it read what had become of its swap', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Shift traffic')
  world.wire.fail('swap', 'answer lost')
  world.wire.upon('swap', () => world.wire.fail('readRoute', 'refused'))
  await untilStage(world, running, 'Take back')
  takenByAnother(world)

  await world.clock.run(running.ended)

  expect(world.changes().filter((name) => name === 'swap')).toHaveLength(1)
})

it('an environment of ours that still serves requests is not ended, but named', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Bake')
  Object.assign(world.aws.member('shop-green'), { health: 'Severe', rate: 40 })

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('rolled-back')
  expect(world.changes()).not.toContain('terminate')
  expect(seen.warnings.join()).toContain('shop-green')
})

it('what was moved for an earlier run does not make this run’s own lost request conclusive', async () => {
  const world = standingPair()
  const dead = world.start('deploy')
  await untilStage(world, dead, 'Bake')
  dead.kill()
  world.aws.member('shop-green').health = 'Severe'
  await world.clock.runUntil(world.clock.now() + 400_000)
  const next = world.start('deploy')
  await untilStage(world, next, 'Prepare candidate')
  world.aws.member('shop-green').health = 'Ok'
  await untilStage(world, next, 'Shift traffic')
  world.wire.fail('swap', 'arrives late')
  world.wire.upon('swap', () => world.wire.fail('readRoute', 'refused'))

  const seen = await world.clock.run(next.ended)
  await world.clock.runUntil(world.clock.now() + 300_000)

  expect(seen).toMatchObject({ is: 'rolled-back', live: { name: 'shop-blue' } })
  expect(world.live()).toBe('shop-blue')
})

it('an environment that was created and failed is kept for a look, with the command that ends it', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })

  const seen = await world.run('deploy', { onFailure: 'keep' })

  const command = 'aws elasticbeanstalk terminate-environment --environment-id e-new-shop-green'
  expect(seen).toMatchObject({ is: 'failed', standby: { name: 'shop-green' } })
  expect(seen.left).toContain(
    'environment shop-green (e-new-shop-green) was created and is kept: for a look (on-failure: keep)',
  )
  expect(seen.remedies.map((one) => one.command)).toContain(command)
  expect(seen.warnings.join()).toContain(command)
})

it('an environment that is still being launched is ended when Beanstalk lets it', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const running = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, running, 'Prepare candidate')
  await world.clock.runUntil(world.clock.now() + 20_000)
  running.cancel()
  await world.clock.run(running.ended)
  expect(world.aws.member('shop-green').status).toBe('Launching')

  const seen = await world.run('post', { onFailure: 'terminate' })

  expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-blue' } })
  expect(world.aws.member('shop-green').status).toBe('Terminating')
})

it('an environment that Beanstalk does not list yet was created all the same, and is named', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const late: Member[] = []
  world.wire.upon('create', () => {
    world.clock.at(world.clock.now() + 25, () => late.push(...world.aws.members.splice(1, 1)))
    world.clock.at(world.clock.now() + 3_000, () => world.aws.members.push(...late))
  })
  world.wire.fail('events', 'refused', 99)

  const seen = await world.run('deploy', { onFailure: 'keep' })

  expect(seen.is).toBe('failed')
  expect(seen.left.join()).toContain('environment shop-green (e-new-shop-green) was created and is kept')
})

it('an environment that Beanstalk refuses to create is not looked for', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  world.wire.fail('create', 'refused')

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', left: [] })
  expect(seen.log.join()).not.toContain('is listed')
  expect(world.object.state.pending).toEqual([])
})

it('a saved configuration that may not be deleted stops nothing, and is named with the command', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  world.wire.fail('deleteTemplate', 'refused', 99)

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green' } })
  const command = /delete-configuration-template --application-name shop --template-name blue-green-/
  expect(seen.warnings.join()).toMatch(command)
  expect(seen.remedies.map((one) => one.command).join()).toMatch(command)
  expect(world.object.state.pending).toEqual([])
})

it('a saved configuration whose deletion nobody answers is settled by the next run', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  world.wire.fail('deleteTemplate', 'never arrives', 99)

  const seen = await world.run('deploy')

  expect(seen.is).toBe('stuck')
  expect(world.object.state.pending.map(({ what }) => what)).toContain('create-template')
})

it('what is refused twice is said once', async () => {
  const world = await promotedPair()
  world.wire.fail('swap', 'refused', 99)
  const { is, says } = await world.run('rollback')
  expect(is).toBe('stuck')
  expect(says).toMatch(/ It could not be taken back\.$/)
})

it('an environment that only looks like ours is not ended', async () => {
  const world = standingPair()
  world.object.state = {
    ...world.object.state,
    pending: [
      { what: 'create-environment', way: 'undo', name: 'shop-green', nonce: '', onFailure: 'terminate' },
    ],
  }

  const seen = await world.run('post')

  expect(seen.is).toBe('recovered')
  expect(world.changes()).toEqual([])
})

it('where nobody ever said the production name, nothing is ended', async () => {
  const world = standingPair()
  world.object.state = {
    ...world.object.state,
    pending: [{ what: 'terminate', way: 'finish', environment: 'e-green', name: 'shop-green' }],
  }

  const seen = await world.run('recover', { productionName: undefined })

  expect(seen).toMatchObject({ is: 'stuck' })
  expect(seen.says).toContain('Nobody knows whether e-green has production traffic; it stays.')
  expect(world.changes()).toEqual([])
})

it('a termination that a dead run meant to send is not sent to what production reaches', async () => {
  const world = standingPair()
  world.object.state = {
    ...world.object.state,
    pending: [{ what: 'terminate', way: 'finish', environment: 'e-blue', name: 'shop-blue' }],
  }

  const seen = await world.run('recover')

  expect(seen.is).toBe('recovered')
  expect(seen.warnings).toEqual([
    'The journal says that shop-blue (e-blue) is to be terminated, but it has production: it stays, and that is forgotten.',
  ])
  expect(world.changes()).toEqual([])
})

it('a termination that a dead run meant to send, and that is refused now, stands in nobody’s way', async () => {
  const world = standingPair()
  const effect = { what: 'terminate', way: 'finish', environment: 'e-green', name: 'shop-green' } as const
  world.object.state = { ...world.object.state, pending: [effect] }
  world.wire.fail('terminate', 'refused', Number.POSITIVE_INFINITY)

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green' } })
  expect(seen.warnings).toEqual([
    'An earlier run was about to terminate shop-green (e-green), which stays and is not tried again: AWS refused it.',
  ])
})

it('a mistake of ours while a dead run’s termination is sent is no refusal: it stays open', async () => {
  const world = standingPair()
  const effect = { what: 'terminate', way: 'finish', environment: 'e-green', name: 'shop-green' } as const
  world.object.state = { ...world.object.state, pending: [effect] }
  world.wire.fail('terminate', new TypeError('x is not a function'))

  expect((await world.run('recover')).is).toBe('stuck')
  expect(world.object.state.pending).toMatchObject([effect])
})

it('holds of somebody else’s are dropped from the journal and left alone', async () => {
  const world = standingPair()
  const bank = world.aws.add({ name: 'bank', id: 'e-bank' })
  Object.assign(bank.group as object, { min: 5, max: 5 })
  const hold = {
    what: 'hold-capacity',
    way: 'undo',
    environment: 'e-bank',
    group: bank.group?.name ?? '',
  } as const
  world.object.state = {
    ...world.object.state,
    kept: [{ ...hold, before: { min: 0, max: 0 }, after: { min: 5, max: 5 } }],
  }

  const seen = await world.run('deploy')

  expect(seen.warnings[0]).toContain('does not belong to this pair')
  expect(world.object.state.kept).toMatchObject([{ environment: 'e-blue' }])
  expect(bank.group).toMatchObject({ min: 5, max: 5 })
})

it('production that somebody put on a third environment is not moved from there', async () => {
  const world = standingPair()
  const baking = world.start('deploy')
  await untilStage(world, baking, 'Bake')
  baking.kill()
  await world.clock.runUntil(world.clock.now() + 400_000)
  const { run, drive, journal } = await world.bare()
  const route = { share: { 'e-third': 100 }, exact: {}, settled: true }
  const routerFor = (pair: RoutedPair) => ({ ...run.ports.routerFor(pair), read: async () => route })

  const fate = await drive((one) => settle({ ...one, ports: { ...one.ports, routerFor } }, 'go back'))

  expect(fate).toMatchObject({ is: 'stuck' })
  expect(fate.is === 'stuck' && fate.why).toContain(
    'production is on e-third, where this deployment never put it',
  )
  expect(journal.state.pending).not.toEqual([])
})

it('AWS that cannot be reached while settling makes it stuck, and nothing after it is touched', async () => {
  const world = standingPair()
  const baking = world.start('deploy')
  await untilStage(world, baking, 'Bake')
  baking.kill()
  world.wire.upon('swap', () => world.wire.fail('readGroup', 'unreachable'))
  const from = world.wire.calls.length

  const seen = await world.run('post')

  expect(seen).toMatchObject({ is: 'stuck', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('AWS does not answer.')
  expect(seen.left).toHaveLength(1)
  expect(seen.left[0]).toContain('not touched after that, still open: Auto Scaling group')
  expect(world.changes(from)).toEqual(['swap'])
})

it('a live environment without a version can be gone back to', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), { version: undefined, labels: undefined })
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'rolled-back', live: { name: 'shop-blue' } })
  expect(seen.undone[0]).toContain('went back to shop-blue (e-blue), running no version')
})

it.each<[string, (world: World) => void, string]>([
  ['is gone', ({ aws }) => aws.members.splice(0, 1), 'e-blue does not exist any more'],
  ['is busy', ({ aws }) => (aws.member('shop-blue').status = 'Updating'), 'saw last: shop-blue is Updating'],
  [
    'runs another version',
    ({ aws }) => (aws.member('shop-blue').version = '0.9.0'),
    'does not run 1.0.0 any more',
  ],
])('when what was live %s there is no way back, and production stays', async (_, change, says) => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.aws.member('shop-green').health = 'Severe'
  change(world)

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'stuck', live: { name: 'shop-green' } })
  expect(seen.says).toContain(says)
  expect(world.changes().filter((name) => name === 'swap')).toHaveLength(1)
})

it('a standby that becomes busy between two looks is no way back', async () => {
  const world = standingPair()
  const { drive } = await world.bare()
  world.aws.member('shop-blue').status = 'Updating'

  const unfit = drive((run) => unfitness(run, { id: 'e-blue', version: '1.0.0', insteadOf: 'e-green' }))

  expect(await unfit).toMatchObject({ why: 'shop-blue (e-blue, 1.0.0) is Updating, not Ready' })
})

it('a standby that got a version where it had none is no way back', async () => {
  const world = standingPair()
  const { drive } = await world.bare()

  const unfit = drive((run) => unfitness(run, { id: 'e-blue', version: undefined, insteadOf: 'e-green' }))

  expect(await unfit).toMatchObject({
    why: 'shop-blue (e-blue, 1.0.0) does not run no version any more',
  })
})

it('a rollback whose swap was refused at first is brought to its end', async () => {
  const world = await promotedPair()
  world.wire.fail('swap', 'refused')

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(world.object.state.promotions[0]).toMatchObject({ by: 'rollback', environment: 'e-blue' })
})

it('a deployment that fails in what was the way back says that there is none any more', async () => {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now())
  world.tests = async () => ({ is: 'failed', says: 'exit code 1' })

  const seen = await world.run('deploy', { version: '1.2.0' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.left.join()).toContain('shop-blue was the instant way back to 1.0.0 and is not any more')
})

it('what this run does not know of the production name stays as it was remembered', async () => {
  const world = standingPair()
  world.object.state = { ...world.object.state, productionName: production }
  const { drive, journal } = await world.bare()

  await drive((run) => intend(run, { what: 'create-template', way: 'undo', name: 'blue-green-x' }))

  expect(journal.state).toMatchObject({ productionName: production, pending: [{ name: 'blue-green-x' }] })
})

it('an operation that never began proves nothing', () => {
  expect(() => proven({ is: 'never began' }, '1.0.0')).toThrow('Beanstalk did not begin the deployment.')
})

it('a way back that has expired is left to humans: production stays, and counts as promoted', async () => {
  const world = standingPair()
  const dead = world.start('deploy')
  await untilStage(world, dead, 'Bake')
  dead.kill()
  world.aws.member('shop-green').health = 'Severe'
  await world.clock.runUntil(world.clock.now() + 3_600_000)

  const seen = await world.run('post')

  expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-green' } })
  expect(seen.log).toContain('Production stays on e-green: that deployment counts as promoted.')
  expect(world.object.state.promotions[0]).toMatchObject({ by: 'deploy', environment: 'e-green' })
})

it('the last twenty promotions are remembered', async () => {
  const world = await promotedPair()
  const [one] = world.object.state.promotions
  const many = Array.from({ length: 20 }, (_, index) => ({ ...(one as Promotion), at: index }))
  world.object.state = { ...world.object.state, promotions: [one as Promotion, ...many.slice(1)] }

  await world.run('rollback')

  expect(world.object.state.promotions).toHaveLength(20)
  expect(world.object.state.promotions[0]).toMatchObject({ by: 'rollback' })
})

it('an environment that a dead run created is taken over by whoever comes next, not ended', async () => {
  const world = standingPair()
  world.aws.members.splice(1, 1)
  const dead = world.start('deploy', { onFailure: 'terminate' })
  await untilStage(world, dead, 'Verify candidate')
  dead.kill()

  const seen = await world.run('recover')

  expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-blue' } })
  expect(seen.log).toContain('Environment shop-green, created by an earlier run, is taken over.')
  expect(world.aws.member('shop-green').status).toBe('Ready')
  expect(world.object.state.pending).toEqual([])
})

/** As a rollback takes the lock: this run finds out when it writes. */
function takenByAnother({ object }: World): void {
  const holder = {
    run: 'another',
    link: undefined,
    nonce: 'other',
    ttl: 300_000,
    operation: 'rollback',
    baking: false,
  }
  object.state = { ...object.state, holder }
}

it('what is sick is a way back all the same when what it would replace is gone', async () => {
  const world = standingPair()
  const { drive } = await world.bare()
  world.aws.member('shop-blue').health = 'Severe'

  const unfit = drive((run) => unfitness(run, { id: 'e-blue', version: '1.0.0', insteadOf: 'e-gone' }))

  expect(await unfit).toBeUndefined()
})

it('nothing is ended that production reaches, whoever asks for it', async () => {
  const world = standingPair()
  const { drive } = await world.bare()

  await expect(drive((run) => terminate(run, 'e-blue'))).rejects.toThrow(
    'shop-blue (e-blue) has production traffic; it stays.',
  )
})

it('a termination that does not show itself is not waited for long', async () => {
  const world = standingPair()
  world.wire.fail('terminate', 'never arrives')
  world.object.state = {
    ...world.object.state,
    pending: [{ what: 'terminate', way: 'finish', environment: 'e-green', name: 'shop-green' }],
  }

  expect(await world.run('recover')).toMatchObject({ is: 'recovered' })
  expect(world.aws.member('shop-green').status).toBe('Ready')
})

it.each<[string, readonly BeanstalkEvent['says'][], string | undefined]>([
  ['nothing', [], undefined],
  ['something that went well', ['started', 'completed'], undefined],
  ['something that failed', ['started', 'failed'], 'nobody can tell what its instances run'],
  ['something that failed, and went well then', ['failed', 'completed'], undefined],
])('with basic health, after %s, a standby is a way back or not', async (_, said, why) => {
  const world = standingPair()
  const { drive } = await world.bare()
  const blue = world.aws.member('shop-blue')
  blue.labels = undefined
  blue.events.splice(0)
  for (const says of said)
    blue.events.push({ at: world.clock.now(), message: says, severity: 'info', requestId: 'r', says })

  const unfit = await drive((run) => unfitness(run, { id: 'e-blue', version: '1.0.0', insteadOf: 'e-green' }))

  expect(unfit?.why).toEqual(why && expect.stringContaining(why))
})

it.each([
  ['the standby is shrunk meanwhile', { min: 1, desired: 1, inService: 1 }, 2],
  ['it may not have more', { min: 1, max: 1, desired: 1, inService: 1 }, undefined],
])('production that goes back has as many instances as before, even if %s', async (_, size, desired) => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 1, desired: 2, inService: 2 })
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  Object.assign(world.aws.member('shop-blue').group as object, size)
  const from = world.wire.calls.length
  world.aws.member('shop-green').health = 'Severe'

  expect((await world.clock.run(running.ended)).is).toBe('rolled-back')

  const sizes = world.wire.calls
    .slice(from)
    .filter(({ name }) => name === 'resize')
    .map(({ args }) => args[1])
  expect(sizes.find((one) => Object.keys(one as object).join() === 'desired')).toEqual(desired && { desired })
})

it('production that went back stays there when its instances cannot be had again', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 1, desired: 2, inService: 2 })
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  Object.assign(world.aws.member('shop-blue').group as object, { min: 1, desired: 1, inService: 1 })
  world.wire.fail('resize', 'refused')
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('rolled-back')
  expect(seen.warnings.join()).toContain('shop-blue has production and fewer instances than it had')
})

it('what is being ended is no way back, and nobody waits for it', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.aws.member('shop-blue').status = 'Terminating'
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('stuck')
  expect(seen.says).toContain('there is no way back: shop-blue (e-blue, 1.0.0) is Terminating')
  expect(seen.remedies.map(({ command }) => command)).toContain(
    'aws elasticbeanstalk update-environment --environment-id e-green --version-label 1.0.0',
  )
})

it('an environment without a group is gone back to as it is', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.aws.member('shop-blue').group = undefined
  world.aws.member('shop-green').health = 'Severe'

  expect((await world.clock.run(running.ended)).is).toBe('rolled-back')
})
