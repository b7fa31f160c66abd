import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../simulator/clock.ts'
import type { AppBehaviour } from '../../simulator/data-plane/behaviour.ts'
import { createModelledApps } from '../../simulator/data-plane/modelled.ts'

const get = (path: string) => ({ method: 'GET', host: 'shop.example.com', path })
const order = (instance: string, version: string) => ({
  instance,
  environment: 'shop-blue',
  bundle: { version, content: undefined },
  variables: {},
})

async function oneInstance(behaviour: AppBehaviour = {}) {
  const clock = virtualClock()
  const apps = createModelledApps(clock, new Map([['2', behaviour]]))
  await apps.start(order('i-1', '2'))
  const [address = ''] = await apps.openFront('shop-blue')
  apps.setTargets('shop-blue', ['i-1'])
  const statusOf = async (path: string) => (await apps.request(address, get(path))).status
  return { clock, apps, address, statusOf }
}

describe('a modelled app', () => {
  it('answers 200 with its version as a header and as JSON', async () => {
    const { apps, address } = await oneInstance()
    expect(await apps.request(address, get('/'))).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', 'x-version': '2' },
      body: '{"version":"2"}',
    })
  })

  it('that does not start throws with its last words, and what ran before has ended', async () => {
    const clock = virtualClock()
    const apps = createModelledApps(clock, new Map([['bad', { starts: false, output: 'SyntaxError: nope' }]]))
    await apps.start(order('i-1', '1'))
    await expect(apps.deploy(order('i-1', 'bad'))).rejects.toThrow('SyntaxError: nope')
    expect(await apps.check('i-1', '/')).toBeUndefined()
    expect(apps.log('i-1')).toBe('1 listens\nSyntaxError: nope')
  })

  it('fails the paths that its behaviour names, whatever the query', async () => {
    const { statusOf, apps } = await oneInstance({ failsPath: { '/health': 500 } })
    expect(await statusOf('/health?deep=1')).toBe(500)
    expect(await apps.check('i-1', '/health')).toBe(500)
    expect(await statusOf('/')).toBe(200)
  })

  it('fails after so many requests, not counting checks, and keeps its health', async () => {
    const { statusOf, apps } = await oneInstance({ failsAfterRequests: 2 })
    for (let count = 0; count < 5; count++) await apps.check('i-1', '/')
    expect([await statusOf('/'), await statusOf('/'), await statusOf('/')]).toEqual([200, 200, 500])
    expect(await statusOf('/health')).toBe(200)
  })

  it('fails with its health when that is asked for', async () => {
    const { statusOf } = await oneInstance({ failsAfterRequests: 0, failsHealthToo: true })
    expect(await statusOf('/health')).toBe(500)
  })

  it('fails after a time', async () => {
    const { statusOf, clock } = await oneInstance({ failsAfterMs: 60_000 })
    await clock.runUntil(clock.now() + 59_999)
    expect(await statusOf('/')).toBe(200)
    await clock.runUntil(clock.now() + 1)
    expect(await statusOf('/')).toBe(500)
  })

  it('may answer by itself, from what it has served', async () => {
    const { apps, address } = await oneInstance({
      respond: (_, { served }) => ({ status: 418, body: `${served}` }),
    })
    await apps.request(address, get('/'))
    expect(await apps.request(address, get('/'))).toMatchObject({ status: 418, body: '1' })
  })
})

describe('a modelled front', () => {
  it('takes its targets in turn', async () => {
    const { apps, address } = await oneInstance()
    await apps.start(order('i-2', '3'))
    apps.setTargets('shop-blue', ['i-1', 'i-2'])
    const versions = []
    for (let count = 0; count < 4; count++) {
      versions.push((await apps.request(address, get('/'))).headers['x-version'])
    }
    expect(versions.sort()).toEqual(['2', '2', '3', '3'])
  })

  it('answers 503 without targets and 502 for a target on which nothing runs', async () => {
    const { apps, statusOf } = await oneInstance()
    apps.setTargets('shop-blue', [])
    expect(await statusOf('/')).toBe(503)
    apps.setTargets('shop-blue', ['i-gone'])
    expect(await statusOf('/')).toBe(502)
  })

  it('refuses connections once it is closed, and another gets another address', async () => {
    const { apps, address } = await oneInstance()
    await apps.closeFront('shop-blue')
    await expect(apps.request(address, get('/'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(await apps.openFront('shop-blue')).not.toContain(address)
  })

  it('keeps its address when it is opened twice', async () => {
    const { apps, address } = await oneInstance()
    expect(await apps.openFront('shop-blue')).toEqual([address])
  })

  it('counts what it answered over the last ten seconds, checks excluded', async () => {
    const { apps, address, statusOf, clock } = await oneInstance({ failsPath: { '/no': 404, '/bad': 500 } })
    await statusOf('/')
    await clock.runUntil(clock.now() + 9_999)
    await statusOf('/no')
    await statusOf('/bad')
    await apps.request(address, { ...get('/'), check: true })
    expect(apps.traffic('shop-blue')).toMatchObject({ requests: 3, status2xx: 1, status4xx: 1, status5xx: 1 })
    await clock.runUntil(clock.now() + 1)
    expect(apps.traffic('shop-blue')).toMatchObject({ requests: 2, status2xx: 0, latencies: [0.01, 0.01] })
  })

  it('counts nothing where there is no front', async () => {
    const { apps } = await oneInstance()
    expect(apps.traffic('shop-green').requests).toBe(0)
  })
})
