import { describe, expect, it } from 'vitest'
import { NotYet } from '../../src/deployment/errors.ts'
import { moveTraffic } from '../../src/deployment/move-traffic.ts'
import { nextStep } from '../../src/deployment/next-step.ts'
import type { Settings } from '../../src/deployment/settings.ts'
import { ownName, shareOf } from './weights.ts'
import { emptyWorld, standingPair, until, untilStage, type World, weightedPair } from './world.ts'

const quick: Partial<Settings> = {
  trafficInputs: { traffic: 'route53', 'record-name': ownName },
  stepInterval: 60_000,
  bakeTime: 60_000,
  healthStableFor: 10_000,
  drainTimeout: 60_000,
}

const cdn = 'http://cdn.example.com/health'

const tellingOf = (seen: Awaited<ReturnType<World['run']>>) => JSON.stringify(seen)

/** What a swap is to users' eyes. */
const ofSwaps = /\bswaps?\b|production CNAME|production-cname/i

describe('where production moves in steps, nothing speaks of a swap', () => {
  it('in what a good deployment, a status and a dry run tell', async () => {
    for (const operation of ['deploy', 'status'] as const) {
      const seen = await weightedPair().run(operation, quick)
      expect(tellingOf(seen)).not.toMatch(ofSwaps)
    }
    expect(tellingOf(await weightedPair().run('deploy', { ...quick, dryRun: true }))).not.toMatch(ofSwaps)
  })

  it('when a name of a CDN leads straight to one side', async () => {
    const world = weightedPair()
    world.aws.aliases.set('cdn.example.com', 'lb-shop-blue.elb.amazonaws.com')
    const refused = await world.run('deploy', { ...quick, productionUrl: cdn })
    expect(refused.says).toContain(
      'itself (lb-shop-blue.elb.amazonaws.com): it does not follow when production moves',
    )
    expect(refused.remedies[0]?.why).toContain(`Let it lead to where ${ownName} leads`)
    const { pair } = await world.run('status', { ...quick, productionUrl: cdn })
    expect(pair?.obstacles[0]?.what).toContain('it does not follow when production moves')
    expect(tellingOf(refused) + JSON.stringify(pair)).not.toMatch(ofSwaps)
  })

  it('when production resolves to the other side', async () => {
    const world = weightedPair()
    world.aws.aliases.set('cdn.example.com', 'shop-green.us-east-1.elasticbeanstalk.com')
    world.aws.member('shop-green').cname = 'shop-green.us-east-1.elasticbeanstalk.com'
    const refused = await world.run('deploy', { ...quick, productionUrl: cdn })
    expect(refused.says).toContain('The witnesses disagree: the zone sends production to shop-blue, but')
    const { pair } = await world.run('status', { ...quick, productionUrl: cdn })
    expect(pair?.obstacles.map(({ mend }) => mend.why).join()).toContain('Just after a change')
    expect(tellingOf(refused) + JSON.stringify(pair)).not.toMatch(ofSwaps)
  })

  it('when neither of the two gets any of it', async () => {
    const world = weightedPair()
    world.aws.add({ name: 'shop-teal', id: 'e-teal' })
    Object.assign(world.aws.weights as object, { share: { 'e-teal': 100 } })
    const seen = await world.run('deploy', quick)
    expect(seen.says).toContain(
      `the zone sends production (${ownName}) to neither environment (shop-blue and shop-green): shop-teal`,
    )
    const { pair } = await world.run('status', quick)
    expect(pair?.obstacles[0]?.what).toContain('shop-teal')
    Object.assign(world.aws.weights as object, { share: { 'e-nobody': 100 } })
    const nobody = await world.run('deploy', quick)
    expect(nobody.remedies.map(({ why }) => why).join()).toContain(
      `Let ${ownName} lead to the one of the two`,
    )
    expect(tellingOf(seen) + JSON.stringify(pair) + tellingOf(nobody)).not.toMatch(ofSwaps)
  })

  it('when neither exists and another environment has it', async () => {
    const world = weightedPair()
    const names = { blueEnvironment: 'shop-red', greenEnvironment: 'shop-teal' }
    const { pair } = await world.run('status', { ...quick, ...names })
    expect(pair?.obstacles[0]?.what).toContain('to neither environment (neither exists): shop-blue')
    expect(JSON.stringify(pair)).not.toMatch(ofSwaps)
  })

  it('when nobody can see what a name of a CDN leads to', async () => {
    const { pair } = await weightedPair().run('status', { ...quick, productionUrl: cdn })
    expect(JSON.stringify(pair?.notLookedAt)).toContain(
      'alias of the production name or of a load balancer, which does not follow when production moves',
    )
  })

  it('when neither exists and the name leads elsewhere', async () => {
    const world = emptyWorld()
    world.aws.weights = weightedPair().aws.weights
    Object.assign(world.aws.weights as object, { share: { 'e-nobody': 100 } })
    const seen = await world.run('deploy', { ...quick, platform: 'Node.js' })
    expect(seen.is).toBe('failed')
    expect(tellingOf(seen)).not.toMatch(ofSwaps)
  })
})

