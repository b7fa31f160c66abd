import { describe, expect, it } from 'vitest'
import { NotYet } from '../../src/deployment/errors.ts'
import type { GateVerdict } from '../../src/deployment/hold.ts'
import { seldom } from '../../src/deployment/seldom.ts'
import type { Settings } from '../../src/deployment/settings.ts'
import { ownName, shareOf, weightsTake } from './weights.ts'
import { publish, until, untilStage, type World, weightedPair } from './world.ts'

const quick: Partial<Settings> = {
  trafficSteps: [10, 50, 100],
  stepInterval: 60_000,
  bakeTime: 60_000,
  healthStableFor: 10_000,
  drainTimeout: 60_000,
}

const shifts = ({ wire }: World) =>
  wire.calls
    .filter(({ name }) => name === 'shift')
    .map(({ args }) => (args[0] as Record<string, number>)['e-green'])

const untilShare = (world: World, id: string, share: number) =>
  until(world, () => shareOf(world.aws, id) === share)

/** One environment, and nothing at the production name. */
function nowhere(): World {
  const world = weightedPair()
  world.aws.members.splice(1, 1)
  Object.assign(world.aws.weights as object, { share: undefined })
  world.aws.weights?.known.clear()
  return world
}

describe('production that moves in steps', () => {
  it('takes each of them, is watched after each, and stays on the new version', async () => {
    const world = weightedPair()
    const seen = await world.run('deploy', quick)

    expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green', version: '1.1.0' } })
    expect(shifts(world)).toEqual([10, 50, 100])
    expect(seen.steps.map(({ asked, ended }) => [asked, ended])).toEqual([
      [10, 'well'],
      [50, 'well'],
      [100, 'well'],
    ])
    for (const { asked, took } of seen.steps.slice(0, 2))
      expect(took, `${asked} %`).toBeGreaterThanOrEqual(weightsTake.clients + 60_000)
  })

  it('is counted: what each version got, and what users saw of it', async () => {
    const world = weightedPair()
    const { steps } = await world.run('deploy', quick)

    expect(steps.map(({ seen }) => seen)).toEqual([10, 50, 100])
    expect(steps[0]?.versions).toEqual([
      { version: '1.1.0', environment: 'shop-green', perSecond: 2, serverErrorShare: 0 },
      { version: '1.0.0', environment: 'shop-blue', perSecond: 18, serverErrorShare: 0 },
    ])
    expect(steps[0]?.users?.requests).toBeGreaterThan(60)
    expect(steps[0]?.users?.failures).toBe(0)
  })

  it('is not counted where nobody counts, and moves all the same', async () => {
    const world = weightedPair()
    for (const member of world.aws.members) member.labels = undefined
    world.wire.fail('enhancedHealth', 'unreachable', 2)
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('promoted')
    expect(seen.steps[0]).toMatchObject({ seen: undefined, versions: [] })
    expect(seen.log.join('\n')).toContain('10 % on shop-green held for 1 min 30 s: nobody counted them.')
  })

  it('needs no more instances than its share, and as many as live has for all of it', async () => {
    const world = weightedPair()
    Object.assign(world.aws.member('shop-blue').group as object, { desired: 4, inService: 4 })
    const sizes: (number | undefined)[] = []
    world.wire.watch((moment, { name }) => {
      if (name === 'shift' && moment === 'sent') sizes.push(world.aws.member('shop-green').group?.inService)
    })
    await world.run('deploy', quick)

    expect(sizes).toEqual([1, 2, 4])
    expect(world.aws.member('shop-blue').group?.inService).toBe(4)
  })

  it('goes back in one change when a gate fails at a step, and says at which', async () => {
    const world = weightedPair()
    const running = world.start('deploy', quick)
    await untilShare(world, 'e-green', 50)
    Object.assign(world.aws.member('shop-green'), {
      health: 'Severe',
      causes: ['50 % of the requests fail.'],
    })
    const seen = await world.clock.run(running.ended)

    expect(seen).toMatchObject({ is: 'rolled-back', live: { name: 'shop-blue', version: '1.0.0' } })
    expect(seen.says).toContain('shop-green failed with 50 % of production: health: ')
    expect(shifts(world)).toEqual([10, 50, 0])
    expect(seen.steps.map(({ asked, ended }) => [asked, ended])).toEqual([
      [10, 'well'],
      [50, 'badly'],
    ])
    expect(seen.undone.join()).toContain(
      `production (${ownName}) went back to shop-blue (e-blue), from a split (50 % shop-blue, 50 % shop-green)`,
    )
    expect(world.aws.weights?.known.has('e-green')).toBe(false)
  })

  it('goes back when users see failures, whatever Beanstalk says', async () => {
    const world = weightedPair()
    world.aws.behaviours.set('1.1.0', { status: () => (shareOf(world.aws, 'e-green') > 0 ? 500 : 200) })
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('rolled-back')
    expect(seen.says).toMatch(/with 10 % of production: production address: \d+ of \d+ requests failed/)
    expect(seen.steps[0]?.users?.failures).toBeGreaterThan(2)
  })

  it('is not watched from here where it cannot be seen, and moves all the same', async () => {
    const world = weightedPair()
    world.canSee = () => false
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('promoted')
    expect(seen.steps[0]?.users).toBeUndefined()
  })

  it('that somebody else moves in the middle of a step goes back, and that is what is said', async () => {
    const world = weightedPair()
    const running = world.start('deploy', quick)
    await untilShare(world, 'e-green', 10)
    await world.clock.runUntil(world.clock.now() + 40_000)
    Object.assign(world.aws.weights as object, { share: { 'e-blue': 70, 'e-green': 30 } })
    const seen = await world.clock.run(running.ended)

    expect(seen.is).toBe('rolled-back')
    expect(seen.says).toContain(
      'The shift was given up with 10 % of production on shop-green: somebody else moved production meanwhile: it is 70 % shop-blue, 30 % shop-green, and was to be',
    )
    expect(world.live()).toBe('shop-blue')
  })

  it('waits while a change of the route spreads that it did not send', async () => {
    const world = weightedPair()
    const running = world.start('deploy', quick)
    await untilShare(world, 'e-green', 10)
    await world.clock.runUntil(world.clock.now() + 40_000)
    const before = world.aws.weights?.share
    Object.assign(world.aws.weights as object, {
      share: { 'e-blue': 70, 'e-green': 30 },
      settledAt: world.clock.now() + 20_000,
    })
    await world.clock.runUntil(world.clock.now() + 15_000)
    Object.assign(world.aws.weights as object, { share: before })

    expect((await world.clock.run(running.ended)).is).toBe('promoted')
  })

  it('goes no further when the candidate got sick while instances for more of it came up', async () => {
    const world = weightedPair()
    Object.assign(world.aws.member('shop-blue').group as object, { desired: 4, inService: 4 })
    world.wire.watch((moment, { name }) => {
      if (name === 'resize' && moment === 'sent' && shareOf(world.aws, 'e-green') === 10)
        Object.assign(world.aws.member('shop-green'), { health: 'Severe' })
    })
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('rolled-back')
    expect(shifts(world)).toEqual([10, 0])
  })

  it('goes no further when the candidate is not what it was any more', async () => {
    const world = weightedPair()
    const running = world.start('deploy', { ...quick, failureThreshold: 100 })
    await untilShare(world, 'e-green', 10)
    await world.clock.runUntil(world.clock.now() + 60_000)
    world.aws.member('shop-green').version = '9.9.9'
    const seen = await world.clock.run(running.ended)

    expect(seen.is).toBe('rolled-back')
    expect(shifts(world)).toEqual([10, 0])
  })

  it('waits at a step for what the router does not do for now', async () => {
    const world = weightedPair()
    const running = world.start('deploy', quick)
    await untilShare(world, 'e-green', 10)
    world.wire.fail('shift', new NotYet('A prior request is being processed.'))
    const seen = await world.clock.run(running.ended)

    expect(seen.is).toBe('promoted')
    expect(seen.log.join('\n')).toContain(
      'A prior request is being processed. Nothing happened; it is tried again',
    )
  })

  it('tells what a human should know of how it is routed', async () => {
    const world = weightedPair()
    Object.assign(world.aws.weights as object, { notes: ['Clients stay where they are for an hour.'] })
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('promoted')
    expect(seen.warnings).toContain('Clients stay where they are for an hour.')
  })

  it('tells what shows itself while the candidate is made known, once', async () => {
    const world = weightedPair()
    Object.assign(world.aws.weights as object, { notes: ['Clients stay where they are for an hour.'] })
    const running = world.start('deploy', quick)
    while (!world.aws.weights?.known.has('e-green')) await world.clock.runUntil(world.clock.now() + 1_000)
    const later = ['Clients stay where they are for an hour.', 'Nobody checks its targets.']
    world.clock.at(world.clock.now() + 3_000, () =>
      Object.assign(world.aws.weights as object, { notes: later }),
    )
    const seen = await world.clock.run(running.ended)

    expect(seen.is).toBe('promoted')
    expect(seen.log.filter((line) => line.includes('Nobody checks its targets.'))).toHaveLength(1)
    expect(seen.log.filter((line) => line.includes('for an hour'))).toHaveLength(0)
  })

  it('is not held to more than what live was before: users’ own mistakes come along with them', async () => {
    const world = weightedPair()
    Object.assign(world.aws.member('shop-blue'), { health: 'Warning' })
    const running = world.start('deploy', quick)
    await untilShare(world, 'e-green', 10)
    Object.assign(world.aws.member('shop-green'), { health: 'Warning' })

    expect((await world.clock.run(running.ended)).is).toBe('promoted')
  })

  it('moves at once where there is one step alone', async () => {
    const world = weightedPair()
    const seen = await world.run('deploy', { ...quick, trafficSteps: [100] })

    expect(seen.is).toBe('promoted')
    expect(shifts(world)).toEqual([100])
  })

  it('comes back at once by a rollback, and what it left is not known to the router any more', async () => {
    const world = weightedPair()
    await world.run('deploy', quick)
    const from = world.wire.calls.length
    const seen = await world.run('rollback', quick)

    expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
    expect(world.wire.calls.slice(from).filter(({ name }) => name === 'shift')).toHaveLength(1)
    expect(world.aws.weights?.known.has('e-green')).toBe(false)
  })

  it('comes back by a rollback also where the router does not let go of what it left', async () => {
    const world = weightedPair()
    await world.run('deploy', quick)
    world.wire.fail('detach', 'refused', Number.POSITIVE_INFINITY)
    const seen = await world.run('rollback', quick)

    expect(seen.is).toBe('restored')
    expect(seen.warnings.join()).toContain('shop-green has no traffic, but is known to the zone still')
  })

  it('is refused with credentials that end before its last step', async () => {
    const world = weightedPair()
    world.credentialsEnd = world.clock.now() + 40 * 60_000
    const seen = await world.run('deploy', { ...quick, stepInterval: 15 * 60_000 })

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain('The AWS credentials end at')
    expect(shifts(world)).toEqual([])
  })

  it('can be looked at before: a dry run tells the change of every step', async () => {
    const world = weightedPair()
    const seen = await world.run('deploy', { ...quick, dryRun: true })

    const planned = seen.plan?.flatMap(({ steps }) => steps).join('\n') ?? ''
    expect(planned).toContain('make both environments known to the zone, with all traffic on shop-blue')
    for (const percent of [10, 50, 100]) expect(planned).toContain(`"e-green":${percent}`)
    expect(world.changes()).toEqual([])
  })

  it('can be looked at before also for a rollback, and for a deployment that ends the old side', async () => {
    const world = weightedPair()
    await world.run('deploy', quick)
    const from = world.wire.calls.length
    const back = await world.run('rollback', { ...quick, dryRun: true })
    publish(world, '1.2.0', world.clock.now())
    const on = await world.run('deploy', { ...quick, version: '1.2.0', standby: 'terminate', dryRun: true })

    expect(back.says).toContain('would end `restored`')
    expect(on.plan?.flatMap(({ steps }) => steps).join('\n')).toContain(
      'take shop-green out of what the zone knows: it ends',
    )
    expect(world.changes(from)).toEqual([])
  })
})

