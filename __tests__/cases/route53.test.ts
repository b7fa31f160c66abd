import { expect } from 'vitest'
import { hostedZone, settled, type TeamZone, to, www } from '../helpers/hosted-zone.ts'
import { type Inputs, type Scenario, standingPair } from '../helpers/scenario.ts'
import { type Case, tellCases } from './case.ts'
import { during } from './moments.ts'

const zones = new WeakMap<Scenario, TeamZone>()

const inputsFor = ({ id }: TeamZone): Inputs => ({
  version: '1.1.0',
  traffic: 'route53',
  'production-cname': '',
  'hosted-zone-id': id,
  'record-name': www,
  'step-interval': '1m',
})

interface Standing {
  readonly zone: TeamZone
  readonly inputs: Inputs
  readonly blue: string
  readonly green: string
  /** The load balancer's name, or the only instance's address. */
  readonly endpoint: (id: string) => string
}

type Before = (standing: Standing) => Promise<void>

/** A pair whose blue one serves `www.example.com` by what stands there, and users who ask that name. */
async function standing(
  story: Scenario,
  before: Before = simple,
  {
    account,
    single,
    name = www,
  }: { readonly account?: string; readonly single?: true; readonly name?: string } = {},
): Promise<Standing> {
  const { given, state } = story.aws.beanstalk
  const options = single && { 'aws:elasticbeanstalk:environment/EnvironmentType': 'SingleInstance' }
  const pair = await standingPair(story, {
    ...(options && { options, liveInstances: 1 }),
  })
  given.version('shop', '1.1.0')
  const zone = await hostedZone(story, account)
  zones.set(story, zone)
  const endpoint = (id: string) => state().environments.find((one) => one.id === id)?.endpoint ?? ''
  const stands = { ...pair, zone, endpoint, inputs: inputsFor(zone) }
  await story.clock.run(before(stands))
  await settled(story)
  story.users(name, { everyMs: 5_000 })
  return stands
}

const simple: Before = ({ zone, blue, endpoint }) => zone.change(['CREATE', to(endpoint(blue))])

const weightedPair: Before = ({ zone, blue, green, endpoint }) =>
  zone.change(
    ['CREATE', { ...to(endpoint(blue)), TTL: 120, SetIdentifier: 'one', Weight: 255 }],
    ['CREATE', { ...to(endpoint(green)), TTL: 120, SetIdentifier: 'two', Weight: 0 }],
  )

const serves: Case['serves'] = (story) => zones.get(story)?.leadsTo()

/** A deployment from what stands there before. */
const from =
  (before: Before, more: Inputs = {}): Case['play'] =>
  async (story) => {
    const { inputs } = await standing(story, before)
    return story.run({ ...inputs, ...more })
  }

/** A deployment during which calls go wrong: from the first step on. */
const despite =
  (...orders: readonly Parameters<Scenario['aws']['cloud']['faults']['order']>[0][]): Case['play'] =>
  async (story) => {
    const { inputs } = await standing(story)
    for (const order of orders) story.aws.cloud.faults.order(order)
    return story.run(inputs)
  }

