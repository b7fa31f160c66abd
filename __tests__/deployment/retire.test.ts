import { expect, it } from 'vitest'
import {
  addLeftover,
  emptyWorld,
  type Member,
  promotedPair,
  standingPair,
  until,
  type World,
} from './world.ts'

const hours = 3_600_000
const later = (world: World, ms: number) => world.clock.runUntil(world.clock.now() + ms)

it('a standby that nobody is on is ended, and what was held for it is forgotten', async () => {
  const world = await promotedPair()

  const seen = await world.run('retire')

  expect(seen).toMatchObject({
    is: 'retired',
    says: 'shop-blue (e-blue, 1.0.0) was terminated.',
    live: { name: 'shop-green' },
    standby: undefined,
  })
  expect(world.object.state).toMatchObject({ pending: [], kept: [], holder: undefined })
})

it('with scale-down it is made small, and stays a way back', async () => {
  const world = await promotedPair()

  const seen = await world.run('retire', { standby: 'scale-down' })

  expect(seen).toMatchObject({
    is: 'retired',
    says: 'shop-blue (e-blue, 1.0.0) is scaled down to one instance.',
  })
  const { kept } = world.object.state
  const from = world.wire.calls.length
  expect(await world.run('retire', { standby: 'scale-down' })).toMatchObject({ is: 'retired' })
  expect(world.object.state.kept).toEqual(kept)
  expect(world.changes(from)).toEqual([])
  expect(world.aws.member('shop-blue').group).toMatchObject({ min: 1, inService: 1 })
  expect(await world.run('rollback')).toMatchObject({ is: 'restored' })
})

it('a candidate that never was promoted is ended too', async () => {
  const world = standingPair()

  expect(await world.run('retire')).toMatchObject({
    is: 'retired',
    says: 'shop-green (e-green, 1.0.0) was terminated.',
    wasIdle: false,
  })
})

it('where there is no other environment there is nothing to retire', async () => {
  const world = await promotedPair({ standby: 'terminate' })

  expect(await world.run('retire')).toMatchObject({
    is: 'retired',
    says: 'Nothing to retire: shop-blue does not exist.',
    wasIdle: true,
  })
})

it('where there is no environment at all, and one could be created, there is nothing to retire', async () => {
  expect(await emptyWorld().run('retire', { platform: 'Node.js 24' })).toMatchObject({
    is: 'retired',
    says: 'Nothing to retire: Neither environment exists.',
  })
})

it('an environment that is ending already is none to retire', async () => {
  const world = await promotedPair()
  world.aws.terminate('e-blue')

  expect((await world.run('retire')).says).toBe('Nothing to retire: shop-blue does not exist.')
})

it('before retire-after is over since production left it, it stays', async () => {
  const world = await promotedPair()
  const retireAfter = 24 * hours

  const seen = await world.run('retire', { retireAfter })
  expect(seen.is).toBe('retired')
  expect(seen.says).toMatch(
    /^Nothing to retire: shop-blue \(e-blue, 1\.0\.0\) was in use until .* ago, and is retired 24 h after that\.$/,
  )
  expect(world.aws.members).toHaveLength(2)

  await later(world, retireAfter)
  expect((await world.run('retire', { retireAfter })).says).toContain('was terminated')
})

it('a candidate that was changed lately stays, however long ago the last promotion was', async () => {
  const world = await promotedPair()
  await later(world, 48 * hours)
  world.aws.member('shop-blue').updated = world.clock.now()

  expect((await world.run('retire', { retireAfter: 24 * hours })).says).toContain('Nothing to retire')
})

it.each(['Severe', 'Degraded', 'unknown'] as const)('while live is %s its way back stays', async (health) => {
  const world = await promotedPair()
  world.aws.member('shop-green').health = health

  const seen = await world.run('retire')

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain(
    `its health is ${health}: shop-blue (e-blue, 1.0.0) may be needed as the way back`,
  )
  expect(world.changes()).not.toContain('terminate')
})

it.each<[string, (world: World) => void]>([
  ['Severe', ({ aws }) => Object.assign(aws.member('shop-green'), { health: 'Severe' })],
  ['unknown', ({ aws }) => void aws.members.splice(aws.members.indexOf(aws.member('shop-green')), 1)],
])('when live gets %s while clients leave, its way back stays', async (health, change) => {
  const world = await promotedPair()
  const blue = world.aws.member('shop-blue')
  blue.rate = 50
  world.clock.at(world.clock.now() + 60_000, () => {
    change(world)
    blue.rate = 0
  })

  const seen = await world.run('retire')

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain(
    `its health is ${health}: shop-blue (e-blue, 1.0.0) may be needed as the way back`,
  )
  expect(world.changes()).not.toContain('terminate')
  expect(blue.status).toBe('Ready')
})

