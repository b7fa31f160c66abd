import { CreateHealthCheckCommand } from '@aws-sdk/client-route-53'
import { describe, expect, it } from 'vitest'
import { AnswerLost, Conflict, type Failure, NotYet, Refused } from '../../../src/deployment/errors.ts'
import { attached, cname, failing, recordWorld, weighted } from './world.ts'

describe('moving a part of production', () => {
  it('is one batch that replaces both records as they were read', async () => {
    const { router, from, green, blue, run, stands, endpoint, calls } = await attached()
    const before = calls('ChangeResourceRecordSets').length
    await run(router.apply(from, router.plan(from, green.id, 10)))
    expect(stands()).toEqual([
      `CNAME 60 s blue-green:shop-blue=90 ${endpoint(blue.id)}`,
      `CNAME 60 s blue-green:shop-green=10 ${endpoint(green.id)}`,
    ])
    const [sent, ...more] = calls('ChangeResourceRecordSets').slice(before)
    expect(more).toEqual([])
    const actions = JSON.stringify(sent?.input).match(/CREATE|DELETE/g)
    expect(actions).toEqual(['DELETE', 'DELETE', 'CREATE', 'CREATE'])
  })

  it('gives users the share that was asked for', async () => {
    const { router, from, green, run, seconds, answers } = await attached()
    await run(router.apply(from, router.plan(from, green.id, 10)))
    await seconds(130)
    const counts = Object.values(answers(2_000))
    expect(Math.min(...counts)).toBeGreaterThan(150)
    expect(Math.min(...counts)).toBeLessThan(250)
  })

  it.each([1, 33, 50, 99, 100])('to %d per cent is exact', async (percent) => {
    const { router, from, green, run, seconds } = await attached()
    const to = router.plan(from, green.id, percent)
    await run(router.apply(from, to))
    await seconds(130)
    expect((await run(router.read())).share).toEqual(to.share)
  })

  it('goes on from what was planned, without reading in between', async () => {
    const { router, from, green, run, seconds } = await attached()
    const ten = router.plan(from, green.id, 10)
    await run(router.apply(from, ten))
    await run(router.apply(ten, router.plan(ten, green.id, 50)))
    await seconds(130)
    expect((await run(router.read())).share[green.id]).toBe(50)
  })

  it('still knows its own routes after they were written to a journal', async () => {
    const { router, from, green, run, seconds } = await attached()
    const to = router.plan(from, green.id, 10)
    await run(router.apply(JSON.parse(JSON.stringify(from)), JSON.parse(JSON.stringify(to))))
    await seconds(130)
    expect((await run(router.read())).share[green.id]).toBe(10)
  })

  it('says beforehand what it would send, for people', async () => {
    const { router, from, blue, green, zone } = await attached()
    expect(router.call(from, router.plan(from, green.id, 10))).toBe(
      `ChangeResourceRecordSets: HostedZoneId=${zone}, www.example.com: ${blue.id} 90 %, ${green.id} 10 %`,
    )
  })
})

describe('somebody else’s change', () => {
  it('before the request is shown, and nothing is sent', async () => {
    const { router, from, green, blue, run, endpoint, byHand, calls } = await attached()
    await byHand(
      ['DELETE', weighted(endpoint(blue.id), 'blue-green:shop-blue', 100)],
      ['CREATE', weighted(endpoint(blue.id), 'blue-green:shop-blue', 77)],
    )
    const before = calls('ChangeResourceRecordSets').length
    const conflict = await failing(run(router.apply(from, router.plan(from, green.id, 10))))
    expect(conflict).toBeInstanceOf(Conflict)
    expect(conflict.message).toMatch(/there is .*weight 77.*; there was .*weight 100/)
    expect(calls('ChangeResourceRecordSets')).toHaveLength(before)
  })

  it('between the look and the request makes Route 53 refuse, and is shown too', async () => {
    const { router, from, green, blue, run, endpoint, byHand, fault, clock, calls } = await attached()
    fault('slow', 'ListResourceRecordSets', { forMs: 20_000 })
    const applying = failing(router.apply(from, router.plan(from, green.id, 10)))
    clock.at(clock.now() + 10_000, () => {
      void byHandLater()
    })
    const byHandLater = () =>
      byHand(
        ['DELETE', weighted(endpoint(blue.id), 'blue-green:shop-blue', 100)],
        ['CREATE', weighted(endpoint(blue.id), 'blue-green:shop-blue', 77)],
      )
    const conflict: Failure = await run(applying)
    expect(conflict).toBeInstanceOf(Conflict)
    expect(conflict.message).toContain('weight 77')
    expect(calls('ChangeResourceRecordSets').at(-1)?.error).toBe('InvalidChangeBatch')
  })
})

