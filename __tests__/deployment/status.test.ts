import { describe, expect, it } from 'vitest'
import type { Effect } from '../../src/deployment/effects.ts'
import { Cancelled, Refused } from '../../src/deployment/errors.ts'
import type { Holder, PairState, Promotion } from '../../src/deployment/ports.ts'
import type { Settings } from '../../src/deployment/settings.ts'
import { lockInWords } from '../../src/deployment/status/lock-and-journal.ts'
import type { Sight } from '../../src/deployment/status/look.ts'
import { emptyState } from './journal.ts'
import { emptyWorld, type Member, production, promotedPair, standingPair, type World } from './world.ts'

/** What status tells; the journal and AWS are as they were before, and it took no lock. */
async function told(world: World, settings: Partial<Settings> = {}) {
  const before = JSON.stringify(world.object)
  const from = world.wire.calls.length
  const seen = await world.run('status', settings)
  expect(world.wire.calls.slice(from).filter(({ isWrite, name }) => isWrite || name === 'take')).toEqual([])
  expect(JSON.stringify(world.object)).toBe(before)
  return { ...seen, pair: seen.pair as NonNullable<typeof seen.pair> }
}

const obstaclesOf = async (world: World, settings: Partial<Settings> = {}): Promise<string> => {
  const { pair } = await told(world, settings)
  return pair.obstacles.map(({ what, mend }) => `${what} ${mend.why} ${mend.command ?? ''}`).join('\n')
}

/** One of the standing pair's members is like this. */
function pairWith(name: 'shop-blue' | 'shop-green', like: Partial<Member>): World {
  const world = standingPair()
  Object.assign(world.aws.member(name), like)
  return world
}

/** Both are configured alike. */
function optioned(namespace: string, name: string, value: string): World {
  const world = standingPair()
  for (const member of world.aws.members) member.options = [{ namespace, name, value }]
  return world
}

const remembering = (world: World, state: Partial<PairState>): World => {
  Object.assign(world.object, { state: { ...world.object.state, ...state }, writtenAt: world.clock.now() })
  return world
}

const holder: Holder = {
  run: 'acme/shop run 7',
  link: 'https://github.com/acme/shop/actions/runs/7',
  nonce: 'other',
  ttl: 300_000,
  operation: 'deploy',
  baking: false,
}

const moving: Effect = {
  what: 'route',
  way: 'undo',
  from: 'e-blue',
  to: 'e-green',
  fromVersion: '1.0.0',
  toVersion: '1.1.0',
  before: { share: {}, exact: {} },
  after: { share: {}, exact: {} },
  productionName: production,
  at: 0,
  until: 0,
}

const promotion: Promotion = {
  at: 1_800_000_000_000,
  by: 'deploy',
  environment: 'e-blue',
  version: '1.0.0',
  before: { environment: 'e-green', version: '0.9.0' },
}