it('good news of what costs calls keeps for a while, bad news does not', async () => {
  const { run, drive } = await weightedPair().bare()
  const verdicts: GateVerdict[] = []
  let looks = 0
  const next = (is: GateVerdict['is']) => verdicts.push({ is, saw: `look ${verdicts.length + 1}` })
  for (const is of ['fail', 'pass', 'pass'] as const) next(is)
  const gate = seldom(run, 30_000, { name: 'costly', look: async () => verdicts[looks++] as GateVerdict })
  const seen: string[] = []
  for (const wait of [0, 5_000, 20_000, 20_000])
    seen.push(
      await drive(async () => {
        await run.ports.clock.sleep(wait)
        return (await gate.look()).saw
      }),
    )
  expect(seen).toEqual(['look 1', 'look 2', 'look 2', 'look 3'])
})

describe('before it gets any traffic', () => {
  it('a candidate is made known, and waited for until it can be given some', async () => {
    const world = weightedPair()
    Object.assign(world.aws.weights as object, { formerTtl: 300_000 })
    const seen = await world.run('deploy', quick)

    const [attached, shifted] = ['attach', 'shift'].map((name) =>
      world.wire.calls.find((one) => one.name === name),
    )
    expect(Number(shifted?.at) - Number(attached?.at)).toBeGreaterThanOrEqual(300_000)
    expect(seen.log.join('\n')).toContain(
      'weights: both environments are known there now, with all traffic on shop-blue. Clients may keep the answer before for 5 min',
    )
  })

  it.each(['answer lost', 'never arrives'] as const)('that is sent again when: %s', async (fault) => {
    const world = weightedPair()
    world.wire.fail('attach', fault)
    expect((await world.run('deploy', quick)).is).toBe('promoted')
  })

  it('a router that refuses it leaves production as it is', async () => {
    const world = weightedPair()
    world.wire.fail('attach', 'refused')
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('failed')
    expect(world.live()).toBe('shop-blue')
    expect(world.object.state.pending).toEqual([])
  })

  it('what cannot be made unknown again is said, when it got traffic meanwhile', async () => {
    const world = weightedPair()
    const running = world.start('deploy', quick)
    await until(world, () => world.wire.calls.some(({ name }) => name === 'attach'))
    Object.assign(world.aws.member('shop-green'), { health: 'Severe' })
    world.wire.upon('detach', () => {
      Object.assign(world.aws.weights as object, { share: { 'e-blue': 90, 'e-green': 10 } })
    })
    const seen = await world.clock.run(running.ended)

    expect(seen.is).toBe('failed')
    expect(seen.left.join()).toContain('stays known to what routes production: e-green has traffic.')
  })
})

