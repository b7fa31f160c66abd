import { describe, expect, it } from 'vitest'
import { zoneWorld } from './zone-world.ts'

/** A pair of CNAMEs, each with a health check of its environment. */
async function checkedPair(weights: readonly [number, number]) {
  const world = zoneWorld()
  const { r53, run, change, seconds } = world
  const [id, pair] = [await world.zone(), await world.pair()]
  const [blue, green] = await Promise.all(
    pair.map(async ({ cname }, at) => {
      const answer = r53.createHealthCheck({
        CallerReference: `${at}`,
        HealthCheckConfig: {
          Type: 'HTTP',
          FullyQualifiedDomainName: cname,
          RequestInterval: 10,
          FailureThreshold: 2,
        },
      })
      const { HealthCheck } = await run(answer)
      return { check: HealthCheck?.Id ?? '', to: cname, weight: weights[at] ?? 0, set: `${at}` }
    }),
  )
  if (!blue || !green) throw new Error('a pair has two')
  await change(id, ['CREATE', blue], ['CREATE', green])
  await seconds(130)
  return {
    ...world,
    blue,
    green,
    crash: (at: 0 | 1) => world.simulator.beanstalk.byHand.crash(pair[at].id),
    status: async (HealthCheckId: string) => {
      const { HealthCheckObservations: [seen] = [] } = await run(r53.getHealthCheckStatus({ HealthCheckId }))
      return seen?.StatusReport?.Status ?? 'none'
    },
    shares: () => world.drawn('shop.example.com', 200),
  }
}

describe('a health check', () => {
  it('looks at its endpoint, and says what it saw', async () => {
    const { blue, status, crash, seconds } = await checkedPair([1, 1])
    expect(await status(blue.check)).toBe('Success: HTTP Status Code 200, OK')
    crash(0)
    await seconds(30)
    expect(await status(blue.check)).toMatch(/^Failure: HTTP Status Code 50\d/)
  })

  it.each([
    ['HTTP_STR_MATCH', { SearchString: 'version' }, 'Success: HTTP Status Code 200, OK'],
    ['HTTP_STR_MATCH', { SearchString: 'elsewhere' }, 'The search string was not found'],
    ['TCP', { Port: 80 }, 'Success: TCP connection established'],
    ['TCP', { Port: 81 }, 'Failure: connect ETIMEDOUT'],
    ['HTTPS', {}, 'Failure: connect ETIMEDOUT'],
    ['HTTP', { FullyQualifiedDomainName: 'nobody.example.net' }, 'Failure: DNS resolution failed'],
  ] as const)('of the type %s with %o sees: %s', async (Type, more, status) => {
    const world = zoneWorld()
    const [{ cname }] = await world.pair()
    const HealthCheckConfig = { Type, FullyQualifiedDomainName: cname, ...more }
    const { HealthCheck } = await world.run(
      world.r53.createHealthCheck({ CallerReference: '1', HealthCheckConfig }),
    )
    await world.seconds(10)
    const HealthCheckId = HealthCheck?.Id ?? ''
    const { HealthCheckObservations = [] } = await world.run(
      world.r53.getHealthCheckStatus({ HealthCheckId }),
    )
    expect(HealthCheckObservations[0]?.StatusReport?.Status).toContain(status)
  })

  it('looks no more when the simulator is closed', async () => {
    const { blue, simulator, dataPlane, seconds } = await checkedPair([1, 1])
    await simulator.close()
    let asked = 0
    Object.assign(dataPlane, {
      request: async () => {
        asked += 1
      },
    })
    await seconds(600)
    expect([asked, blue.weight]).toEqual([0, 1])
  })

  it('takes a record out when its endpoint has failed often enough in a row', async () => {
    const { blue, green, shares, crash, seconds } = await checkedPair([255, 1])
    expect(Object.keys(shares())).toContain(blue.to)
    crash(0)
    await seconds(30)
    expect(shares()).toEqual({ [green.to]: 200 })
  })

  it('gives a record of weight 0 traffic when no other is healthy', async () => {
    const { blue, green, shares, crash, seconds } = await checkedPair([100, 0])
    expect(shares()).toEqual({ [blue.to]: 200 })
    crash(0)
    await seconds(30)
    expect(shares()).toEqual({ [green.to]: 200 })
  })

  it('does not count when nothing is healthy: all are answered as if all were', async () => {
    const { blue, shares, crash, seconds } = await checkedPair([100, 0])
    crash(0)
    crash(1)
    await seconds(30)
    expect(shares()).toEqual({ [blue.to]: 200 })
  })

  it('is healthy until it knows better, when it is disabled, and when it is gone', async () => {
    const { blue, green, shares, crash, seconds, r53, run } = await checkedPair([1, 0])
    crash(0)
    await seconds(30)
    await run(r53.updateHealthCheck({ HealthCheckId: blue.check, HealthCheckVersion: 1, Disabled: true }))
    expect(shares()).toEqual({ [blue.to]: 200 })
    await run(r53.updateHealthCheck({ HealthCheckId: blue.check, Disabled: false, Inverted: true }))
    expect(shares()).toEqual({ [blue.to]: 200 })
    await run(r53.updateHealthCheck({ HealthCheckId: blue.check, Inverted: false }))
    expect(shares()).toEqual({ [green.to]: 200 })
    await run(r53.deleteHealthCheck({ HealthCheckId: blue.check }))
    expect(shares()).toEqual({ [blue.to]: 200 })
  })

  it('of other checks counts how many of them are healthy', async () => {
    const { blue, green, crash, seconds, r53, run, simulator, change, zone } = await checkedPair([1, 1])
    const { HealthCheck } = await run(
      r53.createHealthCheck({
        CallerReference: 'both',
        HealthCheckConfig: {
          Type: 'CALCULATED',
          ChildHealthChecks: [blue.check, green.check],
          HealthThreshold: 2,
        },
      }),
    )
    const id = await zone('example.org')
    const one = {
      name: 'a.example.org',
      set: 'one',
      weight: 1,
      to: 'one.example.net',
      check: HealthCheck?.Id ?? '',
    }
    const other = { ...one, set: 'other', weight: 0, to: 'other.example.net' }
    await change(id, ['CREATE', one], ['CREATE', { ...other, check: green.check }])
    await seconds(130)
    const answer = () => simulator.names.resolve('a.example.org', 'CNAME')[0]?.data
    expect(answer()).toBe('one.example.net')
    crash(0)
    await seconds(30)
    expect(answer()).toBe('other.example.net')
  })

  it('is made once for a caller reference, and never again for that of a deleted one', async () => {
    const { r53, run } = zoneWorld()
    const config = { Type: 'TCP', IPAddress: '127.64.0.1', Port: 80 } as const
    const create = (HealthCheckConfig: object) =>
      run(
        r53.createHealthCheck({
          CallerReference: '1',
          HealthCheckConfig: { ...config, ...HealthCheckConfig },
        }),
      )
    const { HealthCheck } = await create({})
    expect((await create({})).HealthCheck?.Id).toBe(HealthCheck?.Id)
    await expect(create({ Port: 81 })).rejects.toMatchObject({ name: 'HealthCheckAlreadyExists' })
    expect((await run(r53.listHealthChecks())).HealthChecks).toHaveLength(1)
    await run(r53.deleteHealthCheck({ HealthCheckId: HealthCheck?.Id ?? '' }))
    await expect(create({})).rejects.toMatchObject({ name: 'HealthCheckAlreadyExists' })
    expect(await run(r53.getHealthCheckCount())).toMatchObject({ HealthCheckCount: 0 })
  })

  it('must be there before a record can have it', async () => {
    const { zone, refused } = zoneWorld()
    expect(
      await refused(await zone(), ['CREATE', { to: 'a.example.net', set: 'a', weight: 1, check: 'none' }]),
    ).toMatch(/^NoSuchHealthCheck: /)
  })
})

