import { expect, it } from 'vitest'
import type { Settings } from '../../src/deployment/settings.ts'
import { domain } from './account.ts'
import {
  emptyWorld,
  type Member,
  production,
  promotedPair,
  publish,
  standingPair,
  until,
  untilStage,
  type World,
} from './world.ts'

/** A deployment that must be refused before it touches anything. */
async function refused(world: World, settings: Partial<Settings> = {}) {
  const seen = await world.run('deploy', settings)
  expect(seen.is).toBe('failed')
  expect(seen.bug).toBeUndefined()
  expect(world.changes()).toEqual([])
  expect(world.object.state.holder).toBeUndefined()
  return seen
}

it('who is live is told by the traffic, not by the names', async () => {
  const world = standingPair()
  const [blue, green] = world.aws.members as [Member, Member]
  ;[blue.cname, green.cname] = [green.cname, blue.cname]

  const seen = await world.run('deploy')

  expect(seen).toMatchObject({
    is: 'promoted',
    live: { name: 'shop-blue' },
    liveBefore: { name: 'shop-green', version: '1.0.0' },
    otherBefore: { name: 'shop-blue' },
    previousVersion: '1.0.0',
  })
})

it('the names may be given in either order', async () => {
  const world = standingPair()
  const seen = await world.run('deploy', { blueEnvironment: 'shop-green', greenEnvironment: 'shop-blue' })
  expect(seen).toMatchObject({ is: 'promoted', live: { name: 'shop-green' } })
})

it.each([
  ['a prefix', 'shop'],
  ['a whole name in whatever case', 'Shop.US-East-1.elasticbeanstalk.com'],
])('the production address can be given as %s', async (_, productionName) => {
  expect((await standingPair().run('deploy', { productionName })).is).toBe('promoted')
})

it('without a production address given, the journal’s is taken', async () => {
  const world = await promotedPair()
  publish(world, '1.2.0', world.clock.now())
  const seen = await world.run('deploy', { version: '1.2.0', productionName: undefined })
  expect(seen).toMatchObject({ is: 'promoted', productionName: production })
  expect(seen.log.join()).not.toContain('No production-cname is given')
})

it('without one given or remembered, blue’s own name is taken, and said loudly', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').cname = `shop-blue.${domain}`
  const seen = await world.run('deploy', { productionName: undefined })
  expect(seen.is).toBe('promoted')
  expect(seen.log).toContain(
    `No production-cname is given and nothing is remembered: taking shop-blue.${domain} for the production address.`,
  )
})

it('a production address that neither has is refused, with what they have', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').cname = undefined
  const seen = await refused(world)
  expect(seen.says).toContain(`Neither environment has the production address ${production}`)
  expect(seen.says).toContain('shop-blue has no CNAME; shop-green has shop-green.')
})

it.each([
  [
    'in another region',
    'shop.eu-west-1.elasticbeanstalk.com',
    'a name of eu-west-1, and these environments are in us-east-1',
  ],
  ['without the label that Beanstalk put in', 'store.us-east-1.elasticbeanstalk.com', 'give all of it'],
  ['of the team’s own', 'shop.example.com', 'Give the right address'],
])('a production address %s is told from one that is only wrong', async (_, productionName, words) => {
  const world = standingPair()
  world.aws.member('shop-blue').cname = undefined
  world.aws.member('shop-green').cname = 'store.eba-abcd1234.us-east-1.elasticbeanstalk.com'
  const seen = await refused(world, { productionName })
  expect(seen.remedies[0]?.why).toContain(words)
  expect(seen.remedies[1]?.command).toContain('--application-name shop')
})

it('a third environment that has the production address is named as what serves production', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').cname = undefined
  world.aws.add({ name: 'shop-gren', cname: production })
  const elsewhere = 'shop-gren (e-gren, 1.0.0), which is not one of these two environments'
  expect((await refused(world)).elsewhere).toBe(elsewhere)
  expect(await world.run('deploy', { dryRun: true })).toMatchObject({ is: 'failed', elsewhere })
})

it('a production address that was read and that neither has is not called unread', async () => {
  const world = emptyWorld()
  const none = await world.run('deploy')
  expect(none).toMatchObject({ is: 'failed', elsewhere: 'nobody: neither environment exists' })
  const dry = await world.run('deploy', { dryRun: true })
  expect(dry.elsewhere).toBe(none.elsewhere)
  const swapped = standingPair()
  const running = swapped.start('deploy', { testCommand: 'x' })
  swapped.tests = async () => {
    swapped.aws.member('shop-blue').cname = undefined
    return { is: 'failed', says: 'no' }
  }
  const seen = await swapped.clock.run(running.ended)
  expect(seen).toMatchObject({
    lastSeen: { name: 'shop-blue' },
    elsewhere: 'neither of the two environments: neither has the production address',
  })
})

