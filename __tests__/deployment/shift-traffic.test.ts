import { expect, it } from 'vitest'
import { NotYet } from '../../src/deployment/errors.ts'
import { type Member, promotedPair, standingPair, untilStage, type World } from './world.ts'

/** Runs a deployment and changes something right after the candidate was verified. */
async function deploying(change: (world: World) => void, world = standingPair()) {
  world.tests = async () => {
    change(world)
    return { is: 'passed', says: 'exit code 0' }
  }
  const seen = await world.run('deploy')
  return { seen, world }
}

it('the way back is written down before production moves, with when it expires', async () => {
  const { seen, world } = await deploying(() => {})

  expect(seen.is).toBe('promoted')
  const swap = world.wire.calls.find(({ name }) => name === 'swap')
  expect(swap?.pending[0]).toMatchObject({
    what: 'route',
    way: 'undo',
    from: 'e-blue',
    to: 'e-green',
    fromVersion: '1.0.0',
    toVersion: '1.1.0',
    before: { share: { 'e-blue': 100, 'e-green': 0 } },
    after: { share: { 'e-blue': 0, 'e-green': 100 } },
  })
  const [route] = swap?.pending ?? []
  const lasts = route?.what === 'route' ? route.until - route.at : 0
  expect(lasts).toBeGreaterThanOrEqual(600_000)
})

it.each<[string, Partial<Member> & { who?: string }, string]>([
  [
    'a candidate that runs another version by now',
    { version: '9.9.9' },
    'Somebody deployed to shop-green meanwhile: it is shop-green (e-green, 9.9.9) now',
  ],
  [
    'a candidate that is busy',
    { status: 'Updating' },
    'Somebody else works on shop-green, which is Updating now',
  ],
  [
    'a live that is busy',
    { who: 'shop-blue', status: 'Updating' },
    'until shop-blue is Ready, and saw last: it is Updating',
  ],
  [
    'a live that is being ended',
    { who: 'shop-blue', status: 'Terminating' },
    'which has production, is Terminating',
  ],
  ['a live that was deployed to', { who: 'shop-blue', version: '1.0.1' }, 'Somebody deployed to production'],
])('%s means that no traffic is moved', async (_, { who = 'shop-green', ...change }, says) => {
  const { seen, world } = await deploying(({ aws }) => Object.assign(aws.member(who), change))

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain(says)
  expect(world.live()).toBe('shop-blue')
  expect(world.changes()).not.toContain('swap')
})

it('a candidate that falls ill after all means that no traffic is moved', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  await untilStage(world, running, 'Shift traffic')
  Object.assign(world.aws.member('shop-green'), { health: 'Degraded' })

  const seen = await world.clock.run(running.ended)

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('is Degraded by now, wanted Ok')
  expect(world.live()).toBe('shop-blue')
  expect(world.changes()).not.toContain('swap')
})

it('a candidate that falls ill while the way back is being written down gets no traffic', async () => {
  const { seen, world } = await deploying(({ aws, wire }) => {
    wire.upon('readRoute', () => {
      wire.upon('write', () => Object.assign(aws.member('shop-green'), { health: 'Severe' }))
      wire.fail('write', 'answered late')
    })
  })

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('is Severe by now, wanted Ok: production stays where it is')
  // Nothing was sent, so nothing has to be waited for.
  expect(seen.stages.find(({ title }) => title === 'Take back')?.took).toBeLessThan(5_000)
  expect(world.live()).toBe('shop-blue')
  expect(world.changes()).not.toContain('swap')
  expect(world.object.state.pending).toEqual([])
})

it('a way back that took long to write down is no reason to hold a healthy candidate up', async () => {
  const { seen } = await deploying(({ wire }) => {
    wire.upon('readRoute', () => wire.fail('write', 'answered late'))
  })

  expect(seen.is).toBe('promoted')
})

it.each(['shop-blue', 'shop-green'])(
  '%s that is gone by now means that no traffic is moved',
  async (name) => {
    const { seen, world } = await deploying(({ aws }) =>
      aws.members.splice(aws.members.indexOf(aws.member(name)), 1),
    )

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain(`${name} is gone`)
    expect(world.changes()).not.toContain('swap')
  },
)

it('production that somebody moved meanwhile is not moved again', async () => {
  const { seen, world } = await deploying(({ aws, wire }) => {
    wire.upon('readRoute', () => {
      aws.member('shop-green').cname = 'shop.us-east-1.elasticbeanstalk.com'
      aws.member('shop-blue').cname = 'other.example'
    })
  })

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('Somebody moved production meanwhile')
  expect(world.changes()).not.toContain('swap')
})

it('production that somebody moved to the candidate a moment before this run did is theirs, and stays', async () => {
  const { seen, world } = await deploying(({ aws, wire }) => {
    wire.upon('swap', () => aws.swap('e-blue', 'e-green'))
  })

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-green', version: '1.1.0' } })
  expect(world.live()).toBe('shop-green')
  expect(seen.undone.join()).not.toContain('went back')
  expect(world.object.state.pending).toEqual([])
})

