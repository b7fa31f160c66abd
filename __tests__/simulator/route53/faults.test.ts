import { Route53 } from '@aws-sdk/client-route-53'
import { afterEach, expect, test } from 'vitest'
import { type LocalAws, startLocalAws } from '../../../simulator/local-aws.ts'
import { record, zoneWorld } from './zone-world.ts'

let aws: LocalAws | undefined

afterEach(() => aws?.close())

test('faults strike the calls of Route 53 by their names', async () => {
  const { zone, simulator, refused, r53, run, seconds } = zoneWorld()
  const id = await zone()
  const { faults } = simulator.cloud
  faults.order({ fault: 'throttled', operation: 'ChangeResourceRecordSets' })
  expect(await refused(id, ['CREATE', { to: 'a.example.net' }])).toBe('Throttling: Rate exceeded')
  faults.order({ fault: 'unavailable', operation: 'ChangeResourceRecordSets' })
  await expect(
    run(r53.changeResourceRecordSets({ HostedZoneId: id, ChangeBatch: { Changes: [] } })),
  ).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
  faults.order({ fault: 'denied', operation: 'ChangeResourceRecordSets' })
  expect(await refused(id, ['CREATE', { to: 'a.example.net' }])).toContain(
    `is not authorized to perform: route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone/${id}`,
  )
  faults.order({ fault: 'answer-lost', operation: 'ChangeResourceRecordSets' })
  expect(await refused(id, ['CREATE', { to: 'a.example.net' }])).toContain('socket hang up')
  await seconds(130)
  expect(simulator.names.resolve('shop.example.com', 'CNAME')[0]?.data).toBe('a.example.net')
})

test('a zone works over HTTP, answers over DNS, and is shown from outside', async () => {
  aws = await startLocalAws({ speed: 1_000 })
  const r53 = new Route53({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const { HostedZone } = await r53.createHostedZone({ Name: 'example.com', CallerReference: '1' })
  const { ChangeInfo } = await r53.changeResourceRecordSets({
    HostedZoneId: HostedZone?.Id ?? '',
    ChangeBatch: {
      Changes: [
        { Action: 'CREATE', ResourceRecordSet: record({ name: 'a.example.com', type: 'A', to: '10.0.0.1' }) },
        {
          Action: 'CREATE',
          ResourceRecordSet: record({ name: 'a.example.com', type: 'TXT', to: ['"one" "two"', '"\\342"'] }),
        },
        {
          Action: 'CREATE',
          ResourceRecordSet: record({ name: 'a.example.com', type: 'MX', to: '10 mail.example.com' }),
        },
      ],
    },
  })
  while ((await r53.getChange({ Id: ChangeInfo?.Id ?? '' })).ChangeInfo?.Status === 'PENDING');
  const { Resolver } = (await import('node:dns')).promises
  const resolver = new Resolver()
  resolver.setServers([`127.0.0.1:${aws.dnsPort}`])
  expect(await resolver.resolve4('a.example.com', { ttl: true })).toEqual([{ address: '10.0.0.1', ttl: 60 }])
  expect((await resolver.resolveTxt('a.example.com'))[0]).toEqual(['one', 'two'])
  expect(await resolver.resolveMx('a.example.com')).toMatchObject([
    { priority: 10, exchange: 'mail.example.com' },
  ])
  expect((await resolver.resolveSoa('example.com')).minttl).toBe(86_400)
  expect(await resolver.resolveNs('example.com')).toHaveLength(4)
  await expect(resolver.resolve4('b.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  await expect(resolver.resolve6('a.example.com')).rejects.toMatchObject({ code: 'ENODATA' })
  const state = await (await fetch(`${aws.url}/_simulator/state`)).json()
  expect(state).toMatchObject({
    hostedZones: [{ account: '123456789012', name: 'example.com.', pending: [] }],
  })
})