describe('what status tells of option settings where production moves in steps', () => {
  const own = 'aws:elasticbeanstalk:application:environment'
  const obstaclesOf = async (world: World) => {
    const { pair } = await world.run('status', quick)
    return JSON.stringify(pair?.obstacles)
  }

  it('leaves out what only a swap would break', async () => {
    const give = (world: World) => {
      world.aws.member('shop-blue').options = [
        { namespace: 'aws:elasticbeanstalk:environment', name: 'LoadBalancerIsShared', value: 'true' },
        { namespace: 'aws:elasticbeanstalk:environment', name: 'EnvironmentType', value: 'SingleInstance' },
        { namespace: own, name: 'SELF', value: 'e-blue' },
      ]
      return world
    }
    const text = await obstaclesOf(give(weightedPair()))
    expect(text).not.toMatch(ofSwaps)
    expect(text).toContain('a name that points at its address does not follow when production moves')
    expect(text).toContain('in the other environment they are wrong')
    expect(text).not.toContain('shares its load balancer')
    const swapped = await obstaclesOf(give(standingPair()))
    expect(swapped).toContain('shares its load balancer with others')
    expect(swapped).toContain('in the other environment, and after a swap, they are wrong')
  })

  it('says that the way back is one change', async () => {
    const world = weightedPair()
    await world.run('deploy', quick)
    const { pair } = await world.run('status', quick)
    expect(pair?.wayBack).toMatchObject({
      is: 'open',
      says: expect.stringContaining('by one change, in seconds'),
    })
  })
})

describe('a step that does not happen', () => {
  it('is not said to be there and back when it is sent twice', async () => {
    const world = weightedPair()
    world.wire.fail('shift', 'never arrives')
    const seen = await world.run('deploy', quick)
    expect(seen.says).toMatch(/It is not sent again by itself\.$/)
    expect(seen.remedies.map(({ why }) => why)).toEqual([expect.stringContaining('Run it again')])
  })

  it('and is refused for now again and again ends with what the router says should be done', async () => {
    for (const remedies of [[], [{ why: 'Ask the provider.' }]]) {
      const world = weightedPair()
      const { run, drive } = await world.bare(quick)
      const router = run.ports.routerFor({ ids: ['e-blue', 'e-green'], productionName: ownName })
      const apply = async () => {
        throw new NotYet('Too busy.', remedies)
      }
      const refusal = await drive(async (still) => {
        const from = await router.read()
        const to = router.plan(from, 'e-green', 10)
        const move = { router: { ...router, apply }, from, to, towards: 'shop-green', version: '1.1.0' }
        await moveTraffic(still, move)
      }).catch((thrown: unknown) => thrown)
      expect(refusal).toMatchObject({
        message: expect.stringMatching(/^Too busy\. It was tried for 5 min/),
        remedies: [{ why: expect.stringContaining(remedies[0]?.why ?? 'Run it again') }],
      })
    }
  })
})

describe('what serves production at the end', () => {
  it('is told as a split where a run got stuck half way', async () => {
    const world = weightedPair()
    const running = world.start('deploy', quick)
    await untilStage(world, running, 'Shift traffic')
    await until(world, () => shareOf(world.aws, 'e-green') === 10)
    world.wire.fail('shift', 'refused', Number.POSITIVE_INFINITY)
    const seen = await world.clock.run(running.ended)
    expect(seen).toMatchObject({
      is: 'stuck',
      live: { name: 'shop-blue' },
      split: { 'shop-blue': 90, 'shop-green': 10 },
    })
    expect(seen.remedies[0]?.command).not.toContain('CNAME')
  })
})

it('a next step says again how traffic is routed', async () => {
  const { run } = await weightedPair().bare(quick)
  expect(nextStep(run, 'promote').split('\n')).toEqual([
    'operation: promote',
    'application: shop',
    'blue-environment: shop-blue',
    'green-environment: shop-green',
    'traffic: route53',
    'record-name: www.example.com',
    'version: "1.1.0"',
    'health-path: /health',
  ])
})
