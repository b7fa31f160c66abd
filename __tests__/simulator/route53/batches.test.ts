import { describe, expect, it } from 'vitest'
import { record, zoneWorld } from './zone-world.ts'

const simple = { to: 'blue.example.net', ttl: 300 }
const blue = { set: 'blue', weight: 100, to: 'blue.example.net' }
const green = { set: 'green', weight: 0, to: 'green.example.net' }
const name = 'shop.example.com.'

/** What a second batch is refused with, after a first one. */
async function afterwards(
  first: Parameters<ReturnType<typeof zoneWorld>['change']>[1],
  ...second: Parameters<ReturnType<typeof zoneWorld>['change']>[1][]
) {
  const world = zoneWorld()
  const zone = await world.zone()
  await world.change(zone, first)
  return world.refused(zone, ...second)
}

describe('a batch', () => {
  it('moves a name from a simple record to a weighted pair and back, each at once', async () => {
    const { zone, change, answers, seconds } = zoneWorld()
    const id = await zone()
    await change(id, ['CREATE', simple])
    await change(id, ['DELETE', simple], ['CREATE', blue], ['CREATE', green])
    await seconds(130)
    expect(answers('shop.example.com', 'CNAME')).toEqual(['CNAME 60 blue.example.net'])
    await change(id, ['DELETE', blue], ['DELETE', green], ['CREATE', simple])
    await seconds(130)
    expect(answers('shop.example.com', 'CNAME')).toEqual(['CNAME 300 blue.example.net'])
  })

  it('is carried out whole or not at all', async () => {
    const { zone, change, refused, r53, run } = zoneWorld()
    const id = await zone()
    await change(id, ['CREATE', simple])
    expect(
      await refused(
        id,
        ['DELETE', simple],
        ['CREATE', blue],
        ['DELETE', { ...simple, name: 'x.example.com' }],
      ),
    ).toBe(
      "InvalidChangeBatch: [Tried to delete resource record set [name='x.example.com.', type='CNAME'] but it was not found]",
    )
    const { ResourceRecordSets = [] } = await run(r53.listResourceRecordSets({ HostedZoneId: id }))
    expect(ResourceRecordSets.map(({ Type, TTL }) => `${Type} ${TTL}`)).toEqual([
      'NS 172800',
      'SOA 900',
      'CNAME 300',
    ])
  })

  it('is refused with everything that is wrong with it', async () => {
    const { zone, refused } = zoneWorld()
    expect(
      await refused(await zone(), ['DELETE', simple], ['CREATE', { ...simple, name: 'example.com' }]),
    ).toBe(
      `InvalidChangeBatch: [Tried to delete resource record set [name='${name}', type='CNAME'] but it was not found, ` +
        'RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.]',
    )
  })

  it('replaces what is exactly as it says: a change that somebody else made meanwhile makes it fail', async () => {
    expect(await afterwards(['CREATE', blue], ['DELETE', { ...blue, weight: 90 }], ['CREATE', blue])).toBe(
      `InvalidChangeBatch: [Tried to delete resource record set [name='${name}', type='CNAME', set-identifier='blue'] but the values provided do not match the current values, ` +
        `Tried to create resource record set [name='${name}', type='CNAME', set-identifier='blue'] but it already exists]`,
    )
  })

  it('finds a record whatever the order of its values, the case of its name, and with or without a final dot', async () => {
    const addresses = { name: 'a.example.com', type: 'A', to: ['10.0.0.2', '10.0.0.1'] } as const
    const other = { ...addresses, name: 'A.Example.com.', to: ['10.0.0.1', '10.0.0.2'] }
    expect(await afterwards(['CREATE', addresses], ['DELETE', other])).toBe('accepted')
    expect(await afterwards(['CREATE', simple], ['DELETE', { ...simple, to: `${simple.to}.` }])).toBe(
      'accepted',
    )
  })

  it('passes over an UPSERT that changes no more than a final dot, unless it would have nothing left to do', async () => {
    const { zone, change, r53, run } = zoneWorld()
    const HostedZoneId = await zone()
    const lines = ['a', 'b'].map((host) => ({ name: `${host}.example.com`, to: 'x.example.net' }))
    const values = async () => {
      const { ResourceRecordSets = [] } = await run(r53.listResourceRecordSets({ HostedZoneId }))
      return ResourceRecordSets.slice(2).map(({ ResourceRecords = [] }) => ResourceRecords[0]?.Value)
    }
    const dotted = lines.map((line) => ['UPSERT', { ...line, to: 'x.example.net.' }] as const)
    await change(HostedZoneId, ...lines.map((line) => ['CREATE', line] as const))
    await change(HostedZoneId, ...dotted, ['CREATE', { name: 'c.example.com', to: 'x.example.net' }])
    expect(await values()).toEqual(['x.example.net', 'x.example.net', 'x.example.net'])
    await change(HostedZoneId, ...dotted)
    expect(await values()).toEqual(['x.example.net.', 'x.example.net', 'x.example.net'])
  })

  it('is refused while another one of the same zone is being carried out, and does not disturb other zones', async () => {
    const { zone, r53, run, refused, change } = zoneWorld()
    const [one, other] = [await zone(), await zone('example.org')]
    const send = (name: string) =>
      r53.changeResourceRecordSets({
        HostedZoneId: one,
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: record({ ...simple, name }) }] },
      })
    const [first, second] = await run(Promise.allSettled([send('a.example.com'), send('b.example.com')]))
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({
      status: 'rejected',
      reason: {
        name: 'PriorRequestNotComplete',
        message: 'The request was rejected because Route 53 was still processing a prior request.',
        $metadata: { httpStatusCode: 400 },
      },
    })
    expect(await refused(one, ['CREATE', simple])).toBe('accepted')
    await change(other, ['CREATE', { ...simple, name: 'shop.example.org' }])
  })
})