it('an environment that still serves requests is waited for, and then left as it is', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').rate = 7

  const seen = await world.run('retire', { drainTimeout: 60_000 })

  expect(seen.is).toBe('failed')
  expect(seen.says).toBe(
    'shop-blue (e-blue, 1.0.0) still serves 7.0 requests a second after the drain-timeout: it is left as it is.',
  )
  expect(seen.remedies[0]?.why).toContain('Find out who sends them')
  expect(world.changes()).not.toContain('terminate')
})

it('an environment that a human makes live while it drains is not ended', async () => {
  const world = await promotedPair()
  const blue = world.aws.member('shop-blue')
  blue.rate = 7
  world.clock.at(world.clock.now() + 30_000, () => world.aws.swap('e-blue', 'e-green'))
  world.clock.at(world.clock.now() + 45_000, () => Object.assign(blue, { rate: 0 }))

  const seen = await world.run('retire')

  expect(seen).toMatchObject({ is: 'failed', live: { name: 'shop-blue' } })
  expect(seen.says).toContain('has production traffic again; it stays as it is.')
  expect(world.changes()).not.toContain('terminate')
  expect(world.object.state.pending).toEqual([])
})

it('an environment that somebody else is changing is not ended', async () => {
  const world = await promotedPair()
  world.wire.upon('requestRate', () => Object.assign(world.aws.member('shop-blue'), { status: 'Updating' }))

  const seen = await world.run('retire')

  expect(seen.says).toContain(
    'Somebody else is changing shop-blue (e-blue, 1.0.0) just now; it stays as it is.',
  )
  expect(world.changes()).not.toContain('terminate')
})

it('a termination that fails names the security groups in the way, and is tried again by the next run', async () => {
  const world = await promotedPair()
  const blue = world.aws.member('shop-blue')
  blue.cannotEnd =
    'Deleting security group named: awseb-e-blue-stack-AWSEBSecurityGroup-1X2 failed Reason: resource sg-0abc12 has a dependent object'

  const seen = await world.run('retire')

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('shop-blue could not be terminated: Deleting security group named')
  expect(seen.says).toContain(
    'Other security groups refer to sg-0abc12 and awseb-e-blue-stack-AWSEBSecurityGroup-1X2.',
  )
  expect(seen.remedies.map(({ command }) => command)).toEqual([
    "aws ec2 describe-security-groups --filters Name=ip-permission.group-id,Values=sg-0abc12 --query 'SecurityGroups[].[GroupId,GroupName]' --output table",
    "aws ec2 describe-security-groups --filters Name=ip-permission.group-name,Values=awseb-e-blue-stack-AWSEBSecurityGroup-1X2 --query 'SecurityGroups[].[GroupId,GroupName]' --output table",
  ])

  delete blue.cannotEnd
  expect(await world.run('retire')).toMatchObject({ is: 'retired' })
  expect(world.aws.members).toHaveLength(1)
})

it('what a security group’s name could do in a shell is not shown as a command', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').cannotEnd = 'Deleting security group named: $(reboot) failed'

  expect(JSON.stringify((await world.run('retire')).remedies)).not.toContain('reboot')
})

it('a mistake of ours while something is retired keeps its stack', async () => {
  const world = await promotedPair()
  world.wire.fail('terminate', new TypeError('x is not a function'))

  expect((await world.run('retire')).bug?.message).toBe('x is not a function')
})

it('out of time it says so, whatever it was waiting for', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').rate = 7

  expect((await world.run('retire', { timeout: 60_000 })).says).toContain('Not done within the timeout')
})

const leftovers = { leftovers: 'shop-pr-*', retireAfter: 72 * hours }

