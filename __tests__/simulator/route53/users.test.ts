import { expect, test } from 'vitest'
import { startUsers } from '../../../simulator/users.ts'
import { record, zoneWorld } from './zone-world.ts'

test('users of a live name see the share that is asked for, and no lookup fails while a simple record becomes a weighted pair and one again', async () => {
  const world = zoneWorld()
  const { clock, simulator, dataPlane, r53, run, seconds } = world
  const { given } = simulator.beanstalk
  given.application('shop')
  for (const version of ['v1', 'v2']) given.version('shop', version)
  const environment = (name: string, version: string) =>
    given.environment({ application: 'shop', name, version, cnamePrefix: name })
  const [blue, green] = [await environment('shop-blue', 'v1'), await environment('shop-green', 'v2')]
  const before = record({ to: blue.cname, ttl: 300 })
  const after = record({ to: green.cname })
  const pair = (share: number) => [
    record({ set: 'blue', weight: 100 - share, to: blue.cname }),
    record({ set: 'green', weight: share, to: green.cname }),
  ]
  const zone = simulator.route53.given.zone({ name: 'example.com', records: [before] })
  const users = startUsers({
    clock,
    names: simulator.names,
    send: dataPlane.request,
    address: 'shop.example.com',
    count: 60,
    everyMs: 61_000,
    random: simulator.cloud.random,
  })
  const replace = async (
    old: readonly ReturnType<typeof record>[],
    by: readonly ReturnType<typeof record>[],
  ) => {
    const Changes = [
      ...old.map((one) => ({ Action: 'DELETE' as const, ResourceRecordSet: one })),
      ...by.map((one) => ({ Action: 'CREATE' as const, ResourceRecordSet: one })),
    ]
    await run(r53.changeResourceRecordSets({ HostedZoneId: zone, ChangeBatch: { Changes } }))
    await seconds(120 + 300)
  }
  /** Of what is answered in the next hour, in per cent. */
  const shareOfGreen = async () => {
    const from = clock.now()
    await seconds(3_600)
    const { byVersion, requests } = users.report(from, clock.now())
    return ((byVersion.v2 ?? 0) / requests) * 100
  }

  await seconds(300)
  await replace([before], pair(10))
  const tenth = await shareOfGreen()
  await replace(pair(10), pair(50))
  const half = await shareOfGreen()
  await replace(pair(50), [after])
  const whole = await shareOfGreen()
  expect([Math.abs(tenth - 10) < 2, Math.abs(half - 50) < 4, whole]).toEqual([true, true, 100])
  await run(users.stop())
  expect(users.report().failed).toBe(0)
})
