import { describe, expect, it } from 'vitest'
import type { BeanstalkEvent } from '../../src/deployment/ports.ts'
import type { Plan } from '../../src/deployment/stages/plan.ts'
import { refuseUnclaimed } from '../../src/deployment/what-changes.ts'
import { type Member, promotedPair, publish, standingPair, until, untilStage, type World } from './world.ts'

const variables = 'aws:elasticbeanstalk:application:environment'
const gate = { greenEnvironment: 'shop-pr-7', copyVariables: false }

/** As somebody's operation, or the health of the environment, adds one. */
function happens(world: World, name: string, event: Partial<BeanstalkEvent>): void {
  world.aws.member(name).events.push({
    at: world.clock.now(),
    message: 'Environment update is starting.',
    severity: 'info',
    requestId: 'by-hand',
    says: 'started',
    ...event,
  })
}

async function promotedWithNews(): Promise<World> {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now())
  return world
}

const createOf = (world: World) => world.wire.calls.find(({ name }) => name === 'create')?.args[0]

it('a verification deploys to the other environment, proves it, remembers that, and moves nothing', async () => {
  const world = standingPair()

  const seen = await world.run('verify')

  expect(seen).toMatchObject({
    is: 'verified',
    says: '1.1.0 is verified in shop-green. Production stays on shop-blue (e-blue, 1.0.0).',
    live: { name: 'shop-blue' },
    standby: { name: 'shop-green', version: '1.1.0' },
    testsPassed: true,
  })
  expect(world.changes()).toEqual(['deploy', 'remember'])
  expect(world.aws.verified.get('1.1.0')).toMatchObject({
    environment: 'e-green',
    commit: 'c0ffee',
    tests: 'passed',
    live: { environment: 'e-blue', version: '1.0.0' },
  })
  expect(world.object.state).toMatchObject({ pending: [], kept: [], promotions: [] })
})

// biome-ignore lint/suspicious/noTemplateCurlyInString: what GitHub would evaluate
const hostile = 'v: ${{ secrets.KEY }} "2"'

it('it says how to promote, with names that cannot become anything else in YAML', async () => {
  const world = standingPair()
  publish(world, hostile, world.clock.now())

  const { remedies } = await world.run('verify', { version: hostile })

  expect(remedies[0]?.workflow).toBe(
    [
      'operation: promote',
      'application: shop',
      'blue-environment: shop-blue',
      'green-environment: shop-green',
      'production-cname: shop',
      'version: "v: $ {{ secrets.KEY }} \\"2\\""',
      'health-path: /health',
    ].join('\n'),
  )
})

it('without a test-command the verification says that there were no tests', async () => {
  const world = standingPair()

  expect((await world.run('verify', { testCommand: undefined })).is).toBe('verified')
  expect(world.aws.verified.get('1.1.0')).toMatchObject({ tests: 'none' })
})

it('where nothing is live there is nothing to verify against', async () => {
  const world = standingPair()
  world.aws.members.length = 0

  const seen = await world.run('verify', { platform: 'Node.js 22' })

  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('Neither environment exists')
  expect(world.changes()).toEqual([])
})

it('what is live already needs no verification', async () => {
  const world = standingPair()

  expect((await world.run('verify', { version: '1.0.0' })).is).toBe('already-live')
  expect(world.changes()).toEqual([])
})

describe('the way back', () => {
  it('is kept when that is wanted, and nothing is changed', async () => {
    const world = await promotedWithNews()
    const from = world.wire.calls.length

    const seen = await world.run('verify', { version: '1.2.0', wayBack: 'keep' })

    expect(seen.says).toContain('shop-blue is the way back to 1.0.0, and 1.2.0 would overwrite it')
    expect(world.changes(from)).toEqual([])
  })

  it('gives back what was held for it when it ends', async () => {
    const world = await promotedWithNews()
    expect(world.aws.member('shop-blue').group?.min).toBe(2)

    const seen = await world.run('verify', { version: '1.2.0' })

    expect(seen.is).toBe('verified')
    expect(world.aws.member('shop-blue').group?.min).toBe(1)
    expect(world.object.state.kept).toEqual([])
  })

  it('is proven, and neither ended nor made small, when it is what was to be verified', async () => {
    for (const afterVerify of ['terminate', 'scale-down'] as const) {
      const world = await promotedPair()
      const from = world.wire.calls.length

      const seen = await world.run('verify', { version: '1.0.0', wayBack: 'keep', afterVerify })

      expect(seen.is).toBe('verified')
      expect(world.changes(from)).toEqual(['remember'])
      expect(world.object.state.kept).toHaveLength(1)
    }
  })
})