it('a member that does not exist is created, and said where its name may be a slip of another', async () => {
  const world = standingPair()
  const seen = await world.run('deploy', { greenEnvironment: 'shop-gren' })
  expect(seen.is).toBe('promoted')
  const slip = 'shop-gren does not exist and is created. shop-green does exist: is that a slip?'
  expect(seen.warnings.join()).toContain(slip)
  const dry = await standingPair().run('deploy', { greenEnvironment: 'shop-gren', dryRun: true })
  expect(dry.log.join()).toContain(slip)
})

it.each([
  [['shop-blue', 'shop-green'], true],
  [['shop-blue', 'shop-gone'], false],
])('a member that does not exist may be a slip when live was one of a pair with %s', async (pair, isSaid) => {
  const world = standingPair()
  world.object.shared = { environment: 'shop-blue', pair }
  const { warnings } = await world.run('deploy', { greenEnvironment: 'store-b' })
  const words = 'Before, shop-blue was one of a pair with shop-green, which does exist: is that a slip?'
  expect(warnings.some((one) => one.includes(words))).toBe(isSaid)
})

it('who was in a pair with the environment that is not live, does not matter', async () => {
  const world = standingPair()
  world.object.shared = { environment: 'store-b', pair: ['store-b', 'shop-green'] }
  expect((await world.run('deploy', { greenEnvironment: 'store-b' })).warnings).toEqual([])
})

it.each(['shop-green-2', 'store', 'shop-green7'])('%s is no slip of shop-green', async (greenEnvironment) => {
  const world = standingPair()
  const seen = await world.run('deploy', { greenEnvironment, dryRun: true })
  expect(seen.log.join()).not.toContain('slip')
})

it('what is being ended is nobody’s slip', async () => {
  const world = standingPair()
  world.aws.member('shop-green').status = 'Terminating'
  const seen = await world.run('deploy', { greenEnvironment: 'shop-gren', dryRun: true })
  expect(seen.log.join()).not.toContain('slip')
})

it('a busy environment is waited for', async () => {
  const world = standingPair()
  const green = world.aws.member('shop-green')
  green.status = 'Updating'
  world.clock.at(world.clock.now() + 300_000, () => Object.assign(green, { status: 'Ready' }))
  expect((await world.run('deploy')).is).toBe('promoted')
})

it('an environment that stays busy is named in the end', async () => {
  const world = standingPair()
  world.aws.member('shop-green').status = 'Updating'
  const seen = await refused(world)
  expect(seen.says).toContain('saw last: shop-green is Updating')
})

it('all that a CNAME swap cannot do well is refused in one message', async () => {
  const world = standingPair()
  world.aws.member('shop-green').tier = 'Worker'
  const database = { namespace: 'aws:rds:dbinstance', name: 'HasCoupledDatabase', value: 'true' }
  world.aws.member('shop-blue').options.push(database)
  const seen = await refused(world)
  expect(seen.says).toContain('shop-green is a worker environment')
  expect(seen.says).toContain('has a database inside it')
})

it('a database that was decoupled is no obstacle', async () => {
  const world = standingPair()
  world.aws
    .member('shop-blue')
    .options.push(
      { namespace: 'aws:rds:dbinstance', name: 'HasCoupledDatabase', value: 'false' },
      { namespace: 'aws:rds:dbinstance', name: 'DBEngine', value: 'true' },
    )
  expect((await world.run('deploy')).is).toBe('promoted')
})

it('a database inside the environment without traffic is refused too', async () => {
  const world = standingPair()
  const database = { namespace: 'aws:rds:dbinstance', name: 'HasCoupledDatabase', value: 'true' }
  world.aws.member('shop-green').options.push(database)
  const seen = await refused(world)
  expect(seen.says).toContain(
    'shop-green has a database inside it: after the switch users would be on that one',
  )
})

/** A member of a shared load balancer with a rule. */
function sharing(world: World, name: string, rule: Readonly<Record<string, string>>): World {
  const { options } = world.aws.member(name)
  const namespace = 'aws:elasticbeanstalk:environment'
  options.push({ namespace, name: 'LoadBalancerIsShared', value: 'true' })
  for (const [option, value] of Object.entries(rule))
    options.push({ namespace: 'aws:elbv2:listenerrule:shop', name: option, value })
  return world
}

it.each([
  ['shop-blue', { HostHeaders: 'shop.example.com' }, 'HostHeaders `shop.example.com`'],
  ['shop-green', { HostHeaders: `${production},shop.example.com` }, 'shop.example.com`'],
  ['shop-blue', { PathPatterns: '/api/*' }, 'PathPatterns `/api/*`'],
])('rules of its own on a shared load balancer do not follow a swap: %s %o', async (name, rule, says) => {
  const seen = await refused(sharing(standingPair(), name, rule))
  expect(seen.says).toContain(`${name} shares its load balancer with others`)
  expect(seen.says).toContain(says)
  expect(seen.remedies[0]?.why).toContain('Bring up a new pair with load balancers of their own')
})

