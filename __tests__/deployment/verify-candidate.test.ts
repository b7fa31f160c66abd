import { expect, it } from 'vitest'
import type { Answer, Tests } from '../../src/deployment/ports.ts'
import { type Proven, verifyCandidate } from '../../src/deployment/stages/verify-candidate.ts'
import { type Member, standingPair, type World } from './world.ts'

const minute = 60_000

async function verifying(
  given: Partial<Member> = {},
  { world = standingPair(), settings = {}, canProbe = true, live }: Options = {},
) {
  const green = Object.assign(world.aws.member('shop-green'), given)
  const { drive, log, run } = await world.bare(settings)
  const proven: Proven = {
    candidate: { ...world.aws.seen(green), version: '1.0.0' },
    version: '1.0.0',
    canProbe,
    live: live ?? world.aws.seen(world.aws.member('shop-blue')),
  }
  const began = world.clock.now()
  const ended = drive((one) => verifyCandidate(one, proven))
  return { ended, log, run, world, took: () => world.clock.now() - began }
}

interface Options {
  readonly world?: World
  readonly settings?: Parameters<World['bare']>[0]
  readonly canProbe?: boolean
  readonly live?: Proven['live']
}

it('a candidate is proven when it was good for a while and its tests passed', async () => {
  const { ended, log, took } = await verifying()
  await ended
  expect(took()).toBeGreaterThan(50_000)
  expect(took()).toBeLessThan(65_000)
  expect(log.at(-1)).toBe('The tests passed.')
})

it('what the tests made of its health is waited for, also where it is seen only after a while', async () => {
  const world = standingPair()
  const green = world.aws.member('shop-green')
  world.tests = async () => {
    later(world, 15_000, () => Object.assign(green, { health: 'Degraded' }))
    later(world, 75_000, () => Object.assign(green, { health: 'Ok' }))
    return { is: 'passed', says: 'exit code 0' }
  }
  const { ended, log, took } = await verifying({}, { world })
  await ended
  expect(took()).toBeGreaterThan(30_000 + 75_000 + 20_000)
  expect(log.join('\n')).toContain('After the tests: health is Degraded, wanted Ok.')
  expect(log.at(-1)).toMatch(/^shop-green is good again, 1 min \d+ s after the tests\.$/)
})

it('a candidate that stays bad after its tests is not fit, and its tests are named with Beanstalk’s causes', async () => {
  const world = standingPair()
  world.tests = async () => {
    Object.assign(world.aws.member('shop-green'), { health: 'Severe', causes: ['100 % of requests fail.'] })
    return { is: 'passed', says: 'exit code 0' }
  }
  const { ended } = await verifying({}, { world })
  const failure = await ended.catch((thrown) => thrown)
  expect(failure.message).toContain('The tests passed, but waited 10 min until shop-green is good again')
  expect(failure.message).toContain("likely cause. Beanstalk's causes: 100 % of requests fail.")
  expect(failure.sick).toMatchObject({ id: 'e-green', causes: ['100 % of requests fail.'] })
})

it('a deployment that is cancelled while health is awaited after the tests ends with the reason', async () => {
  const world = standingPair()
  const bare = await world.bare()
  const candidate = { ...world.aws.seen(world.aws.member('shop-green')), version: '1.0.0' }
  world.tests = async () => {
    later(world, 5_000, bare.cancel)
    return { is: 'passed', says: 'exit code 0' }
  }
  const ended = bare.drive((run) =>
    verifyCandidate(run, { candidate, live: undefined, version: '1.0.0', canProbe: true }),
  )
  await expect(ended).rejects.toThrow('cancelled')
})

it.each<[string, Partial<Member>, string]>([
  ['is not healthy enough', { health: 'Warning' }, 'health is Warning, wanted Ok'],
  ['has unknown health', { health: 'unknown' }, 'health is unknown, wanted Ok'],
  ['has an instance with another version', { labels: { 'i-9': '0.9.0' } }, 'instance i-9 runs 0.9.0'],
  ['answers with an error', { answers: () => 503 }, '/health answers: status 503'],
  [
    'does not answer although production does',
    { answers: () => undefined },
    '/health answers: connection refused',
  ],
  ['is updated by somebody', { status: 'Updating' }, 'shop-green (e-green, 1.0.0) is Updating'],
  ['runs another version by now', { version: '0.9.0' }, 'shop-green (e-green, 0.9.0) is Ready'],
])('a candidate that %s is not fit, after ten minutes of patience', async (_, given, saw) => {
  const { ended, took } = await verifying(given)
  await expect(ended).rejects.toThrow(saw)
  expect(took()).toBeGreaterThanOrEqual(10 * minute)
})

it.each<[string, (world: World) => void]>([
  ['goes away', ({ aws }) => aws.members.splice(1, 1)],
  [
    'is being ended',
    ({ aws }) => Object.assign(aws.member('shop-green'), { status: 'Terminating', health: 'unknown' }),
  ],
])('a candidate that %s meanwhile is not fit, and nobody waits for its health', async (_, end) => {
  const { ended, world, took } = await verifying()
  world.clock.at(world.clock.now() + 5_000, () => end(world))

  await expect(ended).rejects.toThrow('somebody ended it meanwhile')
  expect(took()).toBeLessThan(minute)
})