describe('Route 53 refuses in its own words', () => {
  it.each([
    [
      'a record that is there',
      ['CREATE', simple],
      ['CREATE', simple],
      `Tried to create resource record set [name='${name}', type='CNAME'] but it already exists`,
    ],
    [
      'a weighted record that is there',
      ['CREATE', blue],
      ['CREATE', blue],
      `Tried to create resource record set [name='${name}', type='CNAME', set-identifier='blue'] but it already exists`,
    ],
    [
      'to delete a weighted record that is not there',
      ['CREATE', blue],
      ['DELETE', green],
      `Tried to delete resource record set [name='${name}', type='CNAME', set-identifier='green'] but it was not found`,
    ],
    [
      'to delete a record that is different',
      ['CREATE', simple],
      ['DELETE', { ...simple, ttl: 60 }],
      `Tried to delete resource record set [name='${name}', type='CNAME'] but the values provided do not match the current values`,
    ],
    [
      'a weighted record beside a simple one',
      ['CREATE', simple],
      ['UPSERT', blue],
      `RRSet with DNS name ${name}, type CNAME, SetIdentifier blue cannot be created as a non-weighted set exists with the same name and type.`,
    ],
    [
      'a simple record beside weighted ones',
      ['CREATE', blue],
      ['UPSERT', simple],
      `RRSet with DNS name ${name}, type CNAME cannot be created as other RRSets exist with the same name and type.`,
    ],
    [
      'another TTL in a weighted set',
      ['CREATE', blue],
      ['CREATE', { ...green, ttl: 300 }],
      `RRSet with DNS name ${name} and type CNAME, SetIdentifier green cannot be created as weighted sets must contain the same TTL.`,
    ],
    [
      'a CNAME beside other records',
      ['CREATE', { type: 'A', to: '10.0.0.1' }],
      ['CREATE', simple],
      `RRSet of type CNAME with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone example.com.`,
    ],
    [
      'other records beside a CNAME',
      ['CREATE', simple],
      ['CREATE', { type: 'A', to: '10.0.0.1' }],
      `RRSet of type A with DNS name ${name} is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.`,
    ],
    [
      'a name of another zone',
      ['CREATE', simple],
      ['CREATE', { ...simple, name: 'shop.example.org' }],
      'RRSet with DNS name shop.example.org. is not permitted in zone example.com.',
    ],
    [
      'an address that is none',
      ['CREATE', simple],
      ['CREATE', { name: 'a.example.com', type: 'A', to: 'nowhere' }],
      "Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with 'nowhere''",
    ],
    [
      'a text without quotation marks',
      ['CREATE', simple],
      ['CREATE', { name: 'a.example.com', type: 'TXT', to: 'bare' }],
      "Invalid Resource Record: 'FATAL problem: InvalidCharacterString (Value should be enclosed in quotation marks) encountered with 'bare''",
    ],
    [
      'more than 400 values',
      ['CREATE', simple],
      [
        'CREATE',
        {
          name: 'a.example.com',
          type: 'A',
          to: Array.from({ length: 401 }, (_, at) => `10.0.${at >> 8}.${at & 255}`),
        },
      ],
      'Cannot have more than 400 records in a RRSet.',
    ],
    [
      'an empty label',
      ['CREATE', simple],
      ['CREATE', { ...simple, name: 'a..example.com' }],
      "FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with 'a..example.com'",
    ],
    [
      'an alias to a record that is not there',
      ['CREATE', simple],
      [
        'CREATE',
        {
          type: 'A',
          name: 'example.com',
          alias: { zone: 'Z35SXDOTRQ7X7K', name: 'gone.us-east-1.elb.amazonaws.com' },
        },
      ],
      'Tried to create an alias that targets gone.us-east-1.elb.amazonaws.com., type A in zone Z35SXDOTRQ7X7K, but that target was not found',
    ],
    [
      'an alias into a zone that the name is not in',
      ['CREATE', simple],
      [
        'CREATE',
        {
          type: 'A',
          name: 'example.com',
          alias: { zone: 'Z35SXDOTRQ7X7K', name: 'shop.us-east-1.elasticbeanstalk.com' },
        },
      ],
      'Tried to create an alias that targets shop.us-east-1.elasticbeanstalk.com., type A in zone Z35SXDOTRQ7X7K, but the alias target name does not lie within the target zone',
    ],
  ] as const)('%s', async (_, first, second, message) => {
    expect(await afterwards(first, second)).toBe(`InvalidChangeBatch: [${message}]`)
  })

  it('the same record twice in a batch', async () => {
    const { zone, refused } = zoneWorld()
    expect(await refused(await zone(), ['UPSERT', simple], ['UPSERT', { ...simple, ttl: 60 }])).toBe(
      `InvalidChangeBatch: [The request contains an invalid set of changes for a resource record set 'CNAME ${name}']`,
    )
  })

  it('to take away what a zone must have', async () => {
    const { zone, r53, run, refused } = zoneWorld()
    const id = await zone()
    const { ResourceRecordSets: [ns] = [] } = await run(
      r53.listResourceRecordSets({ HostedZoneId: id, MaxItems: 1 }),
    )
    const to = ns?.ResourceRecords?.map(({ Value = '' }) => Value) ?? []
    expect(await refused(id, ['DELETE', { name: 'example.com', type: 'NS', ttl: 172_800, to }])).toBe(
      'InvalidChangeBatch: [A HostedZone must contain at least one NS record for the zone itself.]',
    )
  })

  it.each([
    [
      'no value',
      {},
      'Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none',
      'null',
    ],
    [
      'a weight without a set identifier',
      { to: 'a.example.net', weight: 1 },
      "Missing field 'SetIdentifier'",
      'null',
    ],
    [
      'a set identifier without a policy',
      { to: 'a.example.net', set: 'blue' },
      'Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, CidrRoutingConfig, or GeoProximityLocation], but found none',
      'blue',
    ],
  ])('a record with %s', async (_, given, problem, set) => {
    const { zone, refused } = zoneWorld()
    expect(await refused(await zone(), ['CREATE', given])).toBe(
      `InvalidInput: Invalid request: ${problem} in Change with [Action=CREATE, Name=shop.example.com, Type=CNAME, SetIdentifier=${set}]`,
    )
  })

  it('a weight above 255, before it looks at anything', async () => {
    const { zone, refused } = zoneWorld()
    expect(await refused(await zone(), ['CREATE', { ...blue, weight: 256 }])).toBe(
      "InvalidInput: 1 validation error detected: Value '256' at 'changeBatch.changes.1.member.resourceRecordSet.weight' failed to satisfy constraint: Member must have value less than or equal to 255",
    )
  })

  it('more than 1,000 records, of which an UPSERT has two', async () => {
    const { zone, refused } = zoneWorld()
    const id = await zone()
    const many = (action: 'CREATE' | 'UPSERT', count: number) =>
      Array.from(
        { length: count },
        (_, at) => [action, { name: `n${at}.example.com`, type: 'A', to: '10.0.0.1' }] as const,
      )
    expect(await refused(id, ...many('CREATE', 1_001))).toBe(
      'InvalidChangeBatch: [Number of records limit of 1000 exceeded.]',
    )
    expect(await refused(id, ...many('UPSERT', 501))).toBe(
      'InvalidChangeBatch: [Number of records limit of 1000 exceeded.]',
    )
    expect(await refused(id, ...many('UPSERT', 500))).toBe('accepted')
  })
})

