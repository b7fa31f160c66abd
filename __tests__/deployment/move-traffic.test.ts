import { expect, it } from 'vitest'
import { Conflict, Failure, NotYet } from '../../src/deployment/errors.ts'
import { moveTraffic, settledRoute } from '../../src/deployment/move-traffic.ts'
import type { Run } from '../../src/deployment/run.ts'
import { production, standingPair, type World } from './world.ts'

async function moving(world: World) {
  const bare = await world.bare()
  const router = bare.run.ports.routerFor({ ids: ['e-blue', 'e-green'], productionName: production })
  const began = world.clock.now()
  const move = async (run: Run) => {
    const from = await router.read()
    await moveTraffic(run, {
      router,
      from,
      to: router.plan(from, 'e-green'),
      towards: 'shop-green',
      version: '1.1.0',
    })
  }
  return { ...bare, router, moved: () => bare.drive(move), took: () => world.clock.now() - began }
}

const swaps = (world: World) => world.changes().filter((name) => name === 'swap')

it('a move is sent once, and over when the route has settled there', async () => {
  const world = standingPair()
  const { moved, run, took } = await moving(world)

  await moved()

  expect(world.live()).toBe('shop-green')
  expect(world.aws.members.map(({ status }) => status)).toEqual(['Ready', 'Ready'])
  expect(swaps(world)).toHaveLength(1)
  expect(run.record.moved).toBe(true)
  expect(took()).toBeLessThan(15_000)
})

it.each(['answer lost', 'arrives late'] as const)(
  'a move whose answer is lost is settled by reading, never sent again (%s)',
  async (fault) => {
    const world = standingPair()
    world.wire.fail('swap', fault)
    const { moved, run, log } = await moving(world)

    await moved()

    expect(world.live()).toBe('shop-green')
    expect(swaps(world)).toHaveLength(1)
    expect(run.record.moved).toBe(true)
    expect(log).toContain('The answer was lost. It is not sent again; reading tells whether it happened.')
  },
)

it('a move that never arrived counts as not happened only after watching for a while', async () => {
  const world = standingPair()
  world.wire.fail('swap', 'never arrives')
  const { moved, run, took } = await moving(world)

  await expect(moved()).rejects.toThrow(
    'The CNAME swap did not happen: 1 min 30 s later production is where it was.',
  )

  expect(took()).toBeGreaterThanOrEqual(90_000)
  expect(run.record.moved).toBeUndefined()
  expect(swaps(world)).toHaveLength(1)
})

it('a move that was answered and never happens is given five minutes', async () => {
  const world = standingPair()
  const { moved, took } = await moving(world)
  world.aws.swap = () => {}

  await expect(moved()).rejects.toThrow('did not happen')

  expect(took()).toBeGreaterThanOrEqual(300_000)
})

it('a refused move has not happened, and everybody knows', async () => {
  const world = standingPair()
  world.wire.fail('swap', 'refused')
  const { moved, run } = await moving(world)

  await expect(moved()).rejects.toThrow('AWS refused it.')

  expect(run.record.moved).toBe(false)
})

it('of a move that broke off in our own code nothing is known', async () => {
  const world = standingPair()
  world.wire.fail('swap', new TypeError('a mistake'))
  const { moved, run } = await moving(world)

  await expect(moved()).rejects.toThrow('a mistake')

  expect(run.record.moved).toBeUndefined()
})

it('a route that somebody else changed is left alone', async () => {
  const world = standingPair()
  const { moved } = await moving(world)
  world.wire.upon('swap', () => Object.assign(world.aws.member('shop-green'), { cname: 'other.example' }))

  await expect(moved()).rejects.toThrow(Conflict)
})

it('a route that settles somewhere else was moved by somebody else', async () => {
  const world = standingPair()
  const { router, drive } = await moving(world)
  const third = { ...world.aws.seen(world.aws.member('shop-blue')), id: 'e-third' }
  const apply = async () => {
    world.aws.member('shop-blue').cname = 'other.example'
    world.aws.add({ name: 'shop-third', id: third.id, cname: production })
  }
  const wider = { ...router, apply, read: async () => ({ ...(await router.read()), ...seen(world) }) }
  const move = async (run: Run) => {
    const from = await router.read()
    const to = router.plan(from, 'e-green')
    await moveTraffic(run, { router: wider, from, to, towards: 'shop-green', version: '1.1.0' })
  }

  await expect(drive(move)).rejects.toThrow('Somebody else moved traffic at the same time.')
})

const seen = ({ aws }: World) => ({
  share: Object.fromEntries(aws.members.map(({ id, cname }) => [id, cname === production ? 100 : 0])),
  settled: true,
})

it('a route is read once nothing is on its way any more', async () => {
  const world = standingPair()
  const { router, drive, took } = await moving(world)
  world.aws.swap('e-blue', 'e-green')

  const route = await drive((run) => settledRoute(run, router, () => {}))

  expect(route.share).toEqual({ 'e-blue': 0, 'e-green': 100 })
  expect(took()).toBeGreaterThan(6_000)
})

it('a change that never comes to rest is not waited for for ever', async () => {
  const world = standingPair()
  const { router, drive } = await moving(world)
  world.aws.member('shop-green').status = 'Updating'

  await expect(drive((run) => settledRoute(run, router, () => {}))).rejects.toThrow('shop-green is Updating')
})

it('a move that is refused for now did not happen, and is tried again', async () => {
  const world = standingPair()
  world.wire.fail('swap', new NotYet('Must not be Red.'), 3)
  const { moved, log } = await moving(world)

  await moved()

  expect(world.live()).toBe('shop-green')
  expect(log.filter((line) => line.startsWith('Must not be Red. Nothing happened'))).toHaveLength(1)
})

it.each([
  [
    'whole',
    ['aws elasticbeanstalk update-environment --environment-id e-blue --version-label 1.1.0', undefined],
  ],
  ['split', [undefined]],
])('a move that stays refused says what a human can do instead (production is %s)', async (is, commands) => {
  const world = standingPair()
  world.wire.fail('swap', new NotYet('Must not be Red.'), Number.POSITIVE_INFINITY)
  const { router, drive, took } = await moving(world)
  const move = async (run: Run) => {
    const from = {
      ...(await router.read()),
      ...(is === 'split' && { share: { 'e-blue': 50, 'e-green': 50 } }),
    }
    await moveTraffic(run, {
      router,
      from,
      to: router.plan(from, 'e-green'),
      towards: 'shop-green',
      version: '1.1.0',
    })
  }

  const failure = await drive(move).catch((thrown: Failure) => thrown)

  expect(failure).toBeInstanceOf(Failure)
  expect(failure?.message).toBe('Must not be Red. It was tried for 5 min.')
  expect(failure?.remedies.map(({ command }) => command)).toEqual(commands)
  expect(took()).toBeGreaterThanOrEqual(300_000)
})

it('without a version there is none to bring in place', async () => {
  const world = standingPair()
  world.wire.fail('swap', new NotYet('Must not be Red.'), Number.POSITIVE_INFINITY)
  const { router, drive } = await moving(world)
  const move = async (run: Run) => {
    const from = await router.read()
    await moveTraffic(run, { router, from, to: from, towards: 'shop-green', version: undefined })
  }

  expect((await drive(move).catch((thrown: Failure) => thrown))?.remedies).toHaveLength(1)
})

it('a route that nobody has is under way', async () => {
  const world = standingPair()
  const { router, drive } = await moving(world)
  world.aws.member('shop-blue').cname = 'other.example'

  await expect(drive((run) => settledRoute(run, router, () => {}))).rejects.toThrow(
    'saw last: a change is under way',
  )
})