it.each([
  [{}],
  [{ HostHeaders: '', PathPatterns: '/*', Priority: '7' }],
  [{ HostHeaders: `${production}, shop-green.x2.${domain}`, PathPatterns: '*' }],
])('Beanstalk’s own rule of a shared load balancer follows a swap: %o', async (rule) => {
  expect((await sharing(standingPair(), 'shop-blue', rule).run('deploy', { configuration: 'keep' })).is).toBe(
    'promoted',
  )
})

it('rules of a load balancer of its own send to whoever it belongs to', async () => {
  const world = standingPair()
  const value = 'shop.example.com'
  world.aws
    .member('shop-blue')
    .options.push({ namespace: 'aws:elbv2:listenerrule:shop', name: 'HostHeaders', value })
  expect((await world.run('deploy', { configuration: 'keep' })).is).toBe('promoted')
})

it('a rollback moves what it can move, and says what stays', async () => {
  const world = sharing(await promotedPair(), 'shop-green', { HostHeaders: 'shop.example.com' })
  const seen = await world.run('rollback')
  expect(seen.is).toBe('restored')
  expect(seen.warnings.join()).toContain('these rules go on sending to shop-green')
})

it('a route that is not whole is refused', async () => {
  const world = standingPair()
  world.wire.upon('readRoute', () => {
    Object.assign(world.aws.member('shop-blue'), { cname: 'other.example' })
  })
  const seen = await refused(world)
  expect(seen.says).toContain('Beanstalk does not send all of production to shop-blue (e-blue, 1.0.0)')
})

it('probe: required refuses what cannot be seen from here', async () => {
  const world = standingPair()
  world.canSee = () => false
  const seen = await refused(world, { probe: 'required' })
  expect(seen.says).toContain(
    'does not answer from here (connection refused), and `probe: required` wants it to',
  )
})

it('probe: required is content with any answer: live may be ill before the deployment', async () => {
  const world = standingPair()
  world.aws.member('shop-blue').answers = () => 503
  const running = world.start('deploy', { probe: 'required' })
  await untilStage(world, running, 'Publish version')
  expect(running.log).toContain(`production: http://${production}/health answers from here`)
  await world.clock.run(running.ended)
})

it('probe: auto goes on without what it cannot see, and probe: off says that it did not look', async () => {
  const world = standingPair()
  world.canSee = () => false
  const blind = await world.run('deploy')
  expect(blind.is).toBe('promoted')
  expect(blind.log.join()).toContain(
    'does not answer from here (connection refused): what users see is not measured',
  )
  expect((await standingPair().run('deploy', { probe: 'off' })).log.join()).toContain(
    'is not probed (probe: off)',
  )
})

it('a production URL of the user’s own is what is probed', async () => {
  const world = standingPair()
  const seen = await world.run('deploy', { productionUrl: `http://${production}/start` })
  expect(seen.productionUrl).toBe(`http://${production}/start`)
  expect(world.wire.calls.find(({ name }) => name === 'ask')?.args).toEqual([`http://${production}/start`])
})

it('environments without an endpoint of their own can still be deployed to', async () => {
  const world = standingPair()
  for (const member of world.aws.members) member.endpoint = undefined
  expect((await world.run('deploy')).is).toBe('promoted')
})

it('a rollback right after a move is not held up by DNS answers that are a minute old', async () => {
  const world = standingPair()
  const baking = world.start('deploy', { bakeTime: 3_600_000 })
  await until(world, () => world.object.state.holder?.baking === true)

  const seen = await world.run('rollback')

  expect(seen).toMatchObject({ is: 'restored', live: { name: 'shop-blue', version: '1.0.0' } })
  expect(seen.undone[0]).toContain('went back to shop-blue (e-blue)')
  expect(await world.clock.run(baking.ended)).toMatchObject({ is: 'rolled-back' })
})

it('a production name that points at the other environment, long after any move, is refused', async () => {
  const world = await promotedPair()
  const from = world.wire.calls.length
  const { resolve } = world.aws
  world.aws.resolve = (host) => resolve(host === production ? 'lb-shop-blue.elb.amazonaws.com' : host)

  const seen = await world.run('rollback')

  expect(seen.is).toBe('failed')
  expect(seen.says).toContain('The witnesses disagree: shop-green has the production CNAME')
  expect(seen.says).toContain('resolves to 10.0.0.1, which is shop-blue')
  expect(world.changes(from)).toEqual([])
})

it('a pair of which nothing exists needs something to create the first environment from', async () => {
  const world = emptyWorld()
  publish(world, '1.1.0', 0)
  const seen = await refused(world)
  expect(seen.says).toContain('there is nothing to copy the configuration from')
  expect(seen.remedies.map(({ command }) => command)).toContain(
    'aws elasticbeanstalk list-available-solution-stacks',
  )
})