it('Beanstalk’s own causes are told, and whose logs to read', async () => {
  const { ended } = await verifying({ health: 'Severe', causes: ['100 % of requests fail with 5xx.'] })
  const failure = await ended.catch((thrown) => thrown)
  expect(failure.message).toContain("Beanstalk's causes: 100 % of requests fail with 5xx.")
  expect(failure.sick).toMatchObject({ id: 'e-green', name: 'shop-green' })
})

it('causes that cannot be read are left out', async () => {
  const world = standingPair()
  world.wire.fail('causes', 'unreachable')
  const { ended } = await verifying({ health: 'Severe' }, { world })
  await expect(ended).rejects.toThrow('health is Severe, wanted Ok.')
})

it('good means good without a break: a relapse starts the time anew', async () => {
  const world = standingPair()
  const green = world.aws.member('shop-green')
  later(world, 20_000, () => Object.assign(green, { health: 'Severe' }))
  later(world, 40_000, () => Object.assign(green, { health: 'Ok' }))
  const { ended, took } = await verifying({}, { world })
  await ended
  expect(took()).toBeGreaterThan(70_000)
})

it('where nothing answers from here, an address that does not answer proves nothing', async () => {
  const { ended } = await verifying({ answers: () => undefined }, { canProbe: false })
  await expect(ended).resolves.toBeUndefined()
})

it('where nothing answers from here, an address that answers with an error is still wrong', async () => {
  const { ended } = await verifying({ answers: () => 500 }, { canProbe: false })
  await expect(ended).rejects.toThrow('/health answers: status 500')
})

it('probe: off asks nobody', async () => {
  const { ended, world } = await verifying({ answers: () => 500 }, { settings: { probe: 'off' } })
  await ended
  expect(world.wire.calls.some(({ name }) => name === 'ask')).toBe(false)
})

it('with basic health the label alone says what runs', async () => {
  const { ended } = await verifying({ labels: undefined })
  await expect(ended).resolves.toBeUndefined()
})

it('AWS that cannot be reached for a while does not make a candidate unfit', async () => {
  const world = standingPair()
  world.wire.fail('read', 'unreachable', 5)
  const { ended } = await verifying({}, { world })
  await expect(ended).resolves.toBeUndefined()
})

it('a cancelled verification ends with the reason, not with a judgement', async () => {
  const world = standingPair()
  const bare = await world.bare()
  const candidate = world.aws.seen(world.aws.member('shop-green'))
  world.clock.at(world.clock.now() + 5_000, bare.cancel)
  const ended = bare.drive((run) =>
    verifyCandidate(run, { candidate, live: undefined, version: '1.0.0', canProbe: true }),
  )
  await expect(ended).rejects.toThrow('cancelled')
})

it('the user’s tests get the candidate’s address under every name, the version and the time they may take', async () => {
  const world = standingPair()
  let order: Parameters<Tests['run']>[0] | undefined
  world.tests = async (given) => {
    order = given
    return { is: 'passed', says: 'exit code 0' }
  }
  const { ended, run } = await verifying({}, { world })
  await ended
  const url = 'http://shop-green.x2.us-east-1.elasticbeanstalk.com'
  expect(order).toMatchObject({
    command: 'npm test',
    shell: 'bash',
    within: 30 * minute,
    variables: {
      CANDIDATE_URL: url,
      GREEN_URL: url,
      BASE_URL: url,
      VERSION: '1.0.0',
      ENVIRONMENT_NAME: 'shop-green',
    },
  })
  expect(run.record.testsPassed).toBe(true)
})

it.each([
  ['failed', 'The tests failed against shop-green: exit code 1.'],
  ['timed out', 'The tests ran out of time against shop-green: exit code 1.'],
] as const)('tests that %s mean no traffic for the candidate', async (is, says) => {
  const world = standingPair()
  world.tests = async () => ({ is, says: 'exit code 1' })
  const seen = await world.run('deploy')
  expect(seen).toMatchObject({ is: 'failed', says, testsPassed: false, live: { name: 'shop-blue' } })
  expect(seen.remedies.map(({ command }) => command).join()).toContain('curl -i http://shop-green')
  expect(world.changes()).not.toContain('swap')
})

it('a deployment without a test-command says so', async () => {
  const { ended, log, run } = await verifying({}, { settings: { testCommand: undefined } })
  await ended
  expect(log.at(-1)).toBe('No test-command is given.')
  expect(run.record.testsPassed).toBeUndefined()
})

it('tests that were cancelled are neither passed nor failed', async () => {
  const world = standingPair()
  const running = world.start('deploy')
  world.tests = async () => {
    running.cancel()
    return { is: 'failed', says: 'ended by a signal' }
  }
  const seen = await world.clock.run(running.ended)
  expect(seen).toMatchObject({ is: 'failed', testsPassed: undefined })
  expect(seen.says).toContain('Cancelled')
})

const later = ({ clock }: World, after: number, act: () => unknown) =>
  clock.at(clock.now() + after, () => void act())