it('both sides keep live’s instances of this moment: the new one to carry the traffic, the old one as the way back', async () => {
  const { seen, world } = await deploying(({ aws }) =>
    Object.assign(aws.member('shop-blue').group as object, { desired: 4, inService: 4 }),
  )

  expect(seen.is).toBe('promoted')
  const swap = world.wire.calls.findIndex(({ name }) => name === 'swap')
  const sizes = world.wire.calls
    .slice(0, swap)
    .filter(({ name }) => name === 'resize')
    .map(({ args }) => args[1])
  expect(sizes).toMatchObject([{ min: 2 }, { min: 4, desired: 4 }, { min: 4 }])
})

it('a live environment without a group holds nothing', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').group = undefined

  const { seen } = await deploying(() => {}, world)

  expect(seen.is).toBe('promoted')
  expect(world.changes()).toEqual(['deploy', 'swap'])
})

it('a rollback goes to a standby whose health is no better than Warning', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').health = 'Warning'

  expect(await world.run('rollback')).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
})

it('a refused swap leaves production where it is, and gives everything back', async () => {
  const world = standingPair()
  world.wire.fail('swap', 'refused')

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', says: 'AWS refused it.', live: { name: 'shop-blue' } })
  expect(world.object.state).toMatchObject({ pending: [], kept: [], promotions: [] })
  for (const { group } of world.aws.members) expect(group).toMatchObject({ min: 1, max: 4 })
})

it('a swap that never arrived leaves production where it is', async () => {
  const world = standingPair()
  world.wire.fail('swap', 'never arrives')

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(world.changes().filter((name) => name === 'swap')).toHaveLength(1)
  expect(world.object.state.pending).toEqual([])
})

it('production is not moved when the credentials end before the way back does', async () => {
  const world = standingPair()
  world.credentialsEnd = world.clock.now() + 900_000

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(seen.says).toMatch(/^The AWS credentials end at 09:15 UTC, the bake lasts until 09:\d\d UTC/)
  expect(seen.says).toContain('production stays on shop-blue')
  expect(seen.remedies[1]?.why).toContain('`role-duration-seconds: 1800`')
  expect(world.changes()).not.toContain('swap')
})

it('credentials that last long enough are no obstacle', async () => {
  const world = standingPair()
  world.credentialsEnd = world.clock.now() + 2 * 3_600_000

  expect((await world.run('deploy')).is).toBe('promoted')
})

it('a rollback goes on with credentials that end soon, and says so', async () => {
  const world = await promotedPair()
  world.credentialsEnd = world.clock.now() + 60_000

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(seen.warnings[0]).toContain('run it again with new ones: it goes on where it stopped')
})

it.each<[string, Partial<Member>, string]>([
  ['nothing else has changed', {}, 'promoted'],
  ['somebody deployed to the candidate', { version: '9.9.9' }, 'failed'],
])('a move that is refused for now is tried again when %s', async (_, change, is) => {
  const { seen } = await deploying(({ aws, wire }) => {
    wire.fail('swap', new NotYet('Must be Ready.'))
    wire.upon('swap', () => Object.assign(aws.member('shop-green'), change))
  })

  expect(seen.is).toBe(is)
})

it('what somebody works on for a while right before the switch does not go live without being proven anew', async () => {
  const { seen, world } = await deploying(({ aws, wire, clock }) => {
    wire.upon('readRoute', () => {
      const blue = aws.member('shop-blue')
      const { cname } = blue
      blue.cname = 'other.example'
      clock.at(clock.now() + 60_000, () => Object.assign(blue, { cname }))
    })
  })

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('Somebody else worked on shop-green or shop-blue just now')
  expect(world.changes()).not.toContain('swap')
})

it('an update of live that ends is waited for, and its capacity is looked at once more', async () => {
  const { seen } = await deploying(({ aws, clock }) => {
    const blue = aws.member('shop-blue')
    blue.status = 'Updating'
    clock.at(clock.now() + 300_000, () => Object.assign(blue, { status: 'Ready' }))
  })

  expect(seen.is).toBe('promoted')
})

it('live that grows while instances of the other side are waited for is looked at again', async () => {
  const { seen, world } = await deploying(({ aws, clock }) => {
    const [live, other] = [aws.member('shop-blue').group, aws.member('shop-green').group]
    Object.assign(live as object, { desired: 3, inService: 3 })
    Object.assign(other as object, { launchTakes: 30_000 })
    clock.at(clock.now() + 28_000, () => Object.assign(live as object, { desired: 4, inService: 4 }))
  })

  expect(seen.is).toBe('promoted')
  const swap = world.wire.calls.find(({ name }) => name === 'swap')
  const held = swap?.pending.find((one) => one.what === 'hold-capacity' && one.environment === 'e-green')
  expect(held).toMatchObject({ after: { min: 4 } })
})