it('a record that is not ours is never deleted, even where only one environment is left to tell', async () => {
  const { router, from, blue, green, run, endpoint, byHand, aws, seconds, stands } = await attached()
  await byHand(
    ['DELETE', weighted(endpoint(green.id), 'blue-green:shop-green', 0)],
    ['CREATE', weighted('legacy.example.org', 'theirs', 10)],
  )
  aws.beanstalk.byHand.terminate(green.id)
  await seconds(3_600)
  const now = await run(router.read())
  expect(now.share[blue.id]).toBeLessThan(100)
  const standing = stands()
  await expect(run(router.apply(now, router.plan(from, blue.id)))).rejects.toThrow(/legacy\.example\.org/)
  expect(stands()).toEqual(standing)
})

describe('a change that does not go as it should', () => {
  it.each(['answer-lost', 'reset-before', 'server-error', 'unavailable', 'unanswered'] as const)(
    'is sent once and nobody knows when it meets %s',
    async (fault) => {
      const world = await attached()
      const { router, from, green, run, calls } = world
      const before = calls('ChangeResourceRecordSets').length
      world.fault(fault, 'ChangeResourceRecordSets', { times: 5 })
      await expect(run(router.apply(from, router.plan(from, green.id, 10)))).rejects.toThrow(AnswerLost)
      expect(calls('ChangeResourceRecordSets')).toHaveLength(before + 1)
    },
  )

  it('is sent again when it was throttled, after looking again', async () => {
    const world = await attached()
    const { router, from, green, run, calls } = world
    world.fault('throttled', 'ChangeResourceRecordSets', { times: 2 })
    const looked = calls('ListResourceRecordSets').length
    await run(router.apply(from, router.plan(from, green.id, 10)))
    expect(calls('ListResourceRecordSets')).toHaveLength(looked + 3)
    expect((await run(router.read())).share[green.id]).toBe(10)
  })

  it('waits while another change of the zone is being carried out', async () => {
    const world = await attached()
    const { router, from, green, run, calls, byHand } = world
    fromNowOn(world, () => byHand(['CREATE', cname('a.example.org', { Name: 'other.example.com' })]))
    await run(router.apply(from, router.plan(from, green.id, 10)))
    expect(calls('ChangeResourceRecordSets').map(({ error }) => error)).toContain('PriorRequestNotComplete')
    expect((await run(router.read())).share[green.id]).toBe(10)
  })

  it('may go later when throttling outlasts its patience: nothing happened', async () => {
    const world = await attached()
    world.fault('throttled', 'ChangeResourceRecordSets', { times: 100 })
    const { router, from, green, run } = world
    await expect(run(router.apply(from, router.plan(from, green.id, 10)))).rejects.toThrow(NotYet)
  })

  it.each([
    ['ListResourceRecordSets', 'read'],
    ['ChangeResourceRecordSets', 'apply'],
    ['GetChange', 'read'],
  ] as const)('names route53:%s where it is not allowed', async (operation, how) => {
    const world = await attached()
    const { router, from, green, run } = world
    if (operation === 'GetChange') await run(router.apply(from, router.plan(from, green.id, 10)))
    world.fault('denied', operation, { times: 9 })
    const refused = await failing(
      run<unknown>(how === 'read' ? router.read() : router.apply(from, router.plan(from, green.id, 10))),
    )
    expect(refused).toBeInstanceOf(Refused)
    expect(JSON.parse(refused.remedies[0]?.command ?? '')).toMatchObject({ Action: `route53:${operation}` })
  })

  it('names the zone that is not there, and how to find the right one', async () => {
    const { routersOf, pair, run } = await recordWorld()
    const refused = await failing(run(routersOf({ hostedZoneId: 'Z0NOT0THERE' })(pair).read()))
    expect(refused.message).toContain('No hosted zone found with ID: Z0NOT0THERE')
    expect(refused.remedies[1]?.command).toContain('list-hosted-zones-by-name --dns-name example.com')
  })

  it('tells Route 53’s own reason where it is nobody’s change: a name outside of the zone', async () => {
    const { routerFor, pair, blue, run } = await recordWorld()
    const router = routerFor({ ...pair, productionName: 'www.example.org' })
    const refused = await failing(run(router.attach({ live: blue.id, candidate: undefined })))
    expect(refused).not.toBeInstanceOf(Conflict)
    expect(refused.message).toMatch(
      /RRSet with DNS name www\.example\.org\. is not permitted in zone example\.com\./,
    )
  })
})

