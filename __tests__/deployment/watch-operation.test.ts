import { expect, it } from 'vitest'
import { type Watched, watchOperation } from '../../src/deployment/watch-operation.ts'
import { standingPair, type World } from './world.ts'

const watched = (request: Watched['request']): Watched => ({
  id: 'e-green',
  sentence: 'shop-green runs 1.1.0',
  request,
  since: 0,
  takes: 'deployment',
})

async function deploying(world: World) {
  const bare = await world.bare()
  const request = world.aws.deploy('e-green', '1.1.0')
  return { ...bare, request, follow: () => bare.drive((run) => watchOperation(run, watched(request))) }
}

const later = ({ clock }: World, act: () => void, after = 20_000) => clock.at(clock.now() + after, act)

it('an operation is over when the environment was busy and is Ready again', async () => {
  const world = standingPair()
  const { follow } = await deploying(world)

  const ended = await follow()

  expect(ended).toMatchObject({ is: 'ended', environment: { version: '1.1.0', status: 'Ready' }, errors: [] })
})

it('its events are in the log once, with what is worse than information marked', async () => {
  const world = standingPair()
  world.aws.behaviours.set('1.1.0', { deploying: 'has errors' })
  const { follow, log } = await deploying(world)

  const ended = await follow()

  expect(ended).toMatchObject({ errors: ['Failed to deploy application.'] })
  expect(log).toEqual([
    '  Environment update is starting.',
    '  ERROR Failed to deploy application.',
    '  Environment update completed successfully.',
  ])
})

it('errors of instances and of other requests are not the operation’s own', async () => {
  const world = standingPair()
  const { follow } = await deploying(world)
  const error = { at: world.clock.now(), severity: 'error', says: 'failed' } as const
  world.aws
    .member('shop-green')
    .events.push(
      { ...error, message: 'an instance', requestId: undefined },
      { ...error, message: 'somebody else', requestId: 'other' },
    )

  expect(await follow()).toMatchObject({ is: 'ended', errors: [] })
})

it('after a lost answer every request’s events count, since nobody knows which is ours', async () => {
  const world = standingPair()
  world.aws.behaviours.set('1.1.0', { deploying: 'has errors' })
  const { drive } = await deploying(world)

  const ended = await drive((run) => watchOperation(run, watched(undefined)))

  expect(ended).toMatchObject({ is: 'ended', errors: ['Failed to deploy application.'] })
})

it('Ready alone proves nothing: an operation that ended between two looks is known by its own last event', async () => {
  const world = standingPair()
  const { drive } = await world.bare()
  const began = world.clock.now()
  const event = { at: began, severity: 'info', requestId: 'ours', message: 'done' } as const
  world.aws.member('shop-green').events.push({ ...event, says: 'completed' })

  const ended = await drive((run) => watchOperation(run, watched({ requestId: 'ours' })))

  expect(ended.is).toBe('ended')
  expect(world.clock.now() - began).toBeGreaterThan(30_000)
})

it('a request whose answer was lost and that nobody ever sees has never begun', async () => {
  const world = standingPair()
  const { drive } = await world.bare()

  const ended = await drive((run) => watchOperation(run, watched(undefined)))

  expect(ended).toEqual({ is: 'never began' })
})

it('a request that was seen to start is waited for, even if its answer was lost', async () => {
  const world = standingPair()
  const { drive } = await world.bare({ timeout: 600_000 })
  const event = { at: world.clock.now(), severity: 'info', requestId: 'ours', message: 'starting' } as const
  world.aws.member('shop-green').events.push({ ...event, says: 'started' })

  const ended = drive((run) => watchOperation(run, watched(undefined)))

  await expect(ended).rejects.toThrow('saw last: shop-green is Ready, and the operation is not seen yet')
})

it('an environment that Beanstalk does not list yet is waited for, a vanished one is not', async () => {
  const world = standingPair()
  const { drive } = await world.bare()
  const began = world.clock.now()
  world.aws.members.splice(1, 1)

  await expect(drive((run) => watchOperation(run, watched(undefined)))).rejects.toThrow('e-green is gone')

  expect(world.clock.now() - began).toBeGreaterThan(30_000)
})

it('an environment that somebody terminates meanwhile fails at once', async () => {
  const world = standingPair()
  const { follow } = await deploying(world)
  later(world, () => {
    world.aws.member('shop-green').status = 'Terminating'
  })

  await expect(follow()).rejects.toThrow('shop-green (e-green, 1.0.0) is being terminated.')
})

it('how long it took by Beanstalk’s own events is learnt, of what went well', async () => {
  const world = standingPair()
  const { drive, request } = await deploying(world)
  const learnt = await drive(async (run) => {
    await watchOperation(run, watched(request))
    return run.record.learnt
  })
  const events = world.aws.member('shop-green').events.filter(({ requestId }) => requestId !== undefined)
  expect(learnt).toEqual([['deployment', (events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)]])
})

it('how long a failed one took is not learnt', async () => {
  const world = standingPair()
  world.aws.behaviours.set('1.1.0', { deploying: 'has errors' })
  const { drive, request } = await deploying(world)
  const learnt = await drive(async (run) => {
    await watchOperation(run, watched(request))
    return run.record.learnt
  })
  expect(learnt).toEqual([])
})