describe('the TTL of a weighted pair', () => {
  const [slowBlue, slowGreen] = [
    { ...blue, ttl: 300 },
    { ...green, ttl: 300 },
  ]

  it.each(['allowed', 'refused'] as const)(
    'is changed by DELETE and CREATE of both in one batch (%s)',
    async (ttlOfPairInOneBatch) => {
      const { zone, change, refused } = zoneWorld({ switches: { ttlOfPairInOneBatch } })
      const id = await zone()
      await change(id, ['CREATE', slowBlue], ['CREATE', slowGreen])
      expect(
        await refused(id, ['DELETE', slowBlue], ['DELETE', slowGreen], ['CREATE', blue], ['CREATE', green]),
      ).toBe('accepted')
    },
  )

  it('is changed by UPSERT of both in one batch, or not: nobody has said', async () => {
    for (const ttlOfPairInOneBatch of ['allowed', 'refused'] as const) {
      const { zone, change, refused } = zoneWorld({ switches: { ttlOfPairInOneBatch } })
      const id = await zone()
      await change(id, ['CREATE', slowBlue], ['CREATE', slowGreen])
      const answer = await refused(id, ['UPSERT', blue], ['UPSERT', green])
      if (ttlOfPairInOneBatch === 'allowed') expect(answer).toBe('accepted')
      else
        expect(answer).toContain(
          'SetIdentifier blue cannot be created as weighted sets must contain the same TTL.',
        )
    }
  })

  it('is never changed for one record alone', async () => {
    const { zone, change, refused } = zoneWorld({ switches: { ttlOfPairInOneBatch: 'allowed' } })
    const id = await zone()
    await change(id, ['CREATE', slowBlue], ['CREATE', slowGreen])
    expect(await refused(id, ['UPSERT', blue])).toContain('weighted sets must contain the same TTL.')
  })
})
