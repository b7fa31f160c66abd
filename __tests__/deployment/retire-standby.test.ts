import { expect, it } from 'vitest'
import { promotedPair, publish, standingPair, until, untilStage, type World } from './world.ts'

/** A deployment whose standby changes once it is about to be retired. */
async function retiring(
  settings: Parameters<World['run']>[1],
  change: (world: World) => void = () => {},
  world = standingPair(),
) {
  const running = world.start('deploy', settings)
  await untilStage(world, running, 'Retire standby')
  const began = world.clock.now()
  change(world)
  return { world, began, seen: await world.clock.run(running.ended) }
}

it('a standby that is kept is said to cost money, with the size it is kept at', async () => {
  const { seen, world } = await retiring({ standby: 'keep' })

  expect(seen.left).toEqual([
    'shop-blue (e-blue, 1.0.0) stays as the way back, kept at 2 instances or more (before: 1); they cost money until it is retired',
  ])
  expect(world.object.state.kept).toMatchObject([
    { environment: 'e-blue', before: { min: 1 }, after: { min: 2 } },
  ])
})

it('a standby that never was held is simply kept', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue').group as object, { min: 2 })

  const { seen } = await retiring({ standby: 'keep' }, () => {}, world)

  expect(seen.left).toEqual(['shop-blue (e-blue, 1.0.0) stays as the way back'])
})

it.each<[string, (world: World) => void]>([
  ['is Terminating', ({ aws }) => void Object.assign(aws.member('shop-blue'), { status: 'Terminating' })],
  ['is gone', ({ aws }) => void aws.members.splice(0, 1)],
])('a standby that %s by then is not said to stay', async (state, change) => {
  const { seen } = await retiring({ standby: 'keep' }, change)

  expect(seen.is).toBe('promoted')
  expect(seen.left).toEqual([`shop-blue (e-blue) ${state}: there is no instant way back any more`])
})

it('a standby is ended only after users’ DNS answers have expired', async () => {
  const { seen, world, began } = await retiring({ standby: 'terminate' })

  expect(seen).toMatchObject({ is: 'promoted', warnings: [] })
  expect(world.aws.members.map(({ name }) => name)).toEqual(['shop-green'])
  expect(seen.left).toEqual(['shop-blue (e-blue) was terminated: there is no instant way back any more'])
  expect(world.object.state).toMatchObject({ pending: [], kept: [], holder: undefined })
  const terminate = world.wire.calls.find(({ name }) => name === 'terminate')
  expect(terminate?.pending).toMatchObject([{ what: 'terminate', way: 'finish', environment: 'e-blue' }])
  expect(terminate?.at).toBeGreaterThanOrEqual(began + 75_000)
})

it.each(['terminate', 'scale-down'] as const)(
  'a standby that still serves requests is left as it is (%s)',
  async (standby) => {
    const { seen, world } = await retiring({ standby, drainTimeout: 120_000 }, ({ aws }) => {
      aws.member('shop-blue').rate = 7
    })

    expect(seen.is).toBe('promoted')
    expect(seen.warnings[0]).toContain('shop-blue still serves 7.0 requests a second after the drain-timeout')
    expect(world.aws.member('shop-blue')).toMatchObject({ status: 'Ready', group: { min: 2 } })
  },
)

it('a standby whose last requests cease within the drain-timeout is ended', async () => {
  const { world } = await retiring({ standby: 'terminate' }, ({ aws, clock }) => {
    const blue = aws.member('shop-blue')
    blue.rate = 7
    clock.at(clock.now() + 200_000, () => Object.assign(blue, { rate: 0 }))
  })

  expect(world.aws.members).toHaveLength(1)
})

it('a standby that a human has made live again is not ended', async () => {
  const { seen, world } = await retiring({ standby: 'terminate' }, ({ aws }) => aws.swap('e-blue', 'e-green'))

  expect(seen.warnings[0]).toContain('has production traffic again; it stays')
  expect(world.live()).toBe('shop-blue')
  expect(world.changes()).not.toContain('terminate')
})

it('a standby that a human has made live again is not scaled down', async () => {
  const { seen, world } = await retiring({ standby: 'scale-down' }, ({ aws }) =>
    aws.swap('e-blue', 'e-green'),
  )

  expect(seen.warnings[0]).toContain('has production traffic again; it stays as it is')
  expect(world.aws.member('shop-blue').group).toMatchObject({ inService: 2 })
})

it('a standby scaled down to one instance remembers what it had', async () => {
  const { seen, world } = await retiring({ standby: 'scale-down' })

  const group = world.aws.member('shop-blue').group as object
  expect(group).toMatchObject({ min: 1, desired: 1, inService: 1 })
  expect(seen.left).toEqual([
    'shop-blue (e-blue, 1.0.0) stays, scaled down to one instance (before: at least 1)',
  ])

  expect(await world.run('rollback')).toMatchObject({ is: 'restored' })
  expect(group).toMatchObject({ min: 1, max: 4, inService: 2 })
  expect(world.object.state.kept).toEqual([])
})