it('leftovers that this action created are ended together, and named', async () => {
  const world = await promotedPair()
  addLeftover(world)
  addLeftover(world, {
    name: 'shop-pr-13',
    description: 'Created by Beanstalk Blue/Green, verify 0 (nonce0), for verification only',
  })
  await later(world, 80 * hours)

  const seen = await world.run('retire', leftovers)

  expect(seen).toMatchObject({
    is: 'retired',
    says: 'shop-blue (e-blue, 1.0.0) was terminated. shop-pr-12 (e-pr-12), a leftover, was terminated. shop-pr-13 (e-pr-13), a leftover, was terminated.',
  })
  expect(world.aws.members.map(({ name }) => name)).toEqual(['shop-green'])
})

it('leftovers are ended although the standby is not due', async () => {
  const world = await promotedPair()
  addLeftover(world)
  await later(world, 80 * hours)
  world.aws.member('shop-blue').updated = world.clock.now()

  expect((await world.run('retire', leftovers)).says).toBe(
    'shop-pr-12 (e-pr-12), a leftover, was terminated.',
  )
})

it.each<[string, (one: Member, world: World) => void, string]>([
  [
    'somebody else created',
    (one) => Object.assign(one, { description: 'staging' }),
    'this action did not create it',
  ],
  ['is busy', (one) => Object.assign(one, { status: 'Updating' }), 'it is Updating'],
  [
    'has an address that was chosen',
    (one) => Object.assign(one, { cname: 'shop-pr-12.us-east-1.elasticbeanstalk.com' }),
    'it has an address that was chosen',
  ],
  [
    'has the address of another',
    (one) => Object.assign(one, { cname: 'other.eba-abcd1234.us-east-1.elasticbeanstalk.com' }),
    'it has an address that was chosen',
  ],
  ['has no address', (one) => Object.assign(one, { cname: undefined }), 'it has an address that was chosen'],
  ['was changed lately', (one, { clock }) => Object.assign(one, { updated: clock.now() }), 'it was changed '],
  ['serves requests', (one) => Object.assign(one, { rate: 3 }), 'it serves 3.0 requests a second'],
  [
    'another pair needs',
    (_, { object }) => object.otherNeeds.set('shop-pr-12', 'verify 7 works on it now'),
    'verify 7 works on it now',
  ],
])('a leftover that %s stays', async (_, change, says) => {
  const world = await promotedPair()
  const one = addLeftover(world)
  await later(world, 80 * hours)
  change(one, world)

  const seen = await world.run('retire', leftovers)

  expect(seen.is).toBe('retired')
  expect(seen.log.join('\n')).toContain(`shop-pr-12 stays: ${says}`)
  expect(world.aws.members).toContain(one)
})

it.each<[string, (one: Member, world: World) => void, string]>([
  [
    'gets production by a swap of its own pair',
    (one) => Object.assign(one, { cname: 'admin.us-east-1.elasticbeanstalk.com', rate: 0 }),
    'it has an address that was chosen',
  ],
  ['is changed', (one, { clock }) => Object.assign(one, { updated: clock.now() }), 'it was changed '],
  [
    'is taken by a run on its own pair',
    (_, { object }) => object.otherNeeds.set('shop-pr-12', 'verify 7 works on it now'),
    'verify 7 works on it now',
  ],
])('a leftover that %s between the first look and its end stays', async (_, change, says) => {
  const world = await promotedPair({ standby: 'terminate' })
  const one = addLeftover(world)
  await later(world, 80 * hours)
  const from = world.wire.calls.length
  world.wire.upon('newestEventAt', () => change(one, world))

  const seen = await world.run('retire', leftovers)

  expect(seen.is).toBe('retired')
  expect(seen.log.join('\n')).toContain(`shop-pr-12 stays: ${says}`)
  expect(world.changes(from)).not.toContain('terminate')
})

it('a leftover that is gone at the last look is no trouble', async () => {
  const world = await promotedPair({ standby: 'terminate' })
  const one = addLeftover(world)
  await later(world, 80 * hours)
  const from = world.wire.calls.length
  let looks = 0
  world.wire.watch((moment, { name }) => {
    if (moment === 'sent' && name === 'otherNeed') looks += 1
    if (moment === 'sent' && name === 'read' && looks === 2 && world.aws.members.includes(one))
      world.aws.members.splice(world.aws.members.indexOf(one), 1)
  })

  const seen = await world.run('retire', leftovers)

  expect(seen.is).toBe('retired')
  expect(seen.log).toContain('shop-pr-12 stays: it is gone already.')
  expect(world.changes(from)).not.toContain('terminate')
})