describe('a split', () => {
  it('that somebody else made is refused, and nothing is changed', async () => {
    const world = weightedPair()
    Object.assign(world.aws.weights as object, { share: { 'e-blue': 60, 'e-green': 40 } })
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain(
      'the zone does not send all of production to shop-blue (e-blue, 1.0.0): it sends 60 % shop-blue, 40 % shop-green.',
    )
    expect(world.changes()).toEqual([])
  })

  it('is told by status', async () => {
    const world = weightedPair()
    Object.assign(world.aws.weights as object, { share: { 'e-blue': 60, 'e-green': 40 } })
    const { pair } = await world.run('status')

    expect(pair?.witnesses[0]).toEqual({
      name: 'the zone',
      says: `\`${ownName}\` is split: 60 % shop-blue, 40 % shop-green.`,
      is: 'against',
    })
  })

  it('that a dead run left goes whole to the new side where the old one is sick', async () => {
    const world = weightedPair()
    await dieAt(world, 50)
    Object.assign(world.aws.member('shop-blue'), { health: 'Severe' })
    const seen = await world.run('recover', quick)

    expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-green', version: '1.1.0' } })
    expect(seen.undone.join()).toContain(`production (${ownName}) went to shop-green (e-green), from a split`)
    expect(world.object.state.promotions[0]).toMatchObject({ by: 'deploy', environment: 'e-green' })
    expect(world.object.state.pending).toEqual([])
  })

  it.each(['Severe', undefined] as const)(
    'that a dead run left goes whole to the old side where the new one is %s',
    async (health) => {
      const world = weightedPair()
      await dieAt(world, 50)
      if (health) Object.assign(world.aws.member('shop-green'), { health })
      const seen = await world.run('recover', quick)

      expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-blue', version: '1.0.0' } })
      expect(world.aws.weights?.known.has('e-green')).toBe(false)
    },
  )

  it('that a dead run left is not settled on an environment that is gone', async () => {
    const world = weightedPair()
    await dieAt(world, 50)
    world.aws.members.splice(0, 1)
    const seen = await world.run('recover', quick)

    expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-green' } })
  })

  it.each([10, 50])(
    'of %s % whose way back a dead run had sent is remembered: clients may still follow it',
    async (percent) => {
      const world = weightedPair()
      await dieAt(world, percent)
      const settling = world.start('recover', quick)
      await untilShare(world, 'e-green', 0)
      settling.kill()
      const seen = await world.run('recover', quick)

      expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-blue' } })
      expect(world.object.state.promotions[0]).toMatchObject({ by: 'rollback', environment: 'e-blue' })
    },
  )

  it('that came back by itself is remembered, whoever finds it so', async () => {
    const world = weightedPair()
    await dieAt(world, 50)
    Object.assign(world.aws.weights as object, { share: { 'e-blue': 100, 'e-green': 0 } })
    await world.run('recover', quick)

    expect(world.object.state.promotions[0]).toMatchObject({ by: 'rollback', environment: 'e-blue' })
  })

  it('is taken back at once by a rollback that is pressed while a step is watched', async () => {
    const world = weightedPair()
    const deploying = world.start('deploy', { ...quick, stepInterval: 3_600_000 })
    await untilShare(world, 'e-green', 10)
    await until(world, () => world.object.state.holder?.baking === true)
    const began = world.clock.now()
    const back = await world.run('rollback', quick)

    expect(back).toMatchObject({ is: 'restored', live: { name: 'shop-blue', version: '1.0.0' } })
    expect(world.clock.now() - began).toBeLessThan(120_000)
    expect(await world.clock.run(deploying.ended)).toMatchObject({ is: 'rolled-back' })
    expect(world.aws.weights?.known.has('e-green')).toBe(false)
    expect(world.object.state.pending).toEqual([])
  })

  it('is not taken back by a rollback between two looks at what is moved: that is waited for', async () => {
    const world = weightedPair()
    world.start('deploy', quick)
    await until(world, () => world.wire.calls.filter(({ name }) => name === 'shift').length === 2)

    expect(world.object.state.holder?.baking).toBe(false)
  })

  it('that a cancelled run left goes back to where it came from, and nobody waits for it', async () => {
    const world = weightedPair()
    const running = world.start('deploy', quick)
    await untilShare(world, 'e-green', 10)
    await until(world, () => world.object.state.holder?.baking === true)
    running.cancel()
    await world.clock.run(running.ended)
    const began = world.clock.now()
    const seen = await world.run('post', quick)

    expect(seen).toMatchObject({ is: 'recovered', live: { name: 'shop-blue' } })
    const back = world.wire.calls.findLast(({ name }) => name === 'shift')
    expect(Number(back?.at) - began).toBeLessThan(10_000)
  })
})