describe('a candidate that changes while it is being verified', () => {
  const duringTests = (world: World, act: (green: Member) => void) => {
    world.tests = async () => {
      act(world.aws.member('shop-green'))
      return { is: 'passed', says: 'exit code 0' }
    }
  }

  it.each<[string, (world: World, green: Member) => void, string]>([
    ['by an update', (world) => happens(world, 'shop-green', {}), 'Environment update is starting.'],
    ['by being busy', (_, green) => (green.status = 'Updating'), 'it is Updating and runs 1.1.0'],
    ['by losing its version', (_, green) => (green.version = undefined), 'it is Ready and runs nothing'],
    ['by its end', ({ aws }, green) => aws.members.splice(aws.members.indexOf(green), 1), 'it is gone'],
  ])('%s is not verified', async (_, act, saw) => {
    const world = standingPair()
    duringTests(world, (green) => void act(world, green))

    const seen = await world.run('verify')

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain(
      `Somebody changed shop-green (e-green, 1.1.0) while it was being verified (${saw})`,
    )
    expect(world.aws.verified.size).toBe(0)
  })

  it.each<[string, Partial<BeanstalkEvent>]>([
    [
      'its health',
      { message: 'Environment health has transitioned.', requestId: undefined, says: 'progress' },
    ],
    ['somebody who pulls its logs', { message: 'requestEnvironmentInfo is starting.', says: 'looked' }],
  ])('is not one of which only %s is told', async (_, event) => {
    const world = standingPair()
    duringTests(world, () => happens(world, 'shop-green', event))

    expect((await world.run('verify')).is).toBe('verified')
  })

  it('is not one whose own deployment has still something to say', async () => {
    const world = standingPair()
    duringTests(world, ({ events }) => {
      const { requestId } = events.find(({ says }) => says === 'completed') ?? {}
      happens(world, 'shop-green', { message: 'Environment update completed successfully.', requestId })
    })

    expect((await world.run('verify')).is).toBe('verified')
  })
})

it('a verification that fails voids the one before it from its first change on', async () => {
  const world = standingPair()
  await world.run('verify')
  world.tests = async () => {
    expect(world.aws.verified.size).toBe(0)
    return { is: 'failed', says: 'exit code 1' }
  }

  expect((await world.run('verify')).is).toBe('failed')
  expect(world.aws.verified.size).toBe(0)
})