it('a leftover whose end is refused fails the run, and the others go all the same', async () => {
  const world = await promotedPair({ standby: 'terminate' })
  addLeftover(world)
  addLeftover(world, { name: 'shop-pr-13' })
  await later(world, 80 * hours)
  world.wire.fail('terminate', 'refused')

  const seen = await world.run('retire', leftovers)

  expect(seen).toMatchObject({
    is: 'failed',
    says: 'AWS refused it. shop-pr-13 (e-pr-13), a leftover, was terminated.',
  })
})

it('environments of other names, and those that are ending, are not even looked at', async () => {
  const world = await promotedPair()
  addLeftover(world, { name: 'shop-staging' })
  addLeftover(world, { name: 'my-shop-pr-1' })
  addLeftover(world, { status: 'Terminating' })
  await later(world, 80 * hours)

  const seen = await world.run('retire', leftovers)

  expect(seen.log.join('\n')).not.toContain('stays')
  expect(world.aws.members).toHaveLength(4)
})

it('leftovers that nothing fits are said, since a pattern may have a slip', async () => {
  const seen = await standingPair().run('retire', { leftovers: 'shop-rp-*', retireAfter: 72 * hours })

  expect(seen).toMatchObject({ is: 'retired', wasIdle: true })
  expect(seen.says).toMatch(/^Nothing to retire: .* fits `leftovers: shop-rp-\*`\.$/)
})

it('members of the pair are no leftovers, whatever their names', async () => {
  const world = await promotedPair()
  await later(world, 80 * hours)

  const seen = await world.run('retire', { ...leftovers, leftovers: 'shop-*' })

  expect(seen.says).toBe(
    'shop-blue (e-blue, 1.0.0) was terminated. No environment outside of the pair fits `leftovers: shop-*`.',
  )
})

it('a leftover that cannot be ended fails the run, and the others go all the same', async () => {
  const world = await promotedPair()
  addLeftover(world, {
    cannotEnd: 'Deleting security group named: awseb-e-1-stack-AWSEBSecurityGroup failed',
  })
  addLeftover(world, { name: 'shop-pr-13' })
  await later(world, 80 * hours)

  const seen = await world.run('retire', leftovers)

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('shop-pr-12 could not be terminated')
  expect(seen.says).toContain('shop-pr-13 (e-pr-13), a leftover, was terminated.')
  expect(seen.remedies[0]?.command).toContain('awseb-e-1-stack-AWSEBSecurityGroup')
})

it('a standby that cannot be ended does not keep the leftovers', async () => {
  const world = await promotedPair()
  world.aws.member('shop-blue').cannotEnd = 'Stack deletion failed.'
  addLeftover(world)
  await later(world, 80 * hours)

  const seen = await world.run('retire', leftovers)

  expect(seen.is).toBe('failed')
  expect(seen.says).toBe(
    'shop-blue could not be terminated: Stack deletion failed. shop-pr-12 (e-pr-12), a leftover, was terminated.',
  )
})

it('nothing is ended any more when the lock is lost', async () => {
  const world = await promotedPair()
  addLeftover(world)
  await later(world, 80 * hours)
  world.aws.member('shop-blue').updated = world.clock.now()
  world.wire.upon('all', () =>
    Object.assign(world.object.state, { holder: { nonce: 'other', run: 'other' } }),
  )

  const seen = await world.run('retire', leftovers)

  expect(seen.is).toBe('failed')
  expect(world.changes()).not.toContain('terminate')
})

it('a rollback does not wait until leftovers are gone', async () => {
  const world = await promotedPair()
  const one = addLeftover(world)
  await later(world, 80 * hours)
  world.aws.member('shop-blue').updated = world.clock.now()
  const retiring = world.start('retire', leftovers)
  await until(world, () => one.status === 'Terminating')
  await later(world, 1_000)
  expect(world.object.state.holder).toBeUndefined()

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue' } })
  expect(world.aws.members).toContain(one)
  expect(await world.clock.run(retiring.ended)).toMatchObject({
    is: 'retired',
    says: 'shop-pr-12 (e-pr-12), a leftover, was terminated.',
    live: { name: 'shop-blue' },
  })
})

it('a mistake of ours while a leftover ends keeps its stack', async () => {
  const world = await promotedPair({ standby: 'terminate' })
  addLeftover(world)
  await later(world, 80 * hours)
  world.wire.upon('terminate', () => world.wire.fail('read', new TypeError('x is not a function')))

  expect((await world.run('retire', leftovers)).bug?.message).toBe('x is not a function')
})