describe('a healthy pair', () => {
  it('is told with every witness, and nothing stands in the way', async () => {
    const world = await promotedPair()
    for (const { options } of world.aws.members)
      options.push({
        namespace: 'aws:elasticbeanstalk:healthreporting:system',
        name: 'SystemType',
        value: 'enhanced',
      })
    const seen = await told(world)
    expect(seen.is).toBe('reported')
    expect(seen.says).toContain(
      '1.1.0 is live on shop-green, with 1.0.0 on shop-blue beside it. Nothing seen',
    )
    expect(seen.live?.name).toBe('shop-green')
    expect(seen.standby?.name).toBe('shop-blue')
    expect(seen.pair.members.map(({ name, role }) => [name, role])).toEqual([
      ['shop-green', 'live'],
      ['shop-blue', 'other'],
    ])
    expect(seen.pair.witnesses.map(({ name, is }) => [name, is])).toEqual([
      ['CNAME', 'for'],
      ['Name', 'for'],
      ['Answer', 'silent'],
      ['Requests', 'for'],
    ])
    expect(seen.pair.obstacles).toEqual([])
    expect(seen.pair.unread).toEqual([])
    expect(seen.pair.lock).toEqual(['Free.'])
    expect(seen.pair.wayBack).toMatchObject({ is: 'open' })
    expect(seen.pair.sideBySide).toMatch(/^Both environments exist since \S+Z \(\d+ min/)
    expect(seen.pair.journal).toEqual([
      'Nothing is open.',
      expect.stringContaining('Kept for the way back: Auto Scaling group'),
      expect.stringMatching(/promoted 1\.1\.0 on shop-green; before, 1\.0\.0 on shop-blue was live/),
    ])
  })
})

describe('who is live', () => {
  const withCname = (productionName: string | undefined) => ({ productionName })

  it.each([
    ['as `production-cname` says', withCname('SHOP.us-east-1.elasticbeanstalk.com'), undefined],
    ['as the journal remembers', withCname(undefined), production],
  ])('is known by the production address %s', async (words, settings, remembered) => {
    const world = remembering(standingPair(), { productionName: remembered })
    const { pair, live } = await told(world, settings)
    expect(live?.name).toBe('shop-blue')
    expect(pair.witnesses[0]?.says).toContain(words)
  })

  it('is told of environments whose age nobody knows', async () => {
    const { pair } = await told(pairWith('shop-blue', { created: undefined }))
    expect(pair.sideBySide).toBe('Both environments exist.')
  })

  it('is guessed by the name of the blue environment only where nobody said another, and that is said', async () => {
    const world = emptyWorld()
    world.aws.add({ name: 'shop-blue', cname: 'shop-blue.us-east-1.elasticbeanstalk.com' })
    const { pair, says } = await told(world, withCname(undefined))
    expect(pair.witnesses[0]?.says).toContain('taken from `blue-environment`, since nobody said another')
    expect(says).toContain('and the other environment does not exist')
    expect(pair.sideBySide).toContain('One environment exists')
  })

  it('is known by the journal where AWS may not be asked for the whole name', async () => {
    const world = remembering(standingPair(), { productionName: production })
    world.wire.fail('cnameOf', 'refused')
    expect((await told(world)).live?.name).toBe('shop-blue')
  })

  it.each(['cnameOf', 'find'])(
    'cannot be told when %s fails: the step fails, and the rest is told',
    async (call) => {
      const world = standingPair()
      world.wire.fail(call, new Refused('It is not allowed.', [{ why: 'Allow it.' }]))
      const { is, says, pair, live, remedies } = await told(world)
      expect(is).toBe('failed')
      expect(says).toBe('Who is live could not be read. It is not allowed.')
      expect(remedies).toEqual([{ why: 'Allow it.' }])
      expect(live).toBeUndefined()
      expect(pair.unread).toEqual([{ what: 'It is not allowed.', mends: [{ why: 'Allow it.' }] }])
      expect(pair.lock).toEqual(['Free.'])
    },
  )

  it('is nobody when neither has the production address, and that stands in the way', async () => {
    const world = pairWith('shop-blue', { cname: undefined })
    const { is, says, pair, elsewhere } = await told(world)
    expect(is).toBe('reported')
    expect(elsewhere).toContain('nobody: no environment of the application has the production address')
    expect(says).toContain('Neither environment has the production address')
    expect(pair.witnesses[0]).toMatchObject({ is: 'silent' })
    expect(pair.wayBack).toMatchObject({ is: 'closed' })
    expect(pair.members.map(({ role }) => role)).toEqual([undefined, undefined])
    expect(pair.obstacles[0]?.what).toContain('shop-blue has no CNAME')
  })

  it('is nobody when neither exists', async () => {
    const { is, says, pair } = await told(emptyWorld())
    expect(is).toBe('reported')
    expect(says).toContain('Neither environment exists yet.')
    expect(pair.sideBySide).toContain('the first deployment creates one')
    expect(pair.obstacles.map(({ what }) => what)).toEqual([
      'Neither environment exists in shop, so there is nothing to copy the configuration from. A deployment is refused.',
    ])
    expect(pair.obstacles[0]?.mend.command).toContain('list-available-solution-stacks')
    expect(pair.journal).toEqual(['Nothing is remembered of this pair.'])
  })

  it('is nobody, with nothing in the way, when there is enough to create the first environment from', async () => {
    const { pair, says } = await told(emptyWorld(), { platform: 'P' })
    expect(pair.obstacles).toEqual([])
    expect(says).toContain('Nothing seen stands in the way')
  })

  it('is nobody in an application that does not exist, which a deployment would be refused for', async () => {
    const world = emptyWorld()
    world.aws.applications.splice(0, 1, 'shops')
    const { pair } = await told(world, { platform: 'P' })
    expect(pair.obstacles.map(({ what }) => what)).toEqual([
      'There is no application shop in this region and account; there are: shops. A deployment is refused.',
    ])
  })

  it('is not known to be creatable when the applications may not be read', async () => {
    const world = emptyWorld()
    world.wire.fail('applications', new Refused('It is not allowed.'))
    const { pair } = await told(world)
    expect(pair.obstacles).toEqual([])
    expect(pair.unread).toEqual([{ what: 'It is not allowed.', mends: [] }])
  })

  it('is a third environment when that has the production address, and everything says so', async () => {
    const world = pairWith('shop-blue', { cname: undefined })
    world.aws.add({ name: 'shop-gren', cname: production })
    const { says, pair, live, elsewhere } = await told(world)
    expect(live).toBeUndefined()
    expect(says).toContain(
      'Not one of these two is live: shop-gren (e-gren, 1.0.0) has the production address.',
    )
    expect(elsewhere).toBe('shop-gren (e-gren, 1.0.0), which is not one of these two environments')
    expect(pair.witnesses[0]?.says).toContain('shop-gren (e-gren, 1.0.0) has it')
    expect(pair.wayBack.says).toContain('Not one of these two is live: shop-gren (e-gren, 1.0.0) is.')
    expect(pair.obstacles[0]).toMatchObject({
      what: expect.stringContaining('shop-gren (e-gren, 1.0.0) has it. A deployment is refused.'),
      mend: { why: expect.stringContaining('shop-gren has to be one of them') },
    })
  })

  it('is a third environment also when neither of the two exists', async () => {
    const world = emptyWorld()
    world.aws.add({ name: 'store', cname: production })
    const { pair } = await told(world, { platform: 'P' })
    expect(pair.obstacles.map(({ what }) => what)).toEqual([
      expect.stringContaining('(neither exists): store (e-store, 1.0.0) has it.'),
    ])
  })

  it('is told with a member that does not exist, and what its name may be a slip of', async () => {
    const world = standingPair()
    const { pair } = await told(world, { greenEnvironment: 'shop-gren' })
    expect(pair.obstacles[0]?.what).toBe(
      'shop-gren does not exist and is created. shop-green does exist: is that a slip?',
    )
  })

  it('is contradicted by a name that leads to the other one, and by requests there', async () => {
    const world = pairWith('shop-green', { rate: 43 })
    world.aws.aliases.set('shop.example.com', 'lb-shop-green.elb.amazonaws.com')
    const { pair } = await told(world, { productionUrl: 'https://shop.example.com/' })
    expect(pair.witnesses.map(({ is }) => is)).toEqual(['for', 'against', 'silent', 'against'])
    expect(pair.witnesses[3]?.says).toBe('shop-green serves 43.0 requests a second.')
  })

  it('is contradicted by requests alone: clients that go around the name', async () => {
    const obstacles = await obstaclesOf(pairWith('shop-green', { rate: 43 }))
    expect(obstacles).toContain('The witnesses disagree about who is live: shop-green serves 43.0')
    expect(obstacles).toContain('dig +noall +answer shop.us-east-1')
    expect(await obstaclesOf(pairWith('shop-green', { rate: 43 }), { probe: 'off' })).not.toContain('dig')
  })

  it('is not told by what cannot be seen from here', async () => {
    const world = standingPair()
    world.canSee = () => false
    const { pair } = await told(world)
    expect(pair.witnesses.map(({ is }) => is)).toEqual(['for', 'silent', 'silent', 'for'])
    expect(pair.witnesses[1]?.says).toContain('does not resolve from here')
    expect(pair.witnesses[2]?.says).toContain('does not answer from here: connection refused')
  })

  it('is not told by a name behind a CDN', async () => {
    const world = standingPair()
    world.aws.add({ name: 'cdn', cname: 'cdn.example.com' })
    world.aws.aliases.set('shop.example.com', 'cdn.example.com')
    const { pair } = await told(world, { productionUrl: 'https://shop.example.com/' })
    expect(pair.witnesses[1]).toMatchObject({ is: 'silent' })
    expect(pair.witnesses[1]?.says).toContain('neither environment’s own address'.replace('’', "'"))
  })

  it('is not asked of the network with probe: off', async () => {
    const world = standingPair()
    const { pair } = await told(world, { probe: 'off' })
    expect(pair.witnesses[1]?.says).toBe('It was not asked where the name leads.')
    expect(world.wire.calls.some(({ name }) => name === 'ask')).toBe(false)
  })

  it('is not told by requests that nobody counts, or may not be read', async () => {
    const uncounted = await told(pairWith('shop-green', { labels: undefined }))
    expect(uncounted.pair.witnesses[3]?.says).toContain(
      'With basic health reporting nobody counts them at shop-green',
    )
    const world = standingPair()
    world.wire.fail(
      'enhancedHealth',
      new Refused('elasticbeanstalk:DescribeEnvironmentHealth is not allowed.'),
    )
    const { is, pair } = await told(world)
    expect(is).toBe('reported')
    expect(pair.witnesses[3]?.says).toBe('It could not be read.')
    expect(pair.unread[0]?.what).toContain('DescribeEnvironmentHealth')
  })
})

describe('lock and journal', () => {
  it('say who holds the lock, for how long, and what is under way; nothing is waited for', async () => {
    const world = remembering(standingPair(), { holder, pending: [moving] })
    const { pair, took } = await told(world)
    expect(pair.lock[0]).toMatch(
      /^Held by acme\/shop run 7 \(https:\S+\), which does `deploy` since \S+Z, until \S+Z and for as long as/,
    )
    expect(pair.journal[0]).toContain('Under way: production')
    expect(took).toBeLessThan(1_000)
  })

  it('say that a bake gives way to a rollback', async () => {
    const world = remembering(standingPair(), { holder: { ...holder, link: undefined, baking: true } })
    expect((await told(world)).pair.lock[0]).toContain('a `rollback` takes over at once')
  })

  it('say what a dead run left', async () => {
    const world = remembering(standingPair(), { holder, pending: [moving] })
    await world.clock.runUntil(world.clock.now() + 600_000)
    const { pair } = await told(world)
    expect(pair.lock[0]).toContain('that run is dead')
    expect(pair.journal[0]).toContain('Left open by a run that died')
    expect(pair.wayBack).toMatchObject({ is: 'unknown', says: expect.stringContaining('settle that first') })
  })

  it('say what is missing when they may not be read', async () => {
    const world = standingPair()
    world.wire.fail('peek', 'unreachable')
    const { is, pair } = await told(world)
    expect(is).toBe('reported')
    expect([pair.lock, pair.journal]).toEqual([['It could not be read.'], ['It could not be read.']])
    expect(pair.wayBack.is).toBe('unknown')
    expect(pair.unread[0]?.mends[0]?.why).toContain('AWS could not be reached')
  })

  it('say nothing of a beginning that the lock does not tell', () => {
    const held = { holder, since: undefined, until: 0 }
    const peeked = { is: 'read', value: { state: { ...emptyState, holder }, held } } as const
    expect(lockInWords({ peeked } as unknown as Sight)[0]).toContain('`deploy`, until 1970-01-01T00:00:00Z')
  })

  it('tell the first promotion, a rollback, and what belongs to nobody', async () => {
    const promotions: Promotion[] = [
      {
        ...promotion,
        by: 'rollback',
        version: undefined,
        before: { environment: 'e-gone', version: undefined },
      },
      { ...promotion, at: Number.NaN, before: undefined },
      { ...promotion, at: 9e15 },
    ]
    const world = standingPair()
    world.object.state = { ...world.object.state, promotions }
    expect((await told(world)).pair.journal.slice(1)).toEqual([
      '2027-01-15T08:00:00Z: rolled back to no version on shop-blue; before, no version on e-gone was live.',
      'NaN: promoted 1.0.0 on shop-blue.',
      '9000000000000000: promoted 1.0.0 on shop-blue; before, 0.9.0 on shop-green was live.',
    ])
  })
})

describe('the way back', () => {
  const wayBackOf = async (world: World) => (await told(world)).pair.wayBack
  const when = (changes: Partial<Promotion>) =>
    remembering(standingPair(), { promotions: [{ ...promotion, ...changes }] })
  const to = (version: string | undefined) => ({ before: { environment: 'e-green', version } })

  it.each<[string, Partial<Promotion>, string]>([
    ['nothing is remembered', { before: undefined }, 'Nothing is remembered'],
    [
      'it was gone already',
      { by: 'rollback' },
      'already; its health is Ok: `rollback` would change nothing. With `to: shop-green` it goes there: it runs 1.0.0 and is Ok.',
    ],
    [
      'a human went back',
      { environment: 'e-green', before: { environment: 'e-blue', version: '1.0.0' } },
      'already; its health is Ok: `rollback` would change nothing.',
    ],
    ['production was changed since', { version: undefined }, 'The last promotion put no version on e-blue'],
    ['another environment was promoted', { environment: 'e-old', version: '0.8' }, 'put 0.8 on e-old'],
    [
      'the environment is gone',
      { before: { environment: 'e-old', version: '0.9.0' } },
      '0.9.0 before does not exist',
    ],
    [
      'nobody knows what ran there',
      { before: { environment: 'e-old', version: undefined } },
      'ran no version before',
    ],
    ['nobody knows what ran here', to(undefined), 'Which version shop-green ran before is not remembered'],
  ])('is closed when %s', async (_, changes, says) => {
    expect(await wayBackOf(when(changes))).toEqual({ is: 'closed', says: expect.stringContaining(says) })
  })

  it.each<[Partial<Member>, Partial<Promotion>, string]>([
    [{}, {}, 'With `to: shop-green` it goes there: it runs 1.1.0 and is Ok.'],
    [
      {},
      { takenBack: true },
      'With `to: shop-green` and `force: true` it goes there: it runs 1.1.0 and is Ok, but was taken back from its bake.',
    ],
    [{ status: 'Updating' }, {}, ''],
  ])(
    'is closed, and a `rollback` would fail, when live is sick where production went back to, with %o beside it',
    async (like, changes, hint) => {
      const world = when({ by: 'rollback', before: { environment: 'e-green', version: '1.1.0' }, ...changes })
      world.aws.member('shop-blue').health = 'Severe'
      Object.assign(world.aws.member('shop-green'), { version: '1.1.0', ...like })
      expect(await wayBackOf(world)).toEqual({
        is: 'closed',
        says: `Production went back to shop-blue (e-blue, 1.0.0) already; but its health is Severe: \`rollback\` by itself would fail.${hint && ` ${hint}`}`,
      })
    },
  )

  it('is closed without a hint to what was taken back while live is well', async () => {
    const world = when({
      by: 'rollback',
      takenBack: true,
      before: { environment: 'e-green', version: '1.1.0' },
    })
    world.aws.member('shop-green').version = '1.1.0'
    expect((await wayBackOf(world)).says).not.toContain('to:')
  })

  it('is slow when something else runs there by now', async () => {
    expect(await wayBackOf(when({}))).toMatchObject({
      is: 'slow',
      says: expect.stringContaining('0.9.0 there first'),
    })
  })

  it('is open when everything is as it was', async () => {
    expect(await wayBackOf(when(to('1.0.0')))).toMatchObject({ is: 'open' })
  })

  it('is open to what is not as sick as live', async () => {
    const world = when(to('1.0.0'))
    world.aws.member('shop-green').health = 'Degraded'
    world.aws.member('shop-blue').health = 'Severe'
    expect(await wayBackOf(world)).toMatchObject({ is: 'open' })
    world.aws.member('shop-green').health = 'unknown'
    expect(await wayBackOf(world)).toMatchObject({ is: 'open' })
  })

  it.each<[Partial<Member>, string]>([
    [{ status: 'Updating' }, 'is Updating'],
    [{ health: 'Severe' }, 'is Severe itself'],
    [{ labels: {} }, 'has no instance'],
  ])('is closed while the standby is %o', async (like, says) => {
    const world = when(to('1.0.0'))
    Object.assign(world.aws.member('shop-green'), like)
    expect(await wayBackOf(world)).toEqual({ is: 'closed', says: expect.stringContaining(says) })
  })

  it('is not known when the environments may not be read', async () => {
    const world = standingPair()
    world.wire.fail('find', 'refused')
    expect(await wayBackOf(world)).toMatchObject({ is: 'unknown' })
    world.wire.fail('find', 'refused')
    expect((await told(world)).pair.sideBySide).toBe('It could not be read.')
  })
})

/** What the account of these tests, whose option settings are empty, shows of itself. */
const basic = [expect.objectContaining({ what: expect.stringContaining('basic health reporting') })]

describe('what stands in the way', () => {
  it('is mended where no traffic is, or at a quiet hour where there is only one', async () => {
    expect(await obstaclesOf(standingPair())).toContain(
      'on shop-green, which has no traffic; and on shop-blue after',
    )
    const alone = emptyWorld()
    alone.aws.add({ name: 'shop-blue', cname: production })
    const text = await obstaclesOf(alone)
    expect(text).toContain('at a quiet hour, since shop-blue is live')
    expect(text).toContain('--environment-id e-blue')
  })

  it('is nothing for settings as they should be', async () => {
    const world = optioned('aws:elasticbeanstalk:healthreporting:system', 'SystemType', 'enhanced')
    const { pair, says } = await told(world)
    expect(pair.obstacles).toEqual([])
    expect(says).toContain('Nothing seen stands in the way')
  })

  it.each([
    ['aws:rds:dbinstance', 'HasCoupledDatabase', 'true', 'a database inside it'],
    ['aws:elasticbeanstalk:environment', 'EnvironmentType', 'SingleInstance', 'a single instance'],
    ['aws:elasticbeanstalk:environment', 'LoadBalancerIsShared', 'true', 'shares its load balancer'],
    [
      'aws:elasticbeanstalk:managedactions',
      'ManagedActionsEnabled',
      'true',
      'managed platform updates: while',
    ],
    ['aws:elasticbeanstalk:application:environment', 'IMAGE', 'acme/shop:latest', '`IMAGE`'],
    [
      'aws:elasticbeanstalk:application:environment',
      'SELF',
      'http://lb-shop-blue.elb.amazonaws.com',
      '`SELF`',
    ],
    ['aws:elasticbeanstalk:application:environment', 'SELF', 'e-blue', '`SELF`'],
  ])('is %s %s=%s', async (namespace, name, value, words) => {
    const text = await obstaclesOf(optioned(namespace, name, value))
    expect(text).toContain(words)
    expect(text).not.toContain('acme/shop')
  })

  it.each([
    ['aws:rds:dbinstance', 'HasCoupledDatabase', 'false'],
    ['aws:elasticbeanstalk:environment', 'EnvironmentType', 'LoadBalanced'],
    ['aws:elasticbeanstalk:application:environment', 'IMAGE', 'acme/shop@sha256:0123'],
    ['aws:elasticbeanstalk:application:environment', 'WORDS', 'the very :latest'],
    ['aws:other', 'IMAGE', 'acme/shop:latest'],
    ['aws:other', 'SELF', 'e-blue'],
  ])('is not %s %s=%s', async (namespace, name, value) => {
    const { pair } = await told(optioned(namespace, name, value))
    expect(pair.obstacles).toEqual(basic)
  })

  it('is the rules of a shared load balancer, by name', async () => {
    const rule = (name: string, value: string) => ({ namespace: 'aws:elbv2:listenerrule:shop', name, value })
    const world = optioned('aws:elasticbeanstalk:environment', 'LoadBalancerIsShared', 'true')
    world.aws
      .member('shop-blue')
      .options.push(rule('HostHeaders', 'shop.example.com'), rule('PathPatterns', ''), rule('Priority', '7'))
    expect(await obstaclesOf(world)).toContain(
      'rules of its own send requests there: HostHeaders `shop.example.com`. A swap moves names, and these rules go on sending to shop-blue. A deployment is refused.',
    )
  })

  it('is a worker also where option settings may not be read', async () => {
    const world = pairWith('shop-green', { tier: 'Worker' })
    world.wire.fail('options', new Refused('It is not allowed.'))
    expect(await obstaclesOf(world)).toContain('shop-green is a worker environment')
  })

  it('is the other environment’s settings as well', async () => {
    const world = standingPair()
    const namespace = 'aws:rds:dbinstance'
    world.aws.member('shop-green').options.push({ namespace, name: 'HasCoupledDatabase', value: 'true' })
    expect(await obstaclesOf(world)).toContain('shop-green has a database inside it: after the switch')
  })

  it('is an update window that is open, in a plan’s own words', async () => {
    const world = standingPair()
    const namespace = 'aws:elasticbeanstalk:managedactions'
    world.aws
      .member('shop-green')
      .options.push(
        { namespace, name: 'ManagedActionsEnabled', value: 'true' },
        { namespace, name: 'PreferredStartTime', value: 'Mon:09:00' },
      )
    const text = await obstaclesOf(world)
    const { says } = await world.run('deploy')
    expect(says).toContain('(shop-green Mon:09:00 UTC; two hours)')
    expect(text.replace(/from \S+ \S+ UTC/, '')).toContain(says.replace(/from \S+ \S+ UTC/, ''))
  })

  it('is the window of managed updates, with its time', async () => {
    const world = optioned('aws:elasticbeanstalk:managedactions', 'ManagedActionsEnabled', 'true')
    world.aws.member('shop-blue').options.push({
      namespace: 'aws:elasticbeanstalk:managedactions',
      name: 'PreferredStartTime',
      value: 'Tue:09:00',
    })
    expect(await obstaclesOf(world)).toContain('weekly from Tue:09:00 UTC')
  })

  it.each([
    ['aws:elbv2:listener:443', 'SSLCertificateArns', 'arn:aws:acm:1', false],
    ['aws:elb:listener:443', 'SSLCertificateId', 'arn:aws:acm:1', false],
    ['aws:elb:loadbalancer', 'SSLCertificateId', 'arn:aws:acm:1', false],
    ['aws:elb:loadbalancer', 'SSLCertificateId', '', true],
    ['aws:elbv2:listener:443', 'Protocol', 'HTTPS', true],
  ])(
    'is a certificate that comes from elsewhere, unless %s %s is %s',
    async (namespace, name, value, isOne) => {
      const world = optioned(namespace, name, value)
      const text = await obstaclesOf(world, { productionUrl: 'https://shop.example.com/health' })
      expect(text.includes('has a certificate')).toBe(isOne)
    },
  )

  it.each(['in-steps', 'whole'])(
    'is no target group of an environment’s own, and is live’s, moved %s',
    async (moves) => {
      const [blue, green] = ['blue', 'green'].map(
        (one) => `arn:aws:elasticloadbalancing:r:1:targetgroup/${one}/1`,
      )
      const targetGroups = { 'shop-blue': `${blue}`, 'shop-green': `${green}` }
      const known = moves === 'in-steps' ? { targetGroups } : {}
      const option = { namespace: 'aws:elasticbeanstalk:customoption', name: 'TargetGroupArn' }
      const world = optioned(option.namespace, option.name, `${blue}`)
      for (const [value, isOne] of [
        [green, false],
        [blue, true],
      ] as const) {
        world.aws.member('shop-green').options = [{ ...option, value: `${value}` }]
        const text = await obstaclesOf(world, known)
        expect(text.includes('has the target group of shop-blue, which is live')).toBe(isOne)
        expect(text).not.toContain('is configured otherwise')
      }
    },
  )

  it('is a worker, an environment that is busy, one that ends, and different platforms', async () => {
    const world = pairWith('shop-green', {
      tier: 'Worker',
      status: 'Updating',
      platform: 'arn:aws:x:platform/P/2',
    })
    const text = await obstaclesOf(world)
    expect(text).toContain('shop-green is a worker environment')
    expect(text).toContain('shop-green is Updating: nothing can be deployed there')
    expect(text).toContain("--solution-stack-name '64bit Amazon Linux 2023 v6.6.0 running Node.js 22'")
    const ending = pairWith('shop-green', { status: 'Terminating', platform: undefined })
    expect(await obstaclesOf(ending)).toContain('a deployment waits until it is gone')
    const newer = pairWith('shop-blue', { platform: 'arn:aws:x:platform/P/2' })
    expect(await obstaclesOf(newer)).toContain('--platform-arn arn:aws:x:platform/P/2')
    const unknown = pairWith('shop-blue', { platform: undefined })
    expect((await told(unknown)).pair.obstacles).toEqual(basic)
  })

  it('is a production-url that is a CNAME of a load balancer, however it is written', async () => {
    const world = standingPair()
    world.aws.aliases.set('shop.example.com', 'dualstack.LB-shop-blue.elb.amazonaws.com.')
    const text = await obstaclesOf(world, { productionUrl: 'http://shop.example.com/health' })
    expect(text).toContain('the load balancer of shop-blue itself: it does not follow a swap')
    expect(text).not.toContain('witnesses disagree')
  })

  it('is not a production-url that is a CNAME of the production name, nor that name itself', async () => {
    const world = standingPair()
    world.aws.aliases.set('shop.example.com', production)
    const url = { productionUrl: 'http://shop.example.com/health' }
    expect((await told(world, url)).pair.obstacles).toEqual(basic)
    const own = standingPair()
    own.aws.aliases.set(production, 'lb-shop-blue.elb.amazonaws.com')
    expect((await told(own)).pair.obstacles).toEqual(basic)
    const single = pairWith('shop-blue', { endpoint: undefined })
    single.aws.aliases.set('shop.example.com', 'elsewhere.example.com')
    expect((await told(single, url)).pair.obstacles).toEqual(basic)
  })

  it('is told of the only environment there is, too', async () => {
    const world = emptyWorld()
    world.aws.add({ name: 'shop-blue', cname: undefined })
    const { pair } = await told(world)
    expect(pair.obstacles.map(({ what }) => what.slice(0, 20))).toEqual([
      'Neither environment ',
      'shop-blue has basic ',
    ])
  })

  it('cannot be told of option settings that may not be read', async () => {
    const world = standingPair()
    world.wire.fail('options', 'refused')
    const { is, pair } = await told(world)
    expect(is).toBe('reported')
    expect(pair.obstacles).toEqual([])
    expect(pair.unread).toHaveLength(1)
  })
})

describe('what is not looked at', () => {
  const groups = { namespace: 'aws:autoscaling:launchconfiguration', name: 'SecurityGroups' }
  const notLookedAt = async (world: World, settings: Partial<Settings> = {}) =>
    (await told(world, settings)).pair.notLookedAt.map(({ why }) => why).join('\n')

  it('is named, with how to look', async () => {
    const text = await notLookedAt(standingPair())
    for (const words of ['outside of Beanstalk', 'Image tags', 'Permissions to write', 'Other pairs'])
      expect(text).toContain(words)
    expect(text).not.toContain('alias')
  })

  it('are the rules that name the instances’ own security group, when that is all they have', async () => {
    const world = pairWith('shop-blue', { options: [{ ...groups, value: 'awseb-e-blue-stack-X' }] })
    expect(await notLookedAt(world)).toContain('only the security group that Beanstalk made for shop-blue')
    const shared = pairWith('shop-blue', { options: [{ ...groups, value: 'awseb-e-blue-stack-X,sg-1' }] })
    expect(await notLookedAt(shared)).not.toContain('security group that')
    const nobody = pairWith('shop-blue', {
      cname: undefined,
      options: [{ ...groups, value: 'awseb-e-blue-X' }],
    })
    expect(await notLookedAt(nobody)).not.toContain('outside of Beanstalk')
  })

  it('is what an alias record leads to', async () => {
    const world = standingPair()
    expect(await notLookedAt(world, { productionUrl: 'http://shop.example.com/' })).toContain('is an alias')
    world.aws.aliases.set('shop.example.com', production)
    expect(await notLookedAt(world, { productionUrl: 'http://shop.example.com/' })).not.toContain(
      'is an alias',
    )
  })
})

describe('the log', () => {
  it('says all of it, a group for each question', async () => {
    const world = pairWith('shop-green', { cname: undefined, version: undefined })
    world.wire.fail('enhancedHealth', new Refused('Not allowed.', [{ why: 'Allow it.', command: '{}' }]))
    const { log } = await told(world)
    expect(log.filter((line) => line.startsWith('▸'))).toEqual([
      '▸ Look',
      '▸ Who is live',
      '▸ Lock and journal',
      '▸ The way back',
      '▸ What stands in the way',
    ])
    expect(log).toContain('other: shop-green (e-green, no version), Ready, health Ok, `no CNAME`')
    expect(log).toContain('Not read: Not allowed.')
    expect(log).toContain('  mend: Allow it.')
    expect(log).toContain('    {}')
  })

  it('says what does not exist, and whose role nobody knows', async () => {
    const world = emptyWorld()
    expect((await told(world)).log).toContain('unknown: shop-blue, does not exist')
    const good = optioned('aws:elasticbeanstalk:healthreporting:system', 'SystemType', 'enhanced')
    expect((await told(good)).log).toContain('Nothing that can be seen from here.')
  })
})

describe('an end before the end', () => {
  it('by cancelling changes nothing and says so', async () => {
    const world = standingPair()
    const running = world.start('status')
    running.cancel()
    expect(await world.clock.run(running.ended)).toMatchObject({
      is: 'failed',
      says: 'Cancelled. Nothing was changed.',
      bug: undefined,
    })
    world.wire.fail('find', new Cancelled())
    expect((await world.run('status')).is).toBe('failed')
  })

  it('by a mistake of ours keeps its stack', async () => {
    const world = standingPair()
    world.wire.fail('find', new TypeError('oops'))
    const { is, bug } = await world.run('status')
    expect(is).toBe('failed')
    expect(bug?.message).toBe('oops')
  })

  it('never comes of an answer that was lost', async () => {
    const world = standingPair()
    world.wire.fail('options', 'never arrives')
    expect((await told(world)).is).toBe('reported')
  })

  it('is told even when live has no version', async () => {
    const world = pairWith('shop-blue', { version: undefined })
    Object.assign(world.aws.member('shop-green'), { version: undefined })
    expect((await told(world)).says).toContain(
      'No version is live on shop-blue, with no version on shop-green',
    )
  })
})