describe('an environment of its own', () => {
  it('is like live but for its environment properties, and says so to the application in it', async () => {
    const world = standingPair()
    const parameter = 'aws:cloudformation:template:parameter'
    world.aws.member('shop-blue').options = [
      { namespace: variables, name: 'DATABASE_URL', value: 'secret of e-blue' },
      { namespace: variables, name: 'FEATURES', value: 'some' },
      { namespace: parameter, name: 'EnvironmentVariables', value: 'DATABASE_URL=secret,OWN=e-blue' },
      { namespace: 'aws:autoscaling:launchconfiguration', name: 'SecurityGroups', value: 'sg-1,e-blue-sg' },
    ]

    const seen = await world.run('verify', {
      ...gate,
      optionSettings: [{ namespace: variables, name: 'FEATURES', value: 'all' }],
    })

    expect(seen.is).toBe('verified')
    expect(createOf(world)).toMatchObject({
      name: 'shop-pr-7',
      optionSettings: [
        { namespace: 'aws:autoscaling:launchconfiguration', name: 'SecurityGroups', value: 'sg-1' },
        { namespace: variables, name: 'BLUE_GREEN_ENVIRONMENT', value: 'verification' },
        { namespace: variables, name: 'FEATURES', value: 'all' },
      ],
      optionsToRemove: [{ namespace: variables, name: 'DATABASE_URL' }],
    })
    expect(seen.left.join()).toContain('is for verification only')
    expect(seen.remedies).toEqual([])
    expect(world.object.state.pending).toEqual([])
  })

  it('is claimed alone: whoever deploys does not wait for its tests', async () => {
    const world = standingPair()
    await world.run('verify', gate)
    expect(world.object.claimed).toEqual(['shop-pr-7'])
    await world.run('verify')
    expect(world.object.claimed).toEqual(['shop-green'])
    await world.run('verify', {
      blueEnvironment: 'shop-pr-7',
      greenEnvironment: 'shop-blue',
      productionName: undefined,
    })
    expect(world.object.claimed).toEqual(['shop-pr-7'])
    await world.run('deploy')
    expect(world.object.claimed).toEqual(['shop-blue', 'shop-green'])
  })

  it('is told by the name of the blue environment where nobody said what production is called', async () => {
    const world = standingPair()
    world.aws.member('shop-blue').cname = 'shop-blue.us-east-1.elasticbeanstalk.com'

    const own = { ...gate, copyVariables: true, productionName: undefined }
    const seen = await world.run('verify', own)

    expect(seen.is).toBe('verified')
    expect(seen.remedies[0]?.workflow).not.toContain('production-cname')
    expect(world.object.claimed).toEqual(['shop-pr-7'])
  })

  it('needs no claim where there is nothing to claim it with', async () => {
    const world = standingPair()
    const bare = await world.bare()
    const plan = { live: {}, other: { name: 'shop-green' } } as Plan
    expect(() => refuseUnclaimed(bare.run, plan)).not.toThrow()
  })

  it('is claimed together with what an interrupted run left open', async () => {
    const world = standingPair()
    const { pending, ...state } = world.object.state
    const created = {
      what: 'create-environment',
      way: 'undo',
      name: 'shop-pr-7',
      nonce: 'n',
      onFailure: 'keep',
    } as const
    const template = { what: 'create-template', way: 'undo', name: 'blue-green-n' } as const
    world.object.state = { ...state, pending: [...pending, created, template] }
    await world.run('verify', gate)
    expect(world.object.claimed).toEqual(['shop-pr-7', 'shop-pr-7'])

    const group = world.aws.member('shop-blue').group?.name ?? ''
    const bounds = { min: 1, max: 4 }
    const hold = {
      what: 'hold-capacity',
      way: 'undo',
      environment: 'e-blue',
      group,
      before: bounds,
      after: bounds,
    } as const
    world.object.state = { ...state, pending: [hold] }
    await world.run('verify', gate)
    expect(world.object.claimed).toEqual(['shop-blue', 'shop-pr-7'])
  })

  it('finds live wherever production is', async () => {
    const world = standingPair()

    const seen = await world.run('verify', { ...gate, blueEnvironment: 'shop-green' })

    expect(seen).toMatchObject({
      is: 'verified',
      live: { name: 'shop-blue' },
      standby: { name: 'shop-pr-7' },
    })
    expect(world.aws.member('shop-green').version).toBe('1.0.0')
  })

  it('waits while production is swapped elsewhere, in which nobody has its name', async () => {
    const world = standingPair()
    const blue = world.aws.member('shop-blue')
    const { cname } = blue
    Object.assign(blue, { cname: undefined, status: 'Updating' })
    world.clock.at(world.clock.now() + 5_000, () => Object.assign(blue, { cname, status: 'Ready' }))

    const seen = await world.run('verify', { ...gate, blueEnvironment: 'shop-green' })

    expect(seen).toMatchObject({ is: 'verified', live: { name: 'shop-blue' } })
  })

  it('does not wait for ever for somebody who has production’s name', async () => {
    const world = standingPair()
    Object.assign(world.aws.member('shop-blue'), { cname: undefined, status: 'Updating' })

    const seen = await world.run('verify', { ...gate, waitForReady: 60_000 })

    expect(seen).toMatchObject({ is: 'failed' })
    expect(world.changes()).toEqual([])
  })

  it('is not touched when production moved just then, and the candidate would be another', async () => {
    const world = standingPair()
    const [blue, green] = world.aws.members as [Member, Member]
    world.wire.upon('find', () => {})
    world.wire.upon('find', () => {
      ;[blue.cname, green.cname] = [green.cname, blue.cname]
    })

    const seen = await world.run('verify')

    expect(seen.says).toContain('Production moved to shop-green just now')
    expect(world.changes()).toEqual([])
  })
})

