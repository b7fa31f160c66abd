import { describe, expect, it } from 'vitest'
import type { Settings } from '../../src/deployment/settings.ts'
import {
  type Member,
  promotedPair,
  publish,
  standingPair,
  untilStage,
  verifiedPair,
  type World,
} from './world.ts'

const untested: Partial<Settings> = { testCommand: undefined }

it('promotes what was verified: capacity and health anew, one swap, no deployment', async () => {
  const world = await verifiedPair()
  const from = world.wire.calls.length

  const seen = await world.run('promote', untested)

  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green', version: '1.1.0' } })
  expect(world.changes(from)).toEqual(['resize', 'resize', 'swap', 'resize'])
  expect(seen.log.join('\n')).toMatch(
    /1\.1\.0 was verified in shop-green .* ago \(tests: passed; commit c0ffee\)/,
  )
  expect(seen.testsBefore).toMatch(/^passed at the verification, .* ago, commit c0ffee$/)
  expect(world.object.state.promotions[0]).toMatchObject({
    by: 'deploy',
    environment: 'e-green',
    before: { environment: 'e-blue', version: '1.0.0' },
  })
})

it('asks what there is to hold only where live has a group', async () => {
  const world = await verifiedPair()
  world.aws.member('shop-blue').group = undefined

  expect((await world.run('promote', untested)).is).toBe('promoted')
})

it('a candidate that has become sick is not promoted, and what was held for it is given back', async () => {
  const world = await verifiedPair()
  world.aws.member('shop-green').health = 'Severe'

  const seen = await world.run('promote', untested)

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(world.aws.member('shop-green').group?.min).toBe(1)
})

it('a candidate that is changed while its health is looked at is not promoted', async () => {
  const world = await verifiedPair()
  const running = world.start('promote', untested)
  await untilStage(world, running, 'Verify candidate')
  world.aws.member('shop-green').events.push({
    at: world.clock.now(),
    message: 'Environment update is starting.',
    severity: 'info',
    requestId: 'by-hand',
    says: 'started',
  })

  const seen = await world.clock.run(running.ended)

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('Somebody changed shop-green')
})

it('where nothing is live, or the version is, there is nothing to promote', async () => {
  const empty = standingPair()
  empty.aws.members.length = 0
  expect((await empty.run('promote', { platform: 'Node.js 22' })).says).toContain(
    'Neither environment exists',
  )

  const world = await promotedPair()
  expect((await world.run('promote')).is).toBe('already-live')
})

it('an environment that was made for verification only is not promoted', async () => {
  const world = await verifiedPair()
  world.aws.member('shop-green').description =
    'Created by Beanstalk Blue/Green, a run (n), for verification only'

  const seen = await world.run('promote')

  expect(seen.says).toContain('without the environment properties of shop-blue')
  expect(seen.remedies[0]?.command).toContain('--environment-id e-green')
})

const doubts: readonly (readonly [string, (world: World) => void, string])[] = [
  ['was never verified', ({ aws }) => aws.verified.clear(), '1.1.0 was never verified'],
  [
    'was verified in the other environment of the pair',
    ({ aws }) => remembered(aws, { environment: 'e-blue' }),
    '1.1.0 was verified in shop-blue (e-blue), and not in shop-green (e-green, 1.1.0), which would go live',
  ],
  [
    'was verified in another environment',
    ({ aws }) => remembered(aws, { environment: 'e-other' }),
    '1.1.0 was verified in e-other, which is gone, and not in shop-green (e-green, 1.1.0)',
  ],
  [
    'is not there any more',
    ({ aws }) => {
      aws.member('shop-green').version = '1.0.0'
    },
    'shop-green (e-green, 1.0.0) does not run 1.1.0 any more',
  ],
  [
    'was verified too long ago',
    ({ aws, clock }) => remembered(aws, { at: clock.now() - 25 * 3_600_000 }),
    'and `max-verified-age` is 24 h',
  ],
  [
    'was verified against another live environment',
    ({ aws }) => remembered(aws, { live: { environment: 'e-old', version: '1.0.0' } }),
    '1.0.0 on e-old was live when 1.1.0 was verified',
  ],
  [
    'was verified against another live version',
    ({ aws }) => remembered(aws, { live: { environment: 'e-blue', version: undefined } }),
    'no version on e-blue was live when 1.1.0 was verified',
  ],
  [
    'was changed since',
    ({ aws, clock }) =>
      aws.member('shop-green').events.push({
        at: clock.now(),
        message: 'Environment update is starting.',
        severity: 'info',
        requestId: 'by-hand',
        says: 'started',
      }),
    'shop-green was changed after it was verified (“Environment update is starting.”)',
  ],
  [
    'runs beside another one',
    ({ aws }) => {
      aws.member('shop-green').labels = { 'i-1': '1.1.0', 'i-2': '0.9.0' }
    },
    'instance i-2 of shop-green runs 0.9.0',
  ],
]

const remembered = (aws: World['aws'], change: object) => {
  const found = aws.verified.get('1.1.0')
  if (found) aws.verified.set('1.1.0', { ...found, ...change })
}

it('a version that does not exist is not promoted, which is said', async () => {
  const world = await verifiedPair()
  world.aws.verified.clear()
  world.aws.versions.delete('1.1.0')

  expect((await world.run('promote', untested)).says).toContain('the application shop has no version 1.1.0')
})

describe.each(doubts)('a version that %s', (_, act, says) => {
  it('is refused, with the lines that verify it again', async () => {
    const world = await verifiedPair()
    act(world)
    const from = world.wire.calls.length

    const seen = await world.run('promote', untested)

    expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue', version: '1.0.0' } })
    expect(seen.says).toContain(says)
    expect(seen.remedies[0]?.workflow).toContain('operation: verify')
    expect(world.changes(from)).toEqual([])
  })

  it('is verified again where there is a test-command', async () => {
    const world = await verifiedPair()
    act(world)
    const { labels } = world.aws.member('shop-green')
    if (labels?.['i-2']) publish(world, '0.9.0', 0)

    const seen = await world.run('promote')

    expect(seen).toMatchObject({ is: 'promoted', testsPassed: true })
    expect(seen.log.join('\n')).toContain('it is verified here')
  })
})

it('an environment that does not exist is created like live where there is a test-command', async () => {
  const world = await verifiedPair()
  world.aws.members.splice(1, 1)

  expect((await world.run('promote', untested)).says).toContain('shop-green does not exist')
  expect((await world.run('promote')).is).toBe('promoted')
})

it('a version that was verified without tests is not enough where there are tests', async () => {
  const world = await verifiedPair(untested)
  remembered(world.aws, { commit: undefined })
  let ran = 0
  world.tests = async () => {
    ran += 1
    return { is: 'passed', says: 'exit code 0' }
  }

  expect((await world.run('promote')).is).toBe('promoted')
  expect(ran).toBe(1)

  const other = await verifiedPair(untested)
  remembered(other.aws, { commit: undefined })
  expect((await other.run('promote', untested)).is).toBe('promoted')
})

it('with basic health reporting nobody says what instances run, and the events alone tell', async () => {
  const world = await verifiedPair()
  world.aws.member('shop-green').labels = undefined

  expect((await world.run('promote', untested)).is).toBe('promoted')
})

it('an old job that is run again does not bring an old version back', async () => {
  const world = await verifiedPair()
  publish(world, '1.1.0', 0)

  expect((await world.run('promote', untested)).says).toContain('is older than')
})

it('what a human moved since is not moved back', async () => {
  const world = await verifiedPair()
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]

  expect((await world.run('promote', untested)).is).toBe('already-live')
})