const named = (answer: Answer): Partial<Member> => ({ underName: { 'shop.example.com': answer } })
const productionUrl = 'https://shop.example.com/health'

it.each<[string, Answer, string]>([
  [
    'a certificate for another name',
    { is: 'no answer', why: 'certificate is for another name' },
    'it answers: certificate is for another name; shop-blue answers there: status 200',
  ],
  ['a host rule of its own', { is: 'answer', status: 404, took: 5 }, 'it answers: status 404'],
  [
    'a login page',
    { is: 'answer', status: 302, took: 5, location: 'https://login.example.com/' },
    'it answers: status 302 to https://login.example.com/',
  ],
  [
    'a redirect to nowhere',
    { is: 'answer', status: 301, took: 5 },
    'it answers: status 301 to somewhere else',
  ],
])('a candidate that shows %s under production’s name is not fit', async (_, answer, says) => {
  const { ended } = await verifying(named(answer), { settings: { productionUrl } })

  await expect(ended).rejects.toThrow(`under production's name (${productionUrl}) ${says}`)
})

it('a candidate that answers under production’s name as live does is fit, and it is said', async () => {
  const redirect: Answer = { is: 'answer', status: 301, took: 5, location: 'https://www.example.com/' }
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), named(redirect))
  const { ended, log } = await verifying(named(redirect), { world, settings: { productionUrl } })

  await ended
  expect(log).toContain(`It answers ${productionUrl} at its own address as shop-blue does.`)
})

it.each<[string, Partial<Member>, string]>([
  [
    'live itself does not answer so',
    named({ is: 'no answer', why: 'the TLS handshake failed' }),
    `shop-blue itself does not answer ${productionUrl} at its own address (the TLS handshake failed)`,
  ],
  [
    'live has no address of its own',
    { endpoint: undefined },
    'Beanstalk names no address of its own for both environments',
  ],
])('where %s nothing is concluded from what the candidate answers under its name', async (_, given, says) => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), given)
  const bad = named({ is: 'answer', status: 503, took: 5 })
  const { ended, log } = await verifying(bad, { world, settings: { productionUrl } })

  await ended
  expect(log).toContain(`Not seen under production's name: ${says}.`)
})

it('what was worse than live stays so while live cannot be asked, until it is the same', async () => {
  const world = standingPair()
  const [blue, green] = [world.aws.member('shop-blue'), world.aws.member('shop-green')]
  const bad = named({ is: 'answer', status: 404, took: 5 })
  const { ended, took } = await verifying(bad, { world, settings: { productionUrl } })
  later(world, 15_000, () => Object.assign(blue, named({ is: 'no answer', why: 'timed out' })))
  later(world, 5 * minute, () => Object.assign(green, named({ is: 'answer', status: 200, took: 5 })))
  later(world, 8 * minute, () => Object.assign(blue, named({ is: 'answer', status: 200, took: 5 })))

  await ended
  expect(took()).toBeGreaterThan(8 * minute)
})

it('silence at its own address says nothing where live is silent there too, and that is told', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), { answers: () => undefined })
  const { ended, log } = await verifying({ answers: () => undefined }, { world })

  await ended
  expect(log.join()).toMatch(
    /Not seen at its own address: http:\/\/shop-green\S+ does not answer from here \(connection refused\), and neither does http:\/\/shop\.us-east-1/,
  )
})

it('a version that nobody can see from here, live’s neither, is not wanted to be seen', async () => {
  const world = standingPair()
  Object.assign(world.aws.member('shop-blue'), { answers: () => undefined })
  const productionExpect = { in: 'header', name: 'x-version', value: '{version}' } as const
  const { ended, log, run } = await verifying(
    { answers: () => undefined },
    { world, settings: { productionExpect } },
  )
  run.record.productionUrl = 'http://shop.us-east-1.elasticbeanstalk.com/health'

  await ended
  expect(log.join()).toContain('Not seen at its own address')
})

it('silence is not good where nobody is live to be compared with', async () => {
  const world = standingPair()
  const candidate = { ...world.aws.seen(world.aws.member('shop-green')), version: '1.0.0' }
  Object.assign(world.aws.member('shop-green'), { answers: () => undefined })
  const { drive } = await world.bare()
  const proven = { candidate, live: undefined, version: '1.0.0', canProbe: true }

  await expect(drive((run) => verifyCandidate(run, proven))).rejects.toThrow('connection refused')
})

it.each([
  ['https://shop.example.com/health', '443'],
  ['http://shop.example.com/health', '80'],
  ['https://shop.example.com:8443/health', '8443'],
])('who wants to see what the candidate answers to %s can paste the request', async (url, port) => {
  const bad = named({ is: 'answer', status: 404, took: 5 })
  const { ended } = await verifying(bad, { settings: { productionUrl: url } })

  const failure = await ended.catch((thrown) => thrown)
  const at = `shop.example.com:${port}:lb-shop-green.elb.amazonaws.com:${port}`
  expect(failure.remedies[0].command).toBe(`curl -i --connect-to ${at} ${url}`)
})
