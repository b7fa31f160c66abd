import { describe, expect, it } from 'vitest'
import { zoneWorld } from './zone-world.ts'

describe('a hosted zone', () => {
  it('begins with its name servers, which answer after a while', async () => {
    const { r53, run, seconds, answers } = zoneWorld()
    const created = await run(r53.createHostedZone({ Name: 'Example.com', CallerReference: '1' }))
    expect(created.HostedZone).toMatchObject({ Name: 'example.com.', ResourceRecordSetCount: 2 })
    expect(created.Location).toBe(`https://route53.amazonaws.com/2013-04-01${created.HostedZone?.Id}`)
    expect(answers('example.com', 'NS')).toEqual([])
    await seconds(130)
    expect(answers('example.com', 'NS')).toEqual(
      created.DelegationSet?.NameServers?.map((server) => `NS 172800 ${server}`),
    )
  })

  it('is found by its name among others, in the order of labels reversed', async () => {
    const { r53, run, zone } = zoneWorld()
    for (const name of ['b.com', 'example.com', 'shop.example.com', 'a.com', 'example.org']) await zone(name)
    const { HostedZones, IsTruncated, NextDNSName } = await run(
      r53.listHostedZonesByName({ DNSName: 'example.com', MaxItems: 2 }),
    )
    expect(HostedZones?.map(({ Name }) => Name)).toEqual(['example.com.', 'shop.example.com.'])
    expect([IsTruncated, NextDNSName]).toEqual([true, 'example.org.'])
    const { HostedZones: first, NextMarker } = await run(r53.listHostedZones({ MaxItems: 3 }))
    const { HostedZones: rest } = await run(r53.listHostedZones({ Marker: NextMarker ?? '' }))
    expect(new Set([...(first ?? []), ...(rest ?? [])].map(({ Id }) => Id)).size).toBe(5)
    expect(await run(r53.getHostedZoneCount())).toMatchObject({ HostedZoneCount: 5 })
  })

  it('is deleted only when nothing is left in it', async () => {
    const { r53, run, zone, change } = zoneWorld()
    const Id = await zone()
    const line = { to: 'a.example.net' }
    await change(Id, ['CREATE', line])
    await expect(run(r53.deleteHostedZone({ Id }))).rejects.toMatchObject({ name: 'HostedZoneNotEmpty' })
    await change(Id, ['DELETE', line])
    const { ChangeInfo } = await run(r53.deleteHostedZone({ Id }))
    expect(ChangeInfo?.Status).toBe('PENDING')
    await expect(run(r53.getHostedZone({ Id }))).rejects.toMatchObject({
      name: 'NoSuchHostedZone',
      message: `No hosted zone found with ID: ${Id}`,
      $metadata: { httpStatusCode: 404 },
    })
  })

  it('is made once for a caller reference', async () => {
    const { r53, run } = zoneWorld()
    const order = { Name: 'example.com', CallerReference: '1' }
    await run(r53.createHostedZone(order))
    await expect(run(r53.createHostedZone(order))).rejects.toMatchObject({ name: 'HostedZoneAlreadyExists' })
  })

  it('is no part of the public DNS when it is private', async () => {
    const { r53, run, change, seconds, answers } = zoneWorld()
    const { HostedZone } = await run(
      r53.createHostedZone({
        Name: 'example.com',
        CallerReference: '1',
        VPC: { VPCRegion: 'us-east-1', VPCId: 'vpc-1' },
      }),
    )
    expect(HostedZone?.Config?.PrivateZone).toBe(true)
    await change(HostedZone?.Id ?? '', ['CREATE', { type: 'A', to: '10.0.0.1' }])
    await seconds(130)
    expect(answers('shop.example.com')).toEqual([])
  })
})

