import { expect, it } from 'vitest'
import type { Settings } from '../../src/deployment/settings.ts'
import { promotedPair, publish, standingPair, type World } from './world.ts'

/** A window of managed updates that begins in so many minutes on one of the two. */
function windowed(world: World, name: string, inMinutes: number): World {
  const begins = new Date(world.clock.now() + inMinutes * 60_000)
  const day = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][begins.getUTCDay()]
  const start = `${day}:${begins.toISOString().slice(11, 16)}`
  const namespace = 'aws:elasticbeanstalk:managedactions'
  world.aws
    .member(name)
    .options.push(
      { namespace, name: 'ManagedActionsEnabled', value: 'true' },
      { namespace, name: 'PreferredStartTime', value: start },
    )
  return world
}

/** One of the two is configured differently, by the window itself. */
const keep = { configuration: 'keep' } as const

const bake = { ...keep, bakeTime: 10 * 60_000, healthStableFor: 60_000 }

it.each(['shop-blue', 'shop-green'])(
  '%s may be updated by itself while this lasts: refused',
  async (name) => {
    const world = windowed(standingPair(), name, 5)
    const seen = await world.run('deploy', bake)
    expect(seen).toMatchObject({ is: 'failed' })
    expect(seen.says).toContain(`(${name} `)
    expect(seen.says).toContain('about 13 min 25 s')
    expect(seen.remedies[0]?.why).toMatch(/^Run this again from \d{4}-\d\d-\d\d \d\d:\d\d UTC on\. Or choose/)
    expect(seen.remedies[0]?.command).toContain(`--environment-id ${world.aws.member(name).id} `)
    expect(world.changes()).toEqual([])
  },
)

it.each([
  ['is over', 'deploy', -121, bake],
  ['begins afterwards', 'deploy', 15, bake],
  ['begins after a shorter bake', 'deploy', 5, { ...bake, bakeTime: 1_000 }],
] as const)('a window that %s is not in the way', async (_, operation, inMinutes, settings) => {
  const world = windowed(standingPair(), 'shop-green', inMinutes)
  expect((await world.run(operation, settings)).is).toBe('promoted')
})

it('managed updates that are switched off have no window', async () => {
  const world = windowed(standingPair(), 'shop-green', 0)
  const [option] = world.aws.member('shop-green').options
  Object.assign(option as object, { value: 'false' })
  expect((await world.run('deploy', keep)).is).toBe('promoted')
})

it('managed updates without a window are none', async () => {
  const world = windowed(standingPair(), 'shop-green', 0)
  world.aws.member('shop-green').options.pop()
  expect((await world.run('deploy', keep)).is).toBe('promoted')
})

it.each([
  ['Immutable', 19],
  ['RollingWithAdditionalBatch', 9],
  ['AllAtOnce', 3],
])('a deployment by %s takes its time', async (value, minutes) => {
  const world = windowed(standingPair(), 'shop-green', minutes)
  const policy = { namespace: 'aws:elasticbeanstalk:command', name: 'DeploymentPolicy', value }
  world.aws.member('shop-green').options.push(policy)
  expect((await world.run('deploy', { ...keep, bakeTime: 60_000 })).is).toBe('failed')
})

it('how long the last deployments of this pair took is known better', async () => {
  const world = windowed(standingPair(), 'shop-green', 3)
  world.object.state = { ...world.object.state, durations: { deployment: [600_000] } }
  const seen = await world.run('deploy', { ...keep, bakeTime: 0, healthStableFor: 0 })
  expect(seen.says).toContain('about 11 min 5 s')
})

it('an environment that has to be created takes its time, and has live’s window', async () => {
  const world = windowed(standingPair(), 'shop-blue', 8)
  const seen = await world.run('deploy', { ...bake, bakeTime: 60_000, greenEnvironment: 'store-b' })
  expect(seen.says).toContain('about 9 min 35 s')
})

it('a bake for which no week has time is refused with that', async () => {
  const bakeTime = 7 * 24 * 3_600_000
  const seen = await windowed(standingPair(), 'shop-green', 60).run('deploy', {
    bakeTime,
    timeout: 2 * bakeTime,
  })
  expect(seen.remedies[0]?.why).toContain('No week has that much time between the windows')
})

it('in whose way Sunday’s night is, gets another one', async () => {
  const world = standingPair()
  const sunday = Date.UTC(2026, 0, 11, 3)
  await world.clock.runUntil(sunday)
  const seen = await windowed(world, 'shop-green', 0).run('deploy', keep)
  expect(seen.remedies[0]?.command).toContain('Value=Wed:03:00')
})

it('what is live already is not refused', async () => {
  const world = windowed(standingPair(), 'shop-green', 0)
  expect((await world.run('deploy', { ...keep, version: '1.0.0' })).is).toBe('already-live')
})

it('a promotion is refused as well, and has less to fear', async () => {
  const settings: Partial<Settings> = { ...bake, testCommand: 'true' }
  const world = standingPair()
  expect((await world.run('verify', settings)).is).toBe('verified')
  windowed(world, 'shop-blue', 5)
  const seen = await world.run('promote', settings)
  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('about 12 min 5 s')
})

it('a verification is not refused, but warned: nothing of it reaches users', async () => {
  const seen = await windowed(standingPair(), 'shop-blue', 0).run('verify', keep)
  expect(seen.is).toBe('verified')
  expect(seen.warnings.join()).toContain('It goes on all the same.')
})

it('a rollback is never refused for it, only warned', async () => {
  const world = windowed(await promotedPair(), 'shop-blue', 0)
  const seen = await world.run('rollback')
  expect(seen.is).toBe('restored')
  expect(seen.warnings.join()).toContain('about 1 min 5 s')
})

it('an approved version is deployed once the window is over', async () => {
  const world = windowed(standingPair(), 'shop-green', 0)
  publish(world, '1.2.0', world.clock.now())
  expect((await world.run('deploy', keep)).is).toBe('failed')
  await world.clock.runUntil(world.clock.now() + 120 * 60_000)
  expect((await world.run('deploy', keep)).is).toBe('promoted')
})