it('a standby without a group cannot be scaled down, and nothing is said to be', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').group = undefined

  const { seen } = await retiring({ standby: 'scale-down' }, () => {}, world)

  expect(seen).toMatchObject({ is: 'promoted', left: [], warnings: [] })
})

it('a standby that never was held and is scaled down has its own minimum remembered', async () => {
  const world = standingPair()
  const group = world.aws.member('shop-blue').group as object
  Object.assign(group, { min: 2 })

  const { seen } = await retiring({ standby: 'scale-down' }, () => {}, world)

  expect(seen.left[0]).toContain('(before: at least 2)')
  expect(world.object.state.kept).toMatchObject([{ before: { min: 2 }, after: { min: 1 } }])
})

it('an environment that Beanstalk cannot end is a warning: the deployment has succeeded', async () => {
  const { seen, world } = await retiring({ standby: 'terminate' }, ({ aws }) => {
    aws.member('shop-blue').cannotEnd = 'Failed to delete the security group.'
  })

  expect(seen.is).toBe('promoted')
  expect(seen.warnings[0]).toContain(
    'the tidying up after it is not complete: shop-blue could not be terminated: Failed to delete the security group.',
  )
  expect(world.object.state.pending).toMatchObject([{ what: 'terminate' }])
  expect(seen.left).toContain(
    'shop-blue (e-blue) was asked to end and has not ended: the next run, unless it is a rollback, asks again',
  )
})

it('a termination that is refused has not happened, and stands in no later deployment’s way', async () => {
  const world = standingPair()
  world.wire.fail('terminate', 'refused', Number.POSITIVE_INFINITY)

  const { seen } = await retiring({ standby: 'terminate' }, () => {}, world)

  expect(seen.is).toBe('promoted')
  expect(seen.warnings[0]).toContain('AWS refused it.')
  expect(world.object.state.pending).toEqual([])
  publish(world, '1.2.0', world.clock.now())
  expect(await world.run('deploy', { version: '1.2.0' })).toMatchObject({
    is: 'promoted',
    live: { name: 'shop-blue' },
  })
})

it('a termination whose answer was lost is settled by looking', async () => {
  const world = standingPair()
  world.wire.fail('terminate', 'answer lost')

  const { seen } = await retiring({ standby: 'terminate' }, () => {}, world)

  expect(seen).toMatchObject({ is: 'promoted', warnings: [] })
  expect(seen.log).toContain('The answer to the termination of shop-blue was lost; the next look will tell.')
  expect(world.aws.members).toHaveLength(1)
})

it('a termination that never arrives is asked for once more, given up after half an hour, and finished by the next run', async () => {
  const world = standingPair()
  world.wire.fail('terminate', 'never arrives', 2)
  const { seen } = await retiring({ standby: 'terminate' }, () => {}, world)
  expect(seen.warnings[0]).toContain('until shop-blue is terminated, and saw last: it is Ready')

  expect(await world.run('recover')).toMatchObject({ is: 'recovered' })

  expect(world.aws.member('shop-blue').status).toBe('Terminating')
  expect(world.object.state.pending).toEqual([])
})

it('a standby that somebody else has ended already is none to end', async () => {
  const { seen, world } = await retiring({ standby: 'terminate' }, ({ aws }) => aws.members.splice(0, 1))

  expect(seen).toMatchObject({ is: 'promoted', warnings: [] })
  expect(world.changes()).not.toContain('terminate')
})

it('no rollback may take over while the standby is being ended', async () => {
  const world = standingPair()
  const running = world.start('deploy', { standby: 'terminate' })
  await untilStage(world, running, 'Retire standby')
  await until(world, () => world.changes().includes('terminate'))

  const seen = await world.run('rollback', { lockWait: 0 })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('held by')
  expect((await world.clock.run(running.ended)).is).toBe('promoted')
})

it('a rollback that takes over while the standby drains is obeyed: it was no promotion', async () => {
  const world = standingPair()
  const running = world.start('deploy', { standby: 'terminate' })
  await untilStage(world, running, 'Retire standby')
  await world.clock.runUntil(world.clock.now() + 5_000)

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })

  const overtaken = await world.clock.run(running.ended)
  expect(overtaken).toMatchObject({ is: 'rolled-back' })
  expect(world.changes()).not.toContain('terminate')
})

it('trouble while capacity is given back does not fail what is promoted', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Bake')
  world.wire.fail('resize', 'refused')

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green' } })
  expect(seen.warnings[0]).toContain(
    '1.1.0 is live, but the tidying up after it is not complete: AWS refused it.',
  )
})

it('a rollback whose capacity cannot be given back has still brought production back', async () => {
  const world = await promotedPair()
  world.wire.fail('resize', 'refused')

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(seen.warnings[0]).toContain('its capacity is still held')
})

it('a mistake of ours after the promotion is a warning, with nothing to do', async () => {
  const world = standingPair()
  world.wire.fail('terminate', new TypeError('a mistake'))
  const { seen } = await retiring({ standby: 'terminate' }, () => {}, world)

  expect(seen).toMatchObject({ is: 'promoted', remedies: [] })
  expect(seen.warnings[0]).toContain('a mistake')
})
