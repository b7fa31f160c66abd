import { describe, expect, it } from 'vitest'
import { refuseForeign } from '../../../src/aws/route53/foreign.ts'
import { standingOf } from '../../../src/aws/route53/standing.ts'
import { weightedRecords } from '../../../src/aws/route53/two-records.ts'
import { recordsOf } from '../../../src/aws/route53/zone.ts'
import { attached, cname, failing, name, recordWorld, simple, weighted } from './world.ts'

describe('reading', () => {
  it.each(['endpoint', 'cname'] as const)(
    'knows whose %s a record leads to, however it is written',
    async (what) => {
      const world = await recordWorld()
      const { blue, green } = world
      const to =
        what === 'endpoint'
          ? `dualstack.${world.endpoint(green.id).toUpperCase()}.`
          : `${world.environment(green.id).cname}.`
      await world.byHand(['CREATE', cname(to)])
      const reading = await world.run(world.router.read())
      expect(reading.share).toEqual({ [blue.id]: 0, [green.id]: 100 })
      expect(reading.settled).toBe(true)
    },
  )

  it('looks at no other name of the zone', async () => {
    const world = await simple()
    await world.byHand(['CREATE', cname('legacy.example.org', { Name: `z.${name}` })])
    await world.byHand(['CREATE', cname('legacy.example.org', { Name: 'zzz.example.com' })])
    expect((await world.run(world.router.read())).share[world.blue.id]).toBe(100)
  })

  it('tells the shares of a weighted pair, whatever their sum', async () => {
    const world = await recordWorld()
    const { blue, green } = world
    await world.byHand(
      ['CREATE', weighted(world.endpoint(blue.id), 'old', 3)],
      ['CREATE', weighted(world.endpoint(green.id), 'new', 1)],
    )
    expect((await world.run(world.router.read())).share).toEqual({ [blue.id]: 75, [green.id]: 25 })
  })

  it('takes weights that are all zero for equal ones, as Route 53 does', async () => {
    const world = await recordWorld()
    const { blue, green } = world
    await world.byHand(
      ['CREATE', weighted(world.endpoint(blue.id), 'old', 0)],
      ['CREATE', weighted(world.endpoint(green.id), 'new', 0)],
    )
    expect((await world.run(world.router.read())).share).toEqual({ [blue.id]: 50, [green.id]: 50 })
  })

  it('is the same in whichever order the pair is given', async () => {
    const { routerFor, pair, from, run } = await attached()
    const other = await run(routerFor({ ...pair, ids: [...pair.ids].reverse() }).read())
    expect(other).toEqual(from)
  })

  it('tells with one id alone whether it has production', async () => {
    const { routerFor, pair, blue, green, run } = await attached()
    const alone = (id: string) => run(routerFor({ ...pair, ids: [id] }).read())
    expect((await alone(blue.id)).share).toEqual({ [blue.id]: 100 })
    expect((await alone(green.id)).share).toEqual({ [green.id]: 0 })
  })

  it('finds the holder among many, and nobody where the name leads to another environment of the application', async () => {
    const world = await recordWorld()
    const { aws, run, router, beanstalk, blue, green } = world
    const third = await run(
      aws.beanstalk.given.environment({ application: 'shop', name: 'shop-old', version: 'v1' }),
    )
    await world.byHand(['CREATE', cname(world.endpoint(third.id))])
    const all = await run(beanstalk.all())
    expect((await run(router.holder(all)))?.name).toBe('shop-old')
    const pair = all.filter(({ id }) => id === blue.id || id === green.id)
    expect(await run(router.holder(pair))).toBeUndefined()
  })

  it('says how the name is pointed at one of them by hand where nothing stands there', async () => {
    const world = await recordWorld()
    const { run, router, blue, endpoint } = world
    const { leadsNowhere, share } = await run(router.read())
    expect(share).toEqual(Object.fromEntries(world.pair.ids.map((id) => [id, 0])))
    const json = /--change-batch '(.+)'$/.exec(leadsNowhere?.command ?? '')?.[1] ?? ''
    expect(JSON.parse(json).Changes).toEqual([
      {
        Action: 'CREATE',
        ResourceRecordSet: {
          Name: `${name}.`,
          Type: 'CNAME',
          TTL: 60,
          ResourceRecords: [{ Value: endpoint(blue.id) }],
        },
      },
    ])
    await world.byHand(['CREATE', JSON.parse(json).Changes[0].ResourceRecordSet])
    expect((await run(router.read())).share[blue.id]).toBe(100)
  })

  it('costs one call, in a zone of ten thousand records too', async () => {
    const world = await simple()
    for (let batch = 0; batch < 10; batch++)
      await world.byHand(
        ...Array.from(
          { length: 1_000 },
          (_, at) => ['CREATE', cname('a.example.org', { Name: `n${batch}-${at}.example.com.` })] as const,
        ),
      )
    const before = world.calls('ListResourceRecordSets').length
    expect((await world.run(world.router.read())).share[world.blue.id]).toBe(100)
    expect(world.calls('ListResourceRecordSets')).toHaveLength(before + 1)
  })

  it('goes on where the name itself has more records than a page', async () => {
    const world = await recordWorld()
    const types = { A: '192.0.2.1', AAAA: '2001:db8::1', TXT: '"text"', MX: '10 mail.example.org' } as const
    for (const [Type, value] of Object.entries(types))
      await world.byHand(
        ...Array.from(
          { length: 100 },
          (_, at) => ['CREATE', weighted(value, `n${at}`, 1, { Type: Type as keyof typeof types })] as const,
        ),
      )
    const found = await world.run(recordsOf(world.clients, { id: world.zone, role: undefined }, name))
    expect(new Set(found.map(({ Type, SetIdentifier }) => `${Type} ${SetIdentifier}`)).size).toBe(400)
    expect(world.calls('ListResourceRecordSets')).toHaveLength(2)
  })

  it('is not settled while the name servers have not been told of its own change', async () => {
    const { router, from, green, run, seconds } = await attached()
    await run(router.apply(from, router.plan(from, green.id, 10)))
    const during = await run(router.read())
    expect(during).toMatchObject({ settled: false, under: expect.stringContaining('PENDING') })
    await seconds(130)
    expect(await run(router.read())).toEqual({ ...router.plan(from, green.id, 10), settled: true })
  })

  it('asks after a change no more once it is everywhere', async () => {
    const { router, from, green, run, seconds, calls } = await attached()
    await run(router.apply(from, router.plan(from, green.id, 10)))
    await seconds(130)
    await run(router.read())
    const asked = calls('GetChange').length
    await run(router.read())
    expect(calls('GetChange')).toHaveLength(asked)
  })

  it('remembers what is on its way for every router of the run', async () => {
    const { router, routerFor, pair, from, green, run } = await attached()
    await run(router.apply(from, router.plan(from, green.id, 10)))
    expect((await run(routerFor(pair).read())).settled).toBe(false)
  })
})