describe('health checks of Route 53’s own', () => {
  it('stay with their records through every change, and it is told what they do', async () => {
    const world = await attached()
    const { blue, green, router, run, endpoint, seconds } = world
    const { HealthCheck } = await run(
      world.clients.route53.send(
        new CreateHealthCheckCommand({
          CallerReference: 'once',
          HealthCheckConfig: { Type: 'HTTP', FullyQualifiedDomainName: endpoint(blue.id) },
        }),
      ),
    )
    const HealthCheckId = HealthCheck?.Id ?? ''
    const of = (id: string, set: string, weight: number) =>
      weighted(endpoint(id), set, weight, { HealthCheckId })
    await world.byHand(
      ['UPSERT', of(blue.id, 'blue-green:shop-blue', 100)],
      ['UPSERT', of(green.id, 'blue-green:shop-green', 0)],
    )
    await run(router.attach({ live: blue.id, candidate: green.id }))
    const from = await run(router.read())
    expect(from.notes?.[0]).toContain(`to shop-blue has health check ${HealthCheckId}`)
    await run(router.apply(from, router.plan(from, green.id, 10)))
    await seconds(130)
    const records = world.aws.route53.shown().flatMap((zone) => zone.records)
    const kept = records.filter((record) => record.HealthCheckId === HealthCheckId)
    expect(kept.map(({ Weight }) => Weight)).toEqual([90, 10])
  })

  it('stay on aliases only until both are known, and are told meanwhile', async () => {
    const world = await recordWorld()
    const { blue, green } = world
    const DNSName = world.environment(blue.id).cname ?? ''
    const alias = { HostedZoneId: 'Z117KPS5GTRQ2G', DNSName, EvaluateTargetHealth: true }
    const { TTL, ResourceRecords, ...record } = weighted('', 'mine', 1)
    await world.byHand(['CREATE', { ...record, Type: 'A', AliasTarget: alias }])
    const { notes } = await world.run(world.router.read())
    expect(notes?.join()).toMatch(/to shop-blue has EvaluateTargetHealth.*even at a weight of 0/)
    await world.run(world.router.attach({ live: blue.id, candidate: green.id }))
    expect((await world.run(world.router.read())).notes).toBeUndefined()
  })
})

/** Something else begins a moment before the next change of the zone. */
function fromNowOn({ clock }: Awaited<ReturnType<typeof recordWorld>>, act: () => Promise<unknown>): void {
  clock.at(clock.now() + 30, () => void act())
}