tellCases('route53.md', 'Traffic in steps, by Route 53', [
  {
    name: 'Everything is well, from a simple record: 10 %, 50 %, 100 %',
    ends: 'promoted',
    serves,
    says: [/both environments are known there now/],
    play: from(simple),
  },
  {
    name: 'From an alias of the environment’s own Beanstalk name',
    ends: 'promoted',
    serves,
    says: [],
    async play(story) {
      const { inputs } = await standing(story, async ({ zone }) => {
        const DNSName = 'shop.us-east-1.elasticbeanstalk.com'
        const AliasTarget = { HostedZoneId: 'Z117KPS5GTRQ2G', DNSName, EvaluateTargetHealth: true }
        await zone.change(['CREATE', { Type: 'A', AliasTarget }])
      })
      return story.run(inputs)
    },
  },
  {
    name: 'From a weighted pair with other set identifiers and another TTL',
    ends: 'promoted',
    serves,
    says: [],
    play: from(weightedPair),
  },
  {
    name: 'From single instances',
    ends: 'promoted',
    serves,
    says: [],
    async play(story) {
      const { inputs } = await standing(
        story,
        ({ zone, blue, endpoint }) => zone.change(['CREATE', { ...to(endpoint(blue)), Type: 'A' }]),
        { single: true },
      )
      return story.run(inputs)
    },
  },
  {
    name: 'At the zone’s own name, by aliases',
    ends: 'promoted',
    serves: (story) => zones.get(story)?.leadsTo('example.com'),
    says: [],
    async play(story) {
      const alias: Before = ({ zone, blue, endpoint }) => {
        const AliasTarget = {
          HostedZoneId: 'Z35SXDOTRQ7X7K',
          DNSName: `dualstack.${endpoint(blue)}`,
          EvaluateTargetHealth: true,
        }
        return zone.change(['CREATE', { Name: 'example.com', Type: 'A', AliasTarget }])
      }
      const { inputs } = await standing(story, alias, { name: 'example.com' })
      return story.run({ ...inputs, 'record-name': 'example.com', 'record-type': 'alias' })
    },
  },
  {
    name: 'At the zone’s own name, by CNAMEs',
    ends: 'failed',
    serves: () => undefined,
    says: ['there is no CNAME at an apex', 'record-type: alias'],
    usersSeeFailures: true,
    async play(story) {
      const { inputs } = await standing(story, async () => {}, { name: 'example.com' })
      return story.run({ ...inputs, 'record-name': 'example.com' })
    },
  },
  {
    name: 'Nothing stands at the name yet, and both environments exist',
    ends: 'failed',
    serves: () => undefined,
    says: ['Nothing stands at www.example.com yet', 'aws route53 change-resource-record-sets'],
    async play(story) {
      await standingPair(story)
      story.aws.beanstalk.given.version('shop', '1.1.0')
      return story.run(inputsFor(await hostedZone(story)))
    },
  },
  {
    name: 'The very first environment is created, and nothing stands at the name yet',
    ends: 'promoted',
    serves,
    says: [],
    async play(story) {
      story.aws.beanstalk.given.application('shop')
      story.aws.beanstalk.given.version('shop', '1.1.0')
      const zone = await hostedZone(story)
      zones.set(story, zone)
      const platform = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
      return story.run({ ...inputsFor(zone), platform })
    },
  },
  {
    name: 'The new version fails at the second step',
    ends: 'rolled-back',
    serves,
    says: ['failed with 50 % of production', 'went back to shop-blue'],
    usersSeeFailures: true,
    async play(story) {
      const { inputs } = await standing(story)
      const fail = () => story.apps.set('1.1.0', { status: 500 })
      return during(story, [{ when: '10 % on shop-green held', after: 90_000, act: fail }], { inputs })
    },
  },
  {
    name: 'Somebody moves traffic in the console while a step is watched',
    ends: 'rolled-back',
    serves,
    says: ['somebody else moved production meanwhile'],
    async play(story) {
      const { inputs, zone, blue, green, endpoint } = await standing(story)
      const record = (id: string, name: string, Weight: number) => ({
        ...to(endpoint(id)),
        TTL: 60,
        SetIdentifier: `blue-green:${name}`,
        Weight,
      })
      const act = () =>
        zone.change(['UPSERT', record(blue, 'shop-blue', 70)], ['UPSERT', record(green, 'shop-green', 30)])
      return during(story, [{ when: 'requests pass', after: 60_000, act }], { inputs })
    },
  },
  {
    name: 'Another record of the name leads somewhere else',
    ends: 'failed',
    serves: () => undefined,
    says: ['CNAME → legacy.example.org, weight 10 (set identifier b)'],
    async play(story) {
      const { inputs } = await standing(story, ({ zone, blue, endpoint }) =>
        zone.change(
          ['CREATE', { ...to(endpoint(blue)), SetIdentifier: 'a', Weight: 90 }],
          ['CREATE', { ...to('legacy.example.org'), SetIdentifier: 'b', Weight: 10 }],
        ),
      )
      return story.run(inputs)
    },
    usersSeeFailures: true,
  },
  {
    name: 'Route 53 is throttled for a while',
    ends: 'promoted',
    serves,
    says: [],
    play: despite(
      { fault: 'throttled', operation: 'ChangeResourceRecordSets', times: 4 },
      { fault: 'throttled', operation: 'ListResourceRecordSets', times: 5, after: 6 },
      { fault: 'throttled', operation: 'GetChange', times: 5, after: 2 },
    ),
  },
  {
    name: 'Another change of the same zone is being carried out all the time',
    ends: 'promoted',
    serves,
    says: [],
    async play(story) {
      const { inputs, zone } = await standing(story)
      const running = story.start(inputs)
      let turns = 0
      const meddle = () => {
        if (running.seen.outputs.outcome !== undefined) return
        turns += 1
        zone.change(['UPSERT', { ...to('a.example.org'), Name: `n${turns}.example.com` }]).catch(() => {})
        story.clock.at(story.clock.now() + 2_000, meddle)
      }
      meddle()
      return story.clock.run(running.ended)
    },
  },
  {
    name: 'The answer to the attaching is lost, and it happened',
    ends: 'promoted',
    serves,
    says: [],
    play: despite({ fault: 'answer-lost', operation: 'ChangeResourceRecordSets' }),
  },
  {
    name: 'The answer to a step is lost, and it happened',
    ends: 'promoted',
    serves,
    says: ['The answer was lost'],
    play: despite({ fault: 'answer-lost', operation: 'ChangeResourceRecordSets', after: 2 }),
  },
  {
    name: 'A step is lost on its way, and never happens',
    ends: 'rolled-back',
    serves,
    says: ['did not happen'],
    play: despite({ fault: 'reset-before', operation: 'ChangeResourceRecordSets', after: 2 }),
  },
  {
    name: 'The role may not change records',
    ends: 'failed',
    serves,
    says: ['"Action":"route53:ChangeResourceRecordSets"'],
    play: despite({ fault: 'denied', operation: 'ChangeResourceRecordSets', times: 99 }),
  },
  {
    name: 'The role may not read what became of a change',
    ends: 'failed',
    serves,
    says: ['"Action":"route53:GetChange","Resource":"arn:aws:route53:::change/*"'],
    play: despite({ fault: 'denied', operation: 'GetChange', times: 1e6 }),
  },
  {
    name: 'The zone is in another account, and its role is not given',
    ends: 'failed',
    serves: () => undefined,
    says: ['dns-role-to-assume'],
    async play(story) {
      const { inputs } = await standing(story, simple, { account: '210987654321' })
      return story.run(inputs)
    },
  },
  {
    name: 'The zone is in another account, by a role of that account',
    ends: 'promoted',
    serves,
    says: [],
    async play(story) {
      const { inputs } = await standing(story, simple, { account: '210987654321' })
      return story.run({ ...inputs, 'dns-role-to-assume': 'arn:aws:iam::210987654321:role/dns' })
    },
  },
  {
    name: 'The role of the other account may not be assumed',
    ends: 'failed',
    serves: () => undefined,
    says: [
      '"Action":"sts:AssumeRole","Resource":"arn:aws:iam::210987654321:role/dns"',
      'The trust policy of arn:aws:iam::210987654321:role/dns',
    ],
    async play(story) {
      const { inputs } = await standing(story, simple, { account: '210987654321' })
      story.aws.cloud.faults.order({ fault: 'denied', operation: 'AssumeRole', times: 99 })
      return story.run({ ...inputs, 'dns-role-to-assume': 'arn:aws:iam::210987654321:role/dns' })
    },
  },
  {
    name: 'The runner dies at 50 %, and recover settles what it left',
    ends: 'recovered',
    serves,
    says: ['Taking production back to shop-blue'],
    async play(story) {
      const { inputs } = await standing(story)
      const dying = story.start(inputs)
      while (!dying.seen.log.some((line) => line.includes('10 % on shop-green held')))
        await story.clock.runUntil(story.clock.now() + 5_000)
      await story.clock.runUntil(story.clock.now() + 60_000)
      dying.kill()
      await story.clock.runUntil(story.clock.now() + 10 * 60_000)
      return story.run({ ...inputs, version: '', operation: 'recover' })
    },
  },
  {
    name: 'The job is cancelled at 10 %, and the post step takes traffic back',
    ends: 'recovered',
    serves,
    says: ['Taking production back to shop-blue'],
    async play(story) {
      const { inputs } = await standing(story)
      const cancel = { when: 'requests pass', after: 60_000, act: (one: { cancel(): void }) => one.cancel() }
      return story.post(await during(story, [cancel], { inputs }), inputs)
    },
  },
  {
    name: 'A rollback after the promotion is one change',
    ends: 'restored',
    serves,
    leaves: ['pending'],
    says: [],
    async play(story) {
      const { inputs } = await standing(story)
      await story.run(inputs)
      return story.run({ ...inputs, version: '', operation: 'rollback' })
    },
  },
  {
    name: 'The old environment is ended, and no record names it any more',
    ends: 'promoted',
    serves,
    says: ['was terminated: there is no instant way back'],
    play: from(simple, { standby: 'terminate' }),
  },
  {
    name: 'Status tells who is live by the records, and changes nothing',
    ends: 'reported',
    serves,
    says: [],
    play: from(simple, { version: '', operation: 'status' }),
  },
  {
    name: 'Status where the records are chosen by latency',
    ends: 'reported',
    serves: () => undefined,
    says: [
      /by latency, not by weight.* A deployment is refused\./,
      /Route 53 \(silent\): It does not tell who is live/,
    ],
    async play(story) {
      const { inputs } = await standing(story, ({ zone, blue, endpoint }) =>
        zone.change(['CREATE', { ...to(endpoint(blue)), SetIdentifier: 'a', Region: 'us-east-1' }]),
      )
      return story.run({ ...inputs, version: '', operation: 'status' })
    },
  },
  {
    name: 'Status where nothing stands at the name yet',
    ends: 'reported',
    serves: () => undefined,
    says: [
      /Nothing stands at www\.example\.com yet, and both environments exist.* A deployment is refused\./,
    ],
    async play(story) {
      await standingPair(story)
      return story.run({ ...inputsFor(await hostedZone(story)), version: '', operation: 'status' })
    },
  },
  {
    name: 'Status of the only environment there is, where nothing stands at the name yet',
    ends: 'reported',
    serves: () => undefined,
    says: [/Route 53 \(silent\): Nothing stands at `www\.example\.com` yet/],
    async play(story) {
      const { given } = story.aws.beanstalk
      given.application('shop')
      given.version('shop', '1.0.0')
      await given.environment({ application: 'shop', name: 'shop-blue', version: '1.0.0' })
      const seen = await story.run({
        ...inputsFor(await hostedZone(story)),
        version: '',
        operation: 'status',
      })
      expect(seen.log.join()).not.toContain('A deployment is refused')
      return seen
    },
  },
  {
    name: 'Status whose permissions end while it looks',
    ends: 'reported',
    serves,
    says: [/route53:ListResourceRecordSets is not allowed/],
    async play(story) {
      const { inputs } = await standing(story)
      const faults = story.aws.cloud.faults
      faults.order({ fault: 'denied', operation: 'ListResourceRecordSets', after: 1, times: 99 })
      return story.run({ ...inputs, version: '', operation: 'status' })
    },
  },
  {
    name: 'A dry run says what Route 53 would be sent',
    ends: 'reported',
    serves,
    says: [/ChangeResourceRecordSets: HostedZoneId=.* 90 %.* 10 %/],
    play: from(simple, { 'dry-run': 'true' }),
  },
])