it('a first environment is created with a prefix, not with a whole name', async () => {
  const seen = await refused(emptyWorld(), { productionName: production, platform: 'Node.js 24' })
  expect(seen.says).toContain(`not with a whole name (${production})`)
})

it('a first environment without a production address given gets blue’s name, and the URL of the user’s own', async () => {
  const world = emptyWorld()
  publish(world, '1.1.0', 0)
  const seen = await world.run('deploy', {
    productionName: undefined,
    productionUrl: 'https://shop.example/',
    platform: 'Node.js 24',
  })
  expect(seen).toMatchObject({ is: 'promoted', productionUrl: 'https://shop.example/' })
  expect(world.aws.member('shop-blue').cname).toBe(`shop-blue.${domain}`)
})

it('a rollback of a pair of which nothing exists is refused', async () => {
  const seen = await emptyWorld().run('rollback', { platform: 'Node.js 24' })
  expect(seen).toMatchObject({ is: 'failed' })
  expect(seen.says).toContain('there is nothing to go back from')
})

it('a production address that another environment has is a slip in a name, and it is said whose', async () => {
  const world = standingPair()
  world.aws.add({ name: 'shop-red', cname: production })
  world.aws.member('shop-blue').cname = `shop-blue.${domain}`

  const seen = await refused(world)

  expect(seen.says).toContain('shop-red (e-red, 1.0.0) has it.')
  expect(seen.remedies[0]?.why).toContain('shop-red has to be one of them')
})

it.each([
  [['bank', 'blog'], 'there are: bank, blog', 'Look for a slip in `application` or `aws-region`.'],
  [['bank', 'Shopp'], 'there are: bank, Shopp', 'Did you mean `application: Shopp`?'],
  [[], 'there is none at all', 'Look for a slip in `application` or `aws-region`.'],
])(
  'an application that does not exist is a slip too, and it is said which there are',
  async (names, says, why) => {
    const world = emptyWorld()
    world.aws.applications.splice(0, 1, ...names)

    const seen = await refused(world, { platform: 'Node.js 24' })

    expect(seen.says).toContain(`There is no application shop in this region and account; ${says}.`)
    expect(seen.elsewhere).toBe('not known, there is no application shop to look at')
    expect(seen.remedies[0]?.why).toBe(why)
  },
)

const own = 'shop.example.com'
const ownUrl = `https://${own}/health`

it.each(['lb-shop-blue.elb.amazonaws.com', 'dualstack.LB-shop-green.elb.amazonaws.com.'])(
  'a name of one’s own that is a CNAME of a load balancer, %s, is refused: it does not follow a swap',
  async (balancer) => {
    const world = standingPair()
    world.aws.aliases.set(own, balancer)
    const seen = await refused(world, { productionUrl: ownUrl })
    expect(seen.says).toMatch(
      /^shop\.example\.com is a CNAME of the load balancer of shop-(blue|green) itself/,
    )
    expect(seen.remedies[0]?.command).toBe('dig +noall +answer shop.example.com')
  },
)

it('a name that does not follow keeps nobody from going back, nor from a verification', async () => {
  const world = await promotedPair()
  world.aws.aliases.set(own, 'lb-shop-green.elb.amazonaws.com')
  publish(world, '1.2.0', world.clock.now())
  const verified = await world.run('verify', { version: '1.2.0', productionUrl: ownUrl })
  expect(verified.is).toBe('verified')
  const { resolve } = world.aws
  world.aws.resolve = (host) => resolve(host === own ? production : host)
  expect((await world.run('rollback', { productionUrl: ownUrl })).is).toBe('restored')
})

const closedTo = (status: number): Partial<Member> => ({
  underName: { [own]: { is: 'answer', status, took: 5 } },
})

it('who is not let in does not see production: it is not watched, and nothing is held against the new live', async () => {
  const world = standingPair()
  world.aws.aliases.set(own, production)
  for (const member of world.aws.members) Object.assign(member, closedTo(403))
  const seen = await world.run('deploy', { productionUrl: ownUrl })
  expect(seen).toMatchObject({ is: 'promoted', users: undefined })
  expect(seen.log.join()).toContain('answers from here with status 403: what users see is not measured')
})

it('probe: required refuses an address that does not let in', async () => {
  const world = standingPair()
  world.aws.aliases.set(own, production)
  Object.assign(world.aws.member('shop-blue'), closedTo(401))
  const seen = await refused(world, { probe: 'required', productionUrl: ownUrl })
  expect(seen.says).toContain('answers from here with status 401, and `probe: required` wants it to')
  expect(seen.remedies[0]?.command).toBe(`curl -i ${ownUrl}`)
})