describe('what is not ours', () => {
  it('is refused and told: a record that leads elsewhere beside one that does not', async () => {
    const world = await recordWorld()
    await world.byHand(
      ['CREATE', weighted(world.endpoint(world.blue.id), 'a', 90)],
      ['CREATE', weighted('legacy.example.org', 'b', 10)],
    )
    const failure = await failing(world.run(world.router.read()))
    expect(failure.message).toMatch(/CNAME → legacy\.example\.org, weight 10 \(set identifier b\)/)
    expect(failure.remedies.at(-1)?.command).toContain('aws route53 list-resource-record-sets')
    await expect(
      world.run(world.router.attach({ live: world.blue.id, candidate: world.green.id })),
    ).rejects.toThrow('Nothing was changed')
  })

  it('is refused: a name that leads elsewhere altogether', async () => {
    const world = await recordWorld()
    await world.byHand(['CREATE', cname('legacy.example.org')])
    const all = await world.run(world.beanstalk.read(world.pair.ids))
    await expect(world.run(world.router.holder(all))).rejects.toThrow(/legacy\.example\.org/)
  })

  it('is refused: two environments behind one load balancer, with the ways that can tell them apart', () => {
    const endpoint = 'shared.us-east-1.elb.amazonaws.com'
    const members = ['shop-blue', 'shop-green'].map((one) => ({
      id: one,
      name: one,
      endpoint,
      cname: undefined,
    }))
    const seen = { name, zone: 'Z1', recordType: 'cname', members, standing: [], records: [] } as const
    expect(() => refuseForeign(seen)).toThrow(/shop-blue and shop-green are behind one load balancer/)
    expect(() => refuseForeign({ ...seen, members: members.slice(1) })).not.toThrow()
  })

  it('is refused: records chosen by latency', async () => {
    const world = await recordWorld()
    await world.byHand([
      'CREATE',
      cname(world.endpoint(world.blue.id), { SetIdentifier: 'virginia', Region: 'us-east-1' }),
    ])
    await expect(world.run(world.router.read())).rejects.toThrow(/by latency, not by weight/)
  })

  it('is refused: a record of another family beside address records', async () => {
    const world = await recordWorld({ blue: { single: true }, green: { single: true } })
    await world.byHand(
      ['CREATE', cname(world.endpoint(world.blue.id), { Type: 'A' })],
      ['CREATE', cname('2001:db8::1', { Type: 'AAAA' })],
    )
    await expect(world.run(world.router.read())).rejects.toThrow(/AAAA/)
  })
})

describe('records', () => {
  const member = { id: 'e-1', name: 'shop-blue', endpoint: undefined, cname: undefined }

  it('are in one order, whichever they come in', () => {
    const records = [weighted('a.example.org', 'one', 1), weighted('b.example.org', 'two', 1)]
    expect(standingOf([...records].reverse(), [])).toEqual(standingOf(records, []))
  })

  it('of an environment that has no address for the time being stay as they are, but for their weight', async () => {
    const record = weighted('a.example.org', 'blue-green:shop-blue', 100)
    const making = {
      name,
      recordType: 'cname',
      ttl: 60,
      members: [member],
      standing: [{ environment: 'e-1', record }],
      aliasZone: async () => '',
    } as const
    expect(await weightedRecords(making, { 'e-1': 0 })).toEqual([{ ...record, Weight: 0 }])
    expect(await weightedRecords({ ...making, standing: [] }, { 'e-1': 0 })).toEqual([])
    await expect(weightedRecords({ ...making, standing: [] }, { 'e-1': 10 })).rejects.toThrow(
      'shop-blue has no address that www.example.com could lead to.',
    )
  })
})
