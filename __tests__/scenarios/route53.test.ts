import { expect, it } from 'vitest'
import { hostedZone, settled, to, www } from '../helpers/hosted-zone.ts'
import { type Inputs, type Scenario, scenario, standingPair } from '../helpers/scenario.ts'

/** A pair whose blue one serves `www.example.com` by a simple record, and forty users who ask that name. */
async function served(story: Scenario) {
  const { blue, green } = await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const zone = await hostedZone(story)
  const endpoint = (id: string) =>
    story.aws.beanstalk.state().environments.find((one) => one.id === id)?.endpoint ?? ''
  await story.clock.run(zone.change(['CREATE', to(endpoint(blue))]))
  await settled(story)
  const crowd = [1, 2, 3, 4].map(() => story.users(www, { everyMs: 5_000 }))
  const inputs: Inputs = {
    version: '1.1.0',
    traffic: 'route53',
    'production-cname': '',
    'hosted-zone-id': zone.id,
    'record-name': www,
    'traffic-steps': '10,50,100',
  }
  return { zone, blue, green, endpoint, crowd, inputs }
}

/** The batches that were carried out, as weights. */
const batches = ({ aws }: Scenario, zone: string): readonly string[] =>
  aws.calls
    .filter(({ operation, error }) => operation === 'ChangeResourceRecordSets' && error === undefined)
    .map(({ input }) => input as { HostedZoneId: string; ChangeBatch: { Changes: readonly Changed[] } })
    .filter(({ HostedZoneId }) => HostedZoneId.endsWith(zone))
    .map(({ ChangeBatch }) =>
      ChangeBatch.Changes.filter(({ Action }) => Action === 'CREATE')
        .map(({ ResourceRecordSet: { Weight } }) => Weight ?? 'simple')
        .join('/'),
    )

interface Changed {
  readonly Action: string
  readonly ResourceRecordSet: { readonly Weight?: number }
}

it('users see what was asked for at each step, and nobody loses a request or an answer of DNS', async () => {
  const story = scenario()
  const { zone, crowd, inputs } = await served(story)
  const running = story.start(inputs)
  const held: number[] = []
  const watch = () => {
    if (running.seen.log.filter((line) => line.includes('held for')).length > held.length)
      held.push(story.clock.now())
    if (held.length < 2) story.clock.at(story.clock.now() + 500, watch)
  }
  watch()

  const seen = await story.clock.run(running.ended)

  expect(seen.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-green' })
  expect(batches(story, zone.id)).toEqual(['simple', '100/0', '90/10', '50/50', '0/100'])
  expect(crowd.map((users) => users.report().failed)).toEqual([0, 0, 0, 0])
  const shareIn = (until: number) => {
    const parts = crowd.map((users) => users.report(until - 200_000, until))
    const sum = (of: (one: (typeof parts)[number]) => number) => parts.reduce((all, one) => all + of(one), 0)
    return (100 * sum(({ byVersion }) => byVersion['1.1.0'] ?? 0)) / sum(({ requests }) => requests)
  }
  const [ten = 0, fifty = 0] = held.map(shareIn)
  expect(Math.abs(ten - 10)).toBeLessThan(7)
  expect(Math.abs(fifty - 50)).toBeLessThan(12)
  expect(shareIn(story.clock.now())).toBe(100)
  expect(seen.summary).toMatch(/\| 10 % \| \d+\.\d % \|/)
  expect(seen.summary + seen.log.join()).not.toMatch(/CNAME swap/i)
})

it('goes back to a simple record by the command in the documentation, and no lookup fails', async () => {
  const story = scenario()
  const { zone, green, endpoint, crowd, inputs } = await served(story)
  await story.run({ ...inputs, 'traffic-steps': '100' })
  const records = story.aws.route53
    .shown()
    .flatMap((one) => one.records)
    .filter(({ Name }) => Name === `${www}.`)

  const back = zone.change(...records.map((record) => ['DELETE', record as object] as const), [
    'CREATE',
    { ...to(endpoint(green)), TTL: 60 },
  ])
  await story.clock.run(back)
  await settled(story)
  await settled(story)

  expect(zone.stands()).toEqual([`CNAME ${endpoint(green)}`])
  expect(crowd.map((users) => users.report().failed)).toEqual([0, 0, 0, 0])
  story.aws.beanstalk.given.version('shop', '1.2.0')
  const again = await story.run({ ...inputs, 'traffic-steps': '100', version: '1.2.0' })
  expect(again.outputs).toMatchObject({ outcome: 'promoted', 'live-environment': 'shop-blue' })
  expect(crowd.map((users) => users.report().failed)).toEqual([0, 0, 0, 0])
})
