import { type Inputs, type Scenario, standingPair } from '../helpers/scenario.ts'
import type { Instead, WeightedDns } from '../helpers/weighted-dns.ts'
import { weightedDns } from '../helpers/weighted-dns.ts'
import { type Case, tellCases } from './case.ts'
import { during } from './moments.ts'
import { secret } from './standing.ts'

const www = 'www.shop.example'

const inputs: Inputs = {
  version: '1.1.0',
  traffic: 'command',
  'production-cname': '',
  'production-url': `http://${www}`,
  'read-traffic-command': 'traffic read',
  'write-traffic-command': 'traffic write',
}

const providers = new WeakMap<Scenario, WeightedDns>()

/** A pair with production on blue, by a DNS provider outside of AWS, and users who ask that name. */
async function standing(story: Scenario): Promise<WeightedDns> {
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const dns = weightedDns(story, www)
  dns.weights = { 'shop-blue': 100, 'shop-green': 0 }
  story.users(www, { everyMs: 5_000 })
  providers.set(story, dns)
  return dns
}

const serves: Case['serves'] = (story) => {
  const { weights = {} } = providers.get(story) ?? {}
  const all = Object.entries(weights).filter(([, weight]) => weight > 0)
  return all.length === 1 ? all[0]?.[0] : undefined
}

/** A deployment in three steps during which the provider does something else for once. */
const despite =
  (...orders: readonly Instead[]): Case['play'] =>
  async (story) => {
    const dns = await standing(story)
    for (const order of orders) dns.instead(order)
    return story.run(inputs, { command: dns.command })
  }

const failed = { is: 'failed', says: 'exit status 22', lastLine: 'curl: (22) status 503' } as const

