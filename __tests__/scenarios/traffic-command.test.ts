import { expect, it } from 'vitest'
import { type Inputs, scenario, standingPair } from '../helpers/scenario.ts'
import { weightedDns } from '../helpers/weighted-dns.ts'

const www = 'www.shop.example'

const inputs: Inputs = {
  version: '1.1.0',
  traffic: 'command',
  'production-cname': '',
  'production-url': `http://${www}`,
  'read-traffic-command': 'traffic read',
  'write-traffic-command': 'traffic write',
}

it('users see what was asked for at each step, lose nothing, and the summary shows it', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const dns = weightedDns(story, www)
  dns.weights = { 'shop-blue': 100, 'shop-green': 0 }
  const crowd = [1, 2, 3, 4].map(() => story.users(www, { everyMs: 5_000 }))
  const running = story.start(inputs, { command: dns.command })
  const held: number[] = []
  const watch = () => {
    if (running.seen.log.filter((line) => line.includes('held for')).length > held.length)
      held.push(story.clock.now())
    if (held.length < 3) story.clock.at(story.clock.now() + 500, watch)
  }
  watch()

  const seen = await story.clock.run(running.ended)

  expect(seen.outputs.outcome).toBe('promoted')
  expect(dns.written).toEqual(['90/10', '50/50', '0/100'])
  expect(crowd.map((users) => users.report().failed)).toEqual([0, 0, 0, 0])
  const shareIn = (until: number) => {
    const parts = crowd.map((users) => users.report(until - 200_000, until))
    const sum = (version?: string) =>
      parts.reduce(
        (all, { byVersion, requests }) => all + (version ? (byVersion[version] ?? 0) : requests),
        0,
      )
    return (100 * sum('1.1.0')) / sum()
  }
  const [ten = 0, fifty = 0, all = 0] = held.map(shareIn)
  expect(Math.abs(ten - 10)).toBeLessThan(7)
  expect(Math.abs(fifty - 50)).toBeLessThan(10)
  expect(all).toBe(100)
  expect(seen.summary).toMatch(
    /\| 10 % \| \d+\.\d % \| <code>1\.1\.0<\/code> .* \| none of \d+ \| 6 min 15 s \| held \|/,
  )
  expect(seen.summary).toContain('xychart-beta')
  expect(seen.summary + seen.log.join()).not.toMatch(/CNAME|swap/i)
})

it('traffic goes back in one change when a step fails, and the table says which', async () => {
  const story = scenario()
  await standingPair(story)
  story.aws.beanstalk.given.version('shop', '1.1.0')
  const dns = weightedDns(story, www)
  dns.weights = { 'shop-blue': 100, 'shop-green': 0 }
  story.users(www, { everyMs: 2_500 })
  const running = story.start(inputs, { command: dns.command })
  const watch = () => {
    if (dns.written.length < 2) return void story.clock.at(story.clock.now() + 500, watch)
    story.apps.set('1.1.0', { status: 500 })
  }
  watch()

  const seen = await story.clock.run(running.ended)

  expect(seen.outputs).toMatchObject({ outcome: 'rolled-back', 'live-environment': 'shop-blue' })
  expect(dns.written).toEqual(['90/10', '50/50', '100/0'])
  expect(seen.summary).toMatch(/\| 50 % \| .* \| \*\*failed\*\* \|/)
  expect(seen.summary + seen.failed).not.toMatch(/CNAME|swap/i)
})