describe("an alias that evaluates its target's health", () => {
  it.each([
    ['application', 'Z35SXDOTRQ7X7K'],
    ['classic', 'Z35SXDOTRQ7X7K'],
    ['network', 'Z26RNL4JYFTOTI'],
  ] as const)(
    'is left out while no instance behind the load balancer is healthy (%s)',
    async (loadBalancer, zone) => {
      const world = zoneWorld()
      const [id, [one, other]] = [await world.zone(), await world.pair({ loadBalancer })]
      const to = (name: string, set: string, weight: number) => {
        const alias = { zone, name, evaluate: true }
        return ['CREATE', { name: 'example.com', type: 'A', set, weight, alias }] as const
      }
      await world.change(id, to(one.endpoint, 'blue', 100), to(other.endpoint, 'green', 0))
      await world.seconds(130)
      const address = ({ endpoint }: { endpoint: string }) =>
        world.simulator.names.resolve(endpoint)[0]?.data ?? ''
      expect(world.drawn('example.com', 50)).toEqual({ [address(one)]: 50 })
      world.simulator.beanstalk.byHand.crash(one.id)
      await world.seconds(120)
      expect(world.drawn('example.com', 50)).toEqual({ [address(other)]: 50 })
    },
  )

  it('is always good when it leads to a single instance', async () => {
    const world = zoneWorld()
    const [id, [one]] = [await world.zone(), await world.pair({ single: true })]
    const alias = { zone: 'Z117KPS5GTRQ2G', name: one.cname, evaluate: true }
    const line = { name: 'example.com', type: 'A', weight: 1, set: 'blue', alias } as const
    await world.change(id, ['CREATE', line])
    await world.change(id, [
      'CREATE',
      { name: 'example.com', type: 'A', weight: 0, set: 'green', to: '10.0.0.1' },
    ])
    world.simulator.beanstalk.byHand.crash(one.id)
    await world.seconds(200)
    expect(Object.keys(world.drawn('example.com', 50))).toEqual([expect.stringMatching(/^127\./)])
  })
})