describe('inputs that do not say what moves production', () => {
  const swapping: Partial<Settings> = { ...quick, trafficInputs: {}, productionName: 'shop' }
  const routed = { traffic: 'route53', 'hosted-zone-id': 'Z1', 'record-name': ownName }

  /** 1.1.0 went live in steps, by a run that said how. */
  async function moved(trafficInputs: Readonly<Record<string, string>> = routed): Promise<World> {
    const world = weightedPair()
    await world.run('deploy', { ...quick, trafficInputs })
    await world.clock.runUntil(world.clock.now() + 600_000)
    return world
  }

  it.each(['deploy', 'verify', 'promote', 'rollback', 'retire', 'recover'] as const)(
    'are refused by %s, which would take for live what nobody reaches',
    async (operation) => {
      const world = await moved()
      const from = world.wire.calls.length
      const seen = await world.run(operation, { ...swapping, version: '1.2.0' })

      expect(seen.is).toBe('failed')
      expect(seen.says).toContain(
        `Production of this pair (${ownName}) was last moved by \`traffic: route53\``,
      )
      expect(seen.remedies[0]?.workflow).toBe(
        'traffic: route53\nhosted-zone-id: Z1\nrecord-name: www.example.com',
      )
      expect(world.changes(from)).toEqual([])
      expect(world.object.state.holder).toBeUndefined()
    },
  )

  it('settle nothing of what a dead run left, and leave it for a run that knows how', async () => {
    const world = weightedPair()
    const running = world.start('deploy', { ...quick, trafficInputs: routed })
    await untilShare(world, 'e-green', 10)
    running.kill()
    const pending = world.object.state.pending.length
    expect((await world.run('recover', swapping)).is).toBe('failed')

    expect(world.object.state.pending).toHaveLength(pending)
    expect(await world.run('recover', { ...quick, trafficInputs: routed })).toMatchObject({
      is: 'recovered',
      live: { name: 'shop-blue' },
    })
  })

  it('do not interrupt a bake by a rollback that could not go on', async () => {
    const world = weightedPair()
    const deploying = world.start('deploy', { ...quick, trafficInputs: routed })
    await until(world, () => world.object.state.holder?.baking === true)
    expect((await world.run('rollback', swapping)).is).toBe('failed')

    expect((await world.clock.run(deploying.ended)).is).toBe('promoted')
  })

  it('are what stands in the way, for status', async () => {
    const { pair } = await (await moved()).run('status', swapping)

    expect(pair?.obstacles[0]?.what).toContain('was last moved by `traffic: route53`')
  })

  it('of commands are remembered without the commands, which may have secrets in them', async () => {
    const world = await moved({ traffic: 'command', 'write-traffic-command': 'curl -H token:s3cret' })

    expect(world.object.state.trafficInputs).toEqual({ traffic: 'command' })
    const { remedies } = await world.run('rollback', swapping)
    expect(remedies[0]?.why).toContain('and its two commands')
  })

  it('are no matter as long as only swaps have moved it', async () => {
    const world = weightedPair()
    await world.run('deploy', { ...quick, trafficInputs: {} })

    expect((await world.run('rollback', { ...quick, trafficInputs: {} })).is).toBe('restored')
  })
})

