import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bundleOf, type ShopVersion, versions } from '../../examples/shop/bundle.ts'
import { realClock } from '../../simulator/clock.ts'
import { createProcesses, type Processes } from '../../simulator/data-plane/processes.ts'
import { type ForwardProxy, startProxy } from '../../simulator/proxy.ts'

const name = 'shop-green.us-east-1.elasticbeanstalk.com'

let workDirectory: string
let plane: Processes
let address: string
let proxy: ForwardProxy

beforeEach(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), 'shop-'))
  plane = createProcesses({ clock: realClock({ speed: 1 }), workDirectory })
  address = (await plane.openFront('shop-green'))[0] ?? ''
  plane.setTargets('shop-green', ['i-1'])
  proxy = await startProxy({
    resolve: (asked) => (asked === name ? [address] : []),
    portOf: (virtual) => plane.portOf(virtual),
  })
})

afterEach(async () => {
  await proxy.close()
  await plane.close()
  await rm(workDirectory, { recursive: true, force: true })
})

async function start(version: ShopVersion, variables = {}) {
  const bundle = { version, content: await bundleOf(version) }
  await plane.start({ instance: 'i-1', environment: 'shop-green', bundle, variables })
}

async function smokeTest(version: string, environment: Readonly<Record<string, string>> = {}) {
  const script = fileURLToPath(new URL('../../examples/shop/smoke-test.js', import.meta.url))
  const test = spawn(process.execPath, [script], {
    env: { CANDIDATE_URL: `http://${name}`, VERSION: version, HTTP_PROXY: proxy.url, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output, [status]] = await Promise.all([buffer(test.stdout), once(test, 'close')])
  return { status, output: output.toString() }
}

const ask = (path: string, headers = {}) =>
  plane.request(address, { method: 'GET', host: name, path, headers })

describe('the sample shop', () => {
  it('passes its smoke test, except for the broken version', async () => {
    const statuses: Record<string, number> = {}
    for (const version of versions) {
      await start(version)
      statuses[version] = (await smokeTest(version)).status
    }
    expect(statuses).toEqual({ '1.0.0': 0, '1.1.0': 0, '1.2.0-broken': 1, '1.3.0-leaky': 0, '1.4.0': 0 })
  })

  it('says which check failed, on a line of its own and in a JUnit report', async () => {
    await start('1.2.0-broken')
    const report = join(workDirectory, 'report.xml')
    const { output } = await smokeTest('1.2.0-broken', { TEST_REPORT: report })
    expect(output.split('\n')).toEqual([
      '✓ the shop is healthy',
      '✓ 1.2.0-broken answers',
      '✓ people see a page',
      '✗ an order costs the sum of its lines: order 1 costs 10 and the shop wants 7',
      '✓ what is not there is not found',
      '4 passed, 1 failed',
      '',
    ])
    const xml = await readFile(report, 'utf8')
    expect(xml).toContain('tests="5" failures="1"')
    expect(xml).toContain('<failure message="order 1 costs 10 and the shop wants 7"/>')
  })

  it('fails its smoke test when another version answers, or nobody', async () => {
    await start('1.0.0')
    expect((await smokeTest('1.1.0')).output).toContain('✗ 1.1.0 answers')
    await plane.closeFront('shop-green')
    expect((await smokeTest('1.1.0')).status).toBe(1)
  })

  it('of the leaky version fails its users after a while, and stays healthy', async () => {
    await start('1.3.0-leaky', { SHOP_CONNECTIONS: '5' })
    const statuses = []
    for (let count = 0; count < 7; count++) statuses.push((await ask('/orders')).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 500, 500])
    expect((await ask('/health')).status).toBe(200)
    expect(plane.log('i-1')).toContain('No database connection is free')
  })

  it('has a page for people', async () => {
    await start('1.1.0')
    const { headers, body } = await ask('/', { accept: 'text/html,*/*' })
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(body).toContain('Beans that reach the clouds')
  })

  it('is bundled to the same bytes every time', async () => {
    expect(await bundleOf('1.0.0')).toEqual(await bundleOf('1.0.0'))
    const midnight = Buffer.from(await bundleOf('1.0.0')).readUInt32LE(10)
    expect(midnight.toString(16)).toBe('210000') // 1 January 1980, 00:00, as zip files write it
    expect(await bundleOf('1.0.0')).not.toEqual(await bundleOf('1.1.0'))
  })
})