describe('after a verification', () => {
  it('the environment is ended when that is wanted, without waiting for its end', async () => {
    const world = standingPair()

    const seen = await world.run('verify', { ...gate, afterVerify: 'terminate' })

    expect(seen).toMatchObject({ is: 'verified', remedies: [] })
    expect(world.aws.member('shop-pr-7').status).toBe('Terminating')
    expect(world.object.state.pending).toEqual([])
  })

  it('an environment that still serves requests is not ended', async () => {
    const world = standingPair()
    world.tests = async () => {
      world.aws.member('shop-green').rate = 3
      return { is: 'passed', says: 'exit code 0' }
    }

    const seen = await world.run('verify', { afterVerify: 'terminate', drainTimeout: 60_000 })

    expect(seen.is).toBe('verified')
    expect(seen.warnings.join()).toContain('shop-green still serves 3.0 requests a second')
    expect(world.aws.member('shop-green').status).toBe('Ready')
  })

  it('trouble with its end is a warning: it is verified all the same', async () => {
    const world = standingPair()
    world.wire.fail('terminate', 'refused')

    const seen = await world.run('verify', { ...gate, afterVerify: 'terminate' })

    expect(seen.is).toBe('verified')
    expect(seen.warnings.join()).toContain('aws elasticbeanstalk terminate-environment --environment-id')
    expect(world.object.state.pending).toEqual([])
  })

  it('a run that has lost its lock says so instead', async () => {
    const world = standingPair()
    Object.assign(world.aws.member('shop-green').group as object, { desired: 2, inService: 2 })
    const running = world.start('verify', { afterVerify: 'scale-down' })
    await untilStage(world, running, 'Retire candidate')
    running.journal.lose()

    expect((await world.clock.run(running.ended)).is).toBe('failed')
  })

  it('a run that is cancelled in its end says so instead', async () => {
    const world = standingPair()
    const running = world.start('verify', { ...gate, afterVerify: 'terminate' })
    await until(world, () => running.log.includes('▸ Retire candidate'))
    running.cancel()

    expect((await world.clock.run(running.ended)).says).toContain('Cancelled')
  })

  it.each<[string, Partial<Member>]>([
    ['without a group', { group: undefined }],
    ['that is small already', {}],
  ])('an environment %s is not made small', async (_, given) => {
    const world = standingPair()
    Object.assign(world.aws.member('shop-green'), given)

    const seen = await world.run('verify', { afterVerify: 'scale-down' })

    expect(seen.is).toBe('verified')
    expect(world.changes()).not.toContain('resize')
    expect(seen.left.join()).toContain('stays, at its own size')
  })

  it('an environment that still serves requests is not made small', async () => {
    const world = standingPair()
    const green = world.aws.member('shop-green')
    Object.assign(green.group as object, { min: 3, desired: 3, inService: 3 })
    world.tests = async () => {
      green.rate = 200
      return { is: 'passed', says: 'exit code 0' }
    }

    const seen = await world.run('verify', { afterVerify: 'scale-down', drainTimeout: 60_000 })

    expect(seen.is).toBe('verified')
    expect(seen.warnings.join()).toContain('shop-green still serves 200.0 requests a second')
    expect(green.group).toMatchObject({ min: 3, desired: 3 })
  })

  it.each(['scale-down', 'terminate'] as const)(
    'an environment that a human has made live is left as it is, and nobody is told to end it (%s)',
    async (afterVerify) => {
      const world = standingPair()
      const green = world.aws.member('shop-green')
      Object.assign(green.group as object, { min: 3, desired: 3, inService: 3 })
      const running = world.start('verify', { afterVerify })
      await untilStage(world, running, 'Retire candidate')
      const blue = world.aws.member('shop-blue')
      const { cname } = green
      Object.assign(green, { cname: blue.cname })
      Object.assign(blue, { cname })

      const seen = await world.clock.run(running.ended)

      expect(seen).toMatchObject({ is: 'verified', live: { name: 'shop-green' } })
      expect(seen.warnings.join()).toContain('has production traffic')
      expect(seen.warnings.join()).not.toContain('terminate-environment')
      expect(green).toMatchObject({ status: 'Ready', group: { min: 3, desired: 3 } })
    },
  )

  it('an environment that runs the version already, and has traffic, is not even looked at further', async () => {
    const world = standingPair()
    Object.assign(world.aws.member('shop-green'), { version: '1.1.0', labels: { i: '1.1.0' }, rate: 200 })

    const seen = await world.run('verify', { afterVerify: 'scale-down' })

    expect(seen.is).toBe('failed')
    expect(seen.says).toContain('shop-green serves 200.0 requests a second')
    expect(world.changes()).toEqual([])
  })

  it('what had made it small is given back before it is verified again', async () => {
    const world = await promotedWithNews()
    await world.run('verify', { version: '1.2.0', afterVerify: 'scale-down' })
    expect(world.object.state.kept).toHaveLength(1)

    await world.run('verify', { version: '1.2.0' })

    expect(world.object.state.kept).toEqual([])
  })
})