describe('a name at which nothing stands yet', () => {
  it('leads to the only environment there is, and from there in steps to the next', async () => {
    const world = nowhere()
    const seen = await world.run('deploy', quick)

    expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green' } })
    expect(shifts(world).length).toBe(3)
  })

  it('leads to the only environment there is also when that runs the version already, once it is proven', async () => {
    const world = nowhere()
    let tested = 0
    world.tests = async () => {
      tested += 1
      return { is: 'passed', says: 'exit code 0' }
    }
    const seen = await world.run('deploy', { ...quick, version: '1.0.0' })

    expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-blue', version: '1.0.0' } })
    expect(world.aws.weights?.share).toEqual({ 'e-blue': 100 })
    expect(tested).toBe(1)
  })

  it('does not lead to what fails its tests, and nothing is said to be live', async () => {
    const world = nowhere()
    world.tests = async () => ({ is: 'failed', says: 'exit code 1' })
    const seen = await world.run('deploy', { ...quick, version: '1.0.0' })

    expect(seen.is).toBe('failed')
    expect(world.aws.weights?.share).toBeUndefined()
  })

  it.each([
    ['verify', { version: '1.0.0' }],
    ['rollback', { to: '1.0.0' }],
  ] as const)('has nothing live for %s either', async (operation, more) => {
    const world = nowhere()
    const seen = await world.run(operation, { ...quick, ...more })

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain(`Nothing stands at ${ownName} yet, so nobody is led to shop-blue`)
    expect(seen.remedies[0]?.why).toBe(`Let ${ownName} lead to the one that is live.`)
  })

  it('leads to nobody when there are two, and how to point it is said', async () => {
    const world = weightedPair()
    Object.assign(world.aws.weights as object, { share: undefined })
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain(`Nothing stands at ${ownName} yet, and both environments exist`)
    expect(seen.remedies[0]?.why).toBe(`Let ${ownName} lead to the one that is live.`)
    expect(world.changes()).toEqual([])
  })

  it('leads to the first environment of all when that is proven', async () => {
    const world = weightedPair()
    world.aws.members.splice(0, 2)
    Object.assign(world.aws.weights as object, { share: undefined })
    world.aws.weights?.known.clear()
    const seen = await world.run('deploy', { ...quick, platform: 'Node.js 22' })

    expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-blue', version: '1.1.0' } })
    const names = world.changes()
    expect(names.indexOf('attach')).toBeGreaterThan(names.indexOf('create'))
    expect(world.wire.calls.find(({ name }) => name === 'create')?.args[0]).toMatchObject({
      cnamePrefix: undefined,
    })
  })

  it('would lead to the first environment of all, as a dry run tells', async () => {
    const world = weightedPair()
    world.aws.members.splice(0, 2)
    Object.assign(world.aws.weights as object, { share: undefined })
    const seen = await world.run('deploy', { ...quick, platform: 'Node.js 22', dryRun: true })

    expect(seen.says).toContain('would end `promoted`')
    expect(seen.plan?.flatMap(({ steps }) => steps).join('\n')).toContain(
      'make both environments known to the zone, with all traffic on shop-blue',
    )
    expect(world.changes()).toEqual([])
  })

  it('is not taken from somebody else for a first environment', async () => {
    const world = weightedPair()
    world.aws.members.splice(0, 2)
    const seen = await world.run('deploy', { ...quick, platform: 'Node.js 22' })

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain(`Neither environment exists, and ${ownName} leads somewhere else already`)
    expect(world.changes()).toEqual([])
  })

  it('has no holder, and neither environment is told to be it', async () => {
    const world = weightedPair()
    Object.assign(world.aws.weights as object, { share: { 'e-other': 100 } })
    const seen = await world.run('deploy', quick)

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain('to neither environment (shop-blue and shop-green)')
  })
})

describe('status', () => {
  it('says who has the name, by whom', async () => {
    const world = weightedPair()
    const { pair } = await world.run('status')

    expect(pair?.witnesses[0]).toMatchObject({
      name: 'the zone',
      says: `shop-blue (e-blue, 1.0.0) has \`${ownName}\` (as the inputs say).`,
      is: 'for',
    })
  })

  it('tells what else it knows where the route cannot be read', async () => {
    const world = weightedPair()
    world.wire.fail('readRoute', 'refused', Number.POSITIVE_INFINITY)
    const { pair, is } = await world.run('status')

    expect(is).toBe('reported')
    expect(pair?.members.map(({ name }) => name)).toEqual(['shop-blue', 'shop-green'])
  })
})

/** A run that is killed while so much of production is on the new version. */
async function dieAt(world: World, percent: number): Promise<void> {
  const running = world.start('deploy', quick)
  await untilStage(world, running, 'Shift traffic')
  await untilShare(world, 'e-green', percent)
  running.kill()
  await world.clock.runUntil(world.clock.now() + 1_000)
}