describe('the records of a zone', () => {
  it('are listed by their names with labels reversed, then types, then set identifiers, whatever order they came in', async () => {
    const { zone, change, r53, run } = zoneWorld()
    const id = await zone()
    await change(
      id,
      ['CREATE', { name: 'www.shop.example.com', type: 'TXT', to: '"x"' }],
      ['CREATE', { name: 'Shop-a.example.com', type: 'A', to: '10.0.0.1' }],
      ['CREATE', { set: 'green', weight: 0, to: 'green.example.net' }],
      ['CREATE', { set: 'blue', weight: 1, to: 'blue.example.net' }],
      ['CREATE', { name: '*.example.com', type: 'A', to: '10.0.0.1' }],
      ['CREATE', { name: 'www.shop.example.com', type: 'A', to: '10.0.0.1' }],
    )
    const { ResourceRecordSets = [] } = await run(r53.listResourceRecordSets({ HostedZoneId: id }))
    expect(
      ResourceRecordSets.map((one) => `${one.Name} ${one.Type} ${one.SetIdentifier ?? ''}`.trim()),
    ).toEqual([
      'example.com. NS',
      'example.com. SOA',
      '\\052.example.com. A',
      'shop-a.example.com. A',
      'shop.example.com. CNAME blue',
      'shop.example.com. CNAME green',
      'www.shop.example.com. A',
      'www.shop.example.com. TXT',
    ])
  })

  it('are listed from a name on, and what comes after it is not left out', async () => {
    const { zone, change, r53, run } = zoneWorld()
    const HostedZoneId = await zone()
    await change(
      HostedZoneId,
      ['CREATE', { set: 'blue', weight: 1, to: 'blue.example.net' }],
      ['CREATE', { set: 'green', weight: 0, to: 'green.example.net' }],
      ['CREATE', { name: 'www.example.com', to: 'shop.example.com' }],
    )
    const page = await run(
      r53.listResourceRecordSets({
        HostedZoneId,
        StartRecordName: 'SHOP.example.com',
        StartRecordType: 'CNAME',
        MaxItems: 1,
      }),
    )
    expect(page).toMatchObject({
      ResourceRecordSets: [{ SetIdentifier: 'blue', Weight: 1, TTL: 60 }],
      IsTruncated: true,
      NextRecordName: 'shop.example.com.',
      NextRecordType: 'CNAME',
      NextRecordIdentifier: 'green',
      MaxItems: 1,
    })
    const rest = await run(
      r53.listResourceRecordSets({
        HostedZoneId,
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      }),
    )
    expect(rest.ResourceRecordSets?.map(({ Name, SetIdentifier }) => SetIdentifier ?? Name)).toEqual([
      'green',
      'www.example.com.',
    ])
    expect(rest.IsTruncated).toBe(false)
  })

  it('cannot be listed from a type without a name', async () => {
    const { zone, r53, run } = zoneWorld()
    await expect(
      run(r53.listResourceRecordSets({ HostedZoneId: await zone(), StartRecordType: 'A' })),
    ).rejects.toMatchObject({
      name: 'InvalidInput',
    })
  })

  it('may be ten thousand: any of them is one short call away', async () => {
    const { zone, change, r53, run, answers, seconds } = zoneWorld()
    const HostedZoneId = await zone()
    for (let batch = 0; batch < 10; batch++)
      await change(
        HostedZoneId,
        ...Array.from({ length: 1_000 }, (_, at) => {
          return ['CREATE', { name: `n${batch}-${at}.example.com`, type: 'A', to: '10.0.0.1' }] as const
        }),
      )
    await change(HostedZoneId, ['CREATE', { to: 'blue.example.net' }])
    await seconds(130)
    const { ResourceRecordSets, IsTruncated, MaxItems } = await run(
      r53.listResourceRecordSets({ HostedZoneId, StartRecordName: 'n5-500.example.com', MaxItems: 500 }),
    )
    expect(ResourceRecordSets?.[0]?.Name).toBe('n5-500.example.com.')
    expect([ResourceRecordSets?.length, IsTruncated, MaxItems]).toEqual([300, true, 300])
    expect(answers('n9-999.example.com')).toEqual(['A 60 10.0.0.1'])
  })
})

describe('a change', () => {
  it('is listed at once, answered later, and in sync when it is', async () => {
    const { zone, change, r53, run, answers, seconds } = zoneWorld()
    const id = await zone()
    const status = async (Id: string) => (await run(r53.getChange({ Id }))).ChangeInfo?.Status
    const first = await change(id, ['CREATE', { to: 'blue.example.net' }])
    const { ResourceRecordSets = [] } = await run(r53.listResourceRecordSets({ HostedZoneId: id }))
    expect(ResourceRecordSets.at(-1)?.ResourceRecords).toEqual([{ Value: 'blue.example.net' }])
    expect([await status(first), answers('shop.example.com', 'CNAME')]).toEqual(['PENDING', []])
    let waited = 0
    for (; (await status(first)) === 'PENDING'; waited++) {
      expect(answers('shop.example.com', 'CNAME')).toEqual([])
      await seconds(1)
    }
    expect(answers('shop.example.com', 'CNAME')).toEqual(['CNAME 60 blue.example.net'])
    expect(waited).toBeGreaterThanOrEqual(3)
    expect(waited).toBeLessThanOrEqual(120)
  })

  it('never overtakes one that came before it', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { zone, change, r53, run, answers, seconds } = zoneWorld({ seed })
      const id = await zone()
      const first = await change(id, ['UPSERT', { to: 'one.example.net' }])
      const second = await change(id, ['UPSERT', { to: 'two.example.net' }])
      while ((await run(r53.getChange({ Id: second }))).ChangeInfo?.Status === 'PENDING') await seconds(1)
      expect((await run(r53.getChange({ Id: first }))).ChangeInfo?.Status).toBe('INSYNC')
      await seconds(130)
      expect(answers('shop.example.com', 'CNAME')).toEqual(['CNAME 60 two.example.net'])
    }
  })

  it('that nobody made is not found', async () => {
    const { r53, run } = zoneWorld()
    await expect(run(r53.getChange({ Id: 'C0' }))).rejects.toMatchObject({
      name: 'NoSuchChange',
      $metadata: { httpStatusCode: 404 },
    })
  })
})

describe('Route 53', () => {
  it('takes five calls a second from an account, all of its zones together', async () => {
    const { r53, run } = zoneWorld({ throttling: true })
    const answers = await run(Promise.allSettled(Array.from({ length: 8 }, () => r53.listHostedZones())))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { name: 'Throttling', message: 'Rate exceeded', $metadata: { httpStatusCode: 400 } },
    })
  })
})
