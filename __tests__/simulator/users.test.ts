import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../simulator/clock.ts'
import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'
import type { DnsRecord } from '../../simulator/dns/names.ts'
import { startUsers } from '../../simulator/users.ts'

const name = 'shop.us-east-1.elasticbeanstalk.com'

/** A pair of environments, `shop-blue` with version 1 and `shop-green` with version 2, and production on blue. */
async function shop({ behaviour = {} as AppBehaviour, count = 5 } = {}) {
  const clock = virtualClock()
  const behaviours = new Map([['1', behaviour]])
  const apps = createModelledApps(clock, behaviours)
  const addresses = new Map<string, string>()
  for (const [environment, version] of Object.entries({ 'shop-blue': '1', 'shop-green': '2' })) {
    const bundle = { version, content: undefined }
    await apps.start({ instance: environment, environment, bundle, variables: {} })
    addresses.set(environment, (await apps.openFront(environment))[0] ?? '')
    apps.setTargets(environment, [environment])
  }
  let production: string | undefined = 'shop-blue'
  const resolve = (): readonly DnsRecord[] =>
    production === undefined ? [] : [{ name, type: 'A', ttl: 60, data: addresses.get(production) ?? '' }]
  let seed = 7
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  const started = clock.now()
  const users = startUsers({
    clock,
    names: { resolve },
    send: apps.request,
    address: name,
    count,
    everyMs: 1_000,
    random,
  })
  const point = (environment: string | undefined) => {
    production = environment
  }
  const pass = (seconds: number) => clock.runUntil(clock.now() + seconds * 1_000)
  return { clock, apps, behaviours, users, started, point, pass }
}

describe('users', () => {
  it('ask all the time and count every request by the version that answered', async () => {
    const { users, pass } = await shop()
    await pass(100)
    const report = users.report()
    expect(report.requests).toBeGreaterThan(450)
    expect(report.requests).toBeLessThan(550)
    expect(report).toEqual({
      requests: report.requests,
      failed: 0,
      longestGapMs: 0,
      byVersion: { 1: report.requests },
      failuresByVersion: {},
    })
  })

  it('follow a switch each at its own moment, all of them within the TTL, and lose nothing', async () => {
    const { clock, users, point, pass } = await shop({ count: 20 })
    await pass(90)
    point('shop-green')
    const switched = clock.now()
    await pass(61)
    const firstOnGreen = new Set<number>()
    const moments: number[] = []
    for (const { user, version, at } of users.requests(switched)) {
      if (version !== '2' || firstOnGreen.has(user)) continue
      firstOnGreen.add(user)
      moments.push(at - switched)
    }
    expect(firstOnGreen.size).toBe(20)
    expect(Math.min(...moments)).toBeLessThan(10_000)
    expect(Math.max(...moments)).toBeGreaterThan(45_000)
    await pass(10)
    expect(Object.keys(users.report(clock.now() - 9_000).byVersion)).toEqual(['2'])
    expect(users.report().failed).toBe(0)
  })

  it('count failures by version, and how long nobody got through', async () => {
    const { clock, behaviours, users, pass } = await shop()
    await pass(30)
    behaviours.set('1', { status: 500 })
    const from = clock.now()
    await pass(20)
    behaviours.set('1', {})
    await pass(30)
    const report = users.report()
    expect(report.failed).toBe(users.requests(from, from + 20_000).length)
    expect(report.failuresByVersion).toEqual({ 1: report.failed })
    expect(report.longestGapMs).toBeGreaterThan(20_000)
    expect(report.longestGapMs).toBeLessThan(21_000)
    expect(users.report(from + 20_001).failed).toBe(0)
  })

  it('see a failure that lasts until the end of the report', async () => {
    const { clock, users, pass, behaviours } = await shop()
    await pass(10)
    behaviours.set('1', { status: 404 })
    await pass(60)
    expect(users.report().longestGapMs).toBeGreaterThan(60_000)
    expect(users.report(undefined, clock.now() - 30_000).longestGapMs).toBeLessThan(31_000)
  })

  it('fail when nothing listens, and when the name is gone', async () => {
    const { apps, users, point, pass } = await shop({ count: 1 })
    await apps.closeFront('shop-blue')
    await pass(5)
    expect(users.requests()[0]?.failure).toContain('ECONNREFUSED')
    point(undefined)
    await pass(120)
    const report = users.report()
    expect(users.requests().at(-1)?.failure).toBe('the name has no address')
    expect(report.failuresByVersion).toEqual({ nobody: report.requests })
    expect(report.byVersion).toEqual({})
  })

  it("count a load balancer's own answers as of an unknown version", async () => {
    const { apps, users, pass } = await shop({ count: 1 })
    apps.setTargets('shop-blue', [])
    await pass(3)
    const { requests, byVersion, failed } = users.report()
    expect({ byVersion, failed }).toEqual({ byVersion: { unknown: requests }, failed: requests })
  })

  it('read the version from JSON where no header says it', async () => {
    const { users, pass } = await shop({
      count: 1,
      behaviour: { respond: () => ({ headers: { 'x-version': '' }, body: '{"version":"1 (json)"}' }) },
    })
    await pass(3)
    expect(Object.keys(users.report().byVersion)).toEqual(['1 (json)'])
  })

  it('ask nothing more once they are stopped', async () => {
    const { users, pass } = await shop()
    await pass(5)
    await users.stop()
    const { requests } = users.report()
    await pass(60)
    expect(users.report().requests).toBe(requests)
  })
})