tellCases('traffic-command.md', 'Traffic in steps, by commands of your own', [
  {
    name: 'Everything is well: 10 %, 50 %, 100 %',
    ends: 'promoted',
    serves,
    says: ['1.1.0 is live on shop-green'],
    play: despite(),
  },
  {
    name: 'The new version fails at the second step',
    ends: 'rolled-back',
    serves,
    says: ['failed with 50 % of production', 'went back to shop-blue'],
    usersSeeFailures: true,
    async play(story) {
      const { command } = await standing(story)
      const fail = () => story.apps.set('1.1.0', { status: 500 })
      return during(story, [{ when: '10 % on shop-green held', after: 90_000, act: fail }], {
        inputs,
        how: { command },
      })
    },
  },
  {
    name: 'The command that writes fails once',
    ends: 'promoted',
    serves,
    says: [/`write-traffic-command` failed: exit status 22.*it is tried again/],
    play: despite({ begins: 'traffic write', answer: failed, after: 1 }),
  },
  {
    name: 'The command that writes goes on failing after the first step',
    ends: 'stuck',
    serves,
    says: ['`write-traffic-command` failed: exit status 22', '10 % shop-green'],
    leaves: ['lock', 'pending'],
    play: despite({ begins: 'traffic write', answer: failed, after: 1, times: 1_000 }),
  },
  {
    name: 'The command that writes hangs, and is ended',
    ends: 'promoted',
    serves,
    says: [/`write-traffic-command` failed: not done within 2 min/],
    play: despite({
      begins: 'traffic write',
      answer: { is: 'timed out', says: 'not done within 2 min, and ended' },
    }),
  },
  {
    name: 'The command that writes does nothing, and says that all is well',
    ends: 'failed',
    serves,
    says: [/`write-traffic-command` ended well, and `read-traffic-command` says 100 % shop-blue/],
    play: despite({ begins: 'traffic write', answer: {}, times: 1_000 }),
  },
  {
    name: 'The command that reads fails now and then',
    ends: 'promoted',
    serves,
    says: [],
    play: despite(
      { begins: 'traffic read', answer: failed, after: 2, times: 2 },
      { begins: 'traffic read', answer: failed, after: 30, times: 2 },
    ),
  },
  {
    name: 'The command that reads prints a page of HTML',
    ends: 'failed',
    serves,
    says: ['printed “<html><body>Bad Gateway</body></html>”', '{"shop-blue":100,"shop-green":0}'],
    play: despite({
      begins: 'traffic read',
      answer: { printed: '<html><body>Bad Gateway</body></html>\n' },
      times: 1_000,
    }),
  },
  {
    name: 'The command that reads fails all the time',
    ends: 'failed',
    serves,
    says: ['`read-traffic-command` failed: exit status 22'],
    play: despite({ begins: 'traffic read', answer: failed, times: 1_000 }),
  },
  {
    name: 'The names that the command prints are not those of the environments',
    ends: 'failed',
    serves: () => undefined,
    says: ['blue is neither shop-blue nor shop-green'],
    play: despite({ begins: 'traffic read', answer: { printed: '{"blue": 100}' }, times: 1_000 }),
  },
  {
    name: 'The provider refuses the token, and its answer quotes it',
    ends: 'failed',
    serves,
    says: ['and said last: “token *** is not valid”'],
    async play(story) {
      const dns = await standing(story)
      const lastLine = `token ${secret} is not valid`
      dns.instead({ begins: 'traffic write', answer: { ...failed, lastLine }, times: 1_000 })
      return story.run(inputs, { command: dns.command, environment: { DNS_API_TOKEN: secret } })
    },
  },
  {
    name: 'Somebody moves traffic by hand while a step is watched',
    ends: 'rolled-back',
    serves,
    says: ['somebody else moved production meanwhile'],
    async play(story) {
      const dns = await standing(story)
      const act = () => {
        dns.weights = { 'shop-blue': 70, 'shop-green': 30 }
      }
      return during(story, [{ when: 'requests pass', after: 60_000, act }], {
        inputs,
        how: { command: dns.command },
      })
    },
  },
  {
    name: 'Somebody has split traffic by hand before',
    ends: 'failed',
    serves: () => undefined,
    says: ['does not send all of production to shop-blue'],
    async play(story) {
      const dns = await standing(story)
      dns.weights = { 'shop-blue': 4, 'shop-green': 1 }
      return story.run(inputs, { command: dns.command })
    },
  },
  {
    name: 'Nothing stands at the name yet',
    ends: 'failed',
    serves: () => undefined,
    says: ['Nothing stands at www.shop.example yet'],
    async play(story) {
      await standingPair(story)
      story.aws.beanstalk.given.version('shop', '1.1.0')
      return story.run(inputs, { command: weightedDns(story, www).command })
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
      const dns = weightedDns(story, www)
      providers.set(story, dns)
      const platform = '64bit Amazon Linux 2023 v6.6.1 running Node.js 22'
      return story.run({ ...inputs, platform }, { command: dns.command })
    },
  },
  {
    name: 'The runner dies at 50 %, and recover settles what it left',
    ends: 'recovered',
    serves,
    says: ['Taking production back to shop-blue'],
    async play(story) {
      const { command } = await standing(story)
      const dying = story.start(inputs, { command })
      while (!dying.seen.log.some((line) => line.includes('10 % on shop-green held')))
        await story.clock.runUntil(story.clock.now() + 5_000)
      await story.clock.runUntil(story.clock.now() + 60_000)
      dying.kill()
      await story.clock.runUntil(story.clock.now() + 10 * 60_000)
      return story.run({ ...inputs, version: '', operation: 'recover' }, { command })
    },
  },
  {
    name: 'The job is cancelled at 10 %, and the post step takes traffic back',
    ends: 'recovered',
    serves,
    says: ['Taking production back to shop-blue'],
    async play(story) {
      const { command } = await standing(story)
      const seen = await during(
        story,
        [{ when: 'requests pass', after: 60_000, act: ({ cancel }) => cancel() }],
        { inputs, how: { command } },
      )
      return story.post(seen, inputs, { command })
    },
  },
  {
    name: 'A rollback after the promotion is one change',
    ends: 'restored',
    serves,
    says: [/Production .* is on shop-blue/],
    async play(story) {
      const dns = await standing(story)
      await story.run(inputs, { command: dns.command })
      return story.run({ ...inputs, version: '', operation: 'rollback' }, { command: dns.command })
    },
  },
  {
    name: 'The old environment is ended, when nothing sends it traffic any more',
    ends: 'promoted',
    serves,
    says: ['was terminated: there is no instant way back'],
    async play(story) {
      const { command } = await standing(story)
      return story.run({ ...inputs, standby: 'terminate' }, { command })
    },
  },
  {
    name: 'Status tells who is live by the command, and changes nothing',
    ends: 'reported',
    serves,
    says: [],
    async play(story) {
      const { command } = await standing(story)
      return story.run({ ...inputs, version: '', operation: 'status' }, { command })
    },
  },
  {
    name: 'A dry run says what the commands would be told',
    ends: 'reported',
    serves,
    says: [/write-traffic-command: 90 % shop-blue, 10 % shop-green/],
    async play(story) {
      const { command } = await standing(story)
      return story.run({ ...inputs, 'dry-run': 'true', standby: 'terminate' }, { command })
    },
  },
])
