import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { realClock } from '../../simulator/clock.ts'
import { startDnsServer } from '../../simulator/dns/server.ts'
import { speedUpEnvironment } from '../../simulator/speed-up-environment.ts'

const START = Date.UTC(2026, 0, 5, 9)
const HOUR = 3_600_000

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Runs a script in a sped-up process and gives back what it reports as JSON. */
async function spedUp(script: string, { speed = 60, environment = {} as Record<string, string> } = {}) {
  const clock = realClock({ speed, start: START })
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env.PATH, ...speedUpEnvironment({ clock, speed }), ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: new URL('../..', import.meta.url),
  })
  const [output] = await Promise.all([buffer(child.stdout), once(child, 'close')])
  const reported = JSON.parse(output.toString())
  return { reported, until: clock.now() }
}

const report = 'const report = (what) => process.stdout.write(JSON.stringify(what))\n'

describe('a sped-up process', () => {
  it("has the simulator's time, in every way of asking for it", async () => {
    const { reported, until } = await spedUp(`${report}
      const before = Date.now()
      report({
        times: [before, +new Date(), Date.parse(Date()), performance.timeOrigin + performance.now()],
        kept: [new Date(0).toISOString(), Date.UTC(2000, 0), new Date() instanceof Date, Date.name],
      })`)
    for (const time of reported.times) {
      // Date() without new has whole seconds.
      expect(time).toBeGreaterThan(START - 1_000)
      expect(time).toBeLessThanOrEqual(until + 1)
    }
    expect(reported.kept).toEqual(['1970-01-01T00:00:00.000Z', Date.UTC(2000, 0), true, 'Date'])
  })

  it('waits no shorter than it says, by its own clock, in every way of waiting', async () => {
    const { reported } = await spedUp(
      `${report}
      import { promisify } from 'node:util'
      import timers, { setTimeout as named } from 'node:timers'
      import { setTimeout as sleep, setInterval as ticks, scheduler } from 'node:timers/promises'
      const ways = {
        setTimeout: (ms) => new Promise((done) => setTimeout(done, ms)),
        timers: (ms) => new Promise((done) => timers.setTimeout(done, ms)),
        named: (ms) => new Promise((done) => named(done, ms)),
        interval: (ms) => new Promise((done) => { const one = setInterval(() => { clearInterval(one); done() }, ms) }),
        promisified: (ms) => promisify(setTimeout)(ms),
        promises: (ms) => sleep(ms),
        ticks: async (ms) => { for await (const _ of ticks(ms)) break },
        scheduler: (ms) => scheduler.wait(ms),
        signal: (ms) => new Promise((done) => {
          setTimeout(() => {}, 3 * ms)
          AbortSignal.timeout(ms).addEventListener('abort', done)
        }),
        refreshed: (ms) => new Promise((done) => setTimeout(done, ms).refresh()),
      }
      const took = await Promise.all(Object.entries(ways).map(async ([name, wait]) => {
        const before = [Date.now(), performance.now(), process.hrtime.bigint()]
        await wait(${HOUR})
        return [name, Date.now() - before[0], performance.now() - before[1], Number(process.hrtime.bigint() - before[2]) / 1e6]
      }))
      report(took)`,
      { speed: 36_000 },
    )
    expect(reported).toHaveLength(10)
    for (const [way, ...took] of reported) {
      // libuv rounds the present down to a whole millisecond.
      for (const ms of took) expect(ms, way).toBeGreaterThan(HOUR - 2 * 36_000)
    }
  })

  it('does not take very long or very short delays for none', async () => {
    const { reported } = await spedUp(`${report}
      const fired = []
      const long = [2 ** 31, 2 ** 40, Infinity].map((ms) => setTimeout(() => fired.push(ms), ms))
      let turns = 0
      const turn = () => { turns += 1; setImmediate(turn) }
      setImmediate(turn)
      setTimeout(() => {
        report({ fired, turned: turns > 0 })
        process.exit()
      }, 1)`)
    expect(reported).toEqual({ fired: [], turned: true })
  })

  it('forgets a timeout that was cleared while it was due', async () => {
    const { reported } = await spedUp(`${report}
      const fired = []
      const first = setTimeout(() => fired.push('first'), 5_000)
      const second = setTimeout(() => fired.push('second'), 5_000)
      setTimeout((word) => report([...fired, word]), 6_000, 'third')
      const start = Date.now()
      while (Date.now() < start + 4_800);
      setTimeout(() => { clearTimeout(first); second.close() }, 500)
      while (Date.now() < start + 7_000);`)
    expect(reported).toEqual(['third'])
  })

  it('does not take a long timeout for over before it has seen the answer that came while it was busy', async () => {
    const { reported } = await spedUp(`${report}
      import { stat } from 'node:fs'
      const timeout = setTimeout(() => report('timeout'), 5_000)
      stat('package.json', () => {
        clearTimeout(timeout)
        report('answer')
      })
      const until = Date.now() + 20_000
      while (Date.now() < until);`)
    expect(reported).toBe('answer')
  })

  it('leaves its children in real time, with the rest of NODE_OPTIONS', async () => {
    const own = speedUpEnvironment({ clock: realClock({ speed: 60 }), speed: 60 }).NODE_OPTIONS
    const { reported } = await spedUp(
      `${report}
      import { execFileSync } from 'node:child_process'
      const script = 'console.log(JSON.stringify([Date.now(), process.env]))'
      const [now, environment] = JSON.parse(execFileSync(process.execPath, ['-e', script]))
      report({ now, environment })`,
      { environment: { NODE_OPTIONS: `--no-warnings ${own}` } },
    )
    expect(reported.now).toBeGreaterThan(performance.timeOrigin - 1)
    expect(reported.environment.NODE_OPTIONS).toBe('--no-warnings')
    expect(Object.keys(reported.environment).filter((name) => name.startsWith('SIMULATOR'))).toEqual([])
  })

  it('asks the simulated DNS server by every resolver', async () => {
    const names = { resolve: (name: string) => [{ name, type: 'A' as const, ttl: 60, data: '127.64.0.9' }] }
    const server = await startDnsServer({ names })
    closing.push(server.close)
    const { reported } = await spedUp(
      `${report}
      import dns, { Resolver } from 'node:dns'
      import { resolve4, Resolver as PromisesResolver } from 'node:dns/promises'
      import { promisify } from 'node:util'
      const resolver = new Resolver()
      report(await Promise.all([
        promisify(dns.resolve4)('shop.simulated'),
        resolve4('shop.simulated'),
        promisify(resolver.resolve4.bind(resolver))('shop.simulated'),
        new PromisesResolver({ timeout: 1_000, tries: 2 }).resolve4('shop.simulated'),
      ]))`,
      { environment: { SIMULATOR_DNS: `127.0.0.1:${server.port}` } },
    )
    expect(reported).toEqual([['127.64.0.9'], ['127.64.0.9'], ['127.64.0.9'], ['127.64.0.9']])
  })

  it('talks to a server that answers in real time without a false timeout', async () => {
    const dates: string[] = []
    const server = createServer(async (request, response) => {
      const { 'x-amz-date': date } = request.headers
      if (date) dates.push(String(date))
      await buffer(request)
      await pause(5)
      // The SDK learns the time from this header, and corrects its own by it.
      response.sendDate = false
      response.setHeader('content-type', 'text/xml').end(ANSWER)
    })
    const url = await listening(server)
    const { reported } = await spedUp(
      `${report}
      import http from 'node:http'
      import { ElasticBeanstalkClient, DescribeEnvironmentsCommand } from '@aws-sdk/client-elastic-beanstalk'
      import { Agent, request } from 'undici'
      const url = '${url}'
      const client = new ElasticBeanstalkClient({
        endpoint: url, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000, socketTimeout: 30_000, throwOnRequestTimeout: true },
      })
      const dispatcher = new Agent({ connectTimeout: 10_000, headersTimeout: 10_000, bodyTimeout: 10_000 })
      const ways = [
        async () => (await client.send(new DescribeEnvironmentsCommand({}))).Environments[0].EnvironmentName,
        async () => (await (await request(url, { dispatcher })).body.text()).length,
        async () => (await (await fetch(url, { signal: AbortSignal.timeout(30_000) })).text()).length,
        () => new Promise((resolve, reject) => {
          const sent = http.get(url, { agent: false, signal: AbortSignal.timeout(10_000) }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
          sent.on('error', reject)
        }),
      ]
      const answers = {}
      const ask = async (way) => {
        const answer = await way().catch((error) => String(error))
        answers[answer] = (answers[answer] ?? 0) + 1
      }
      for (let round = 0; round < 40; round++) await Promise.all(ways.map(ask))
      report(answers)
      process.exit()`,
    )
    expect(reported).toEqual({ shop: 40, [ANSWER.length]: 80, 200: 40 })
    expect(dates).toHaveLength(40)
    for (const date of dates) expect(date).toMatch(/^20260105T09/)
  })
})

const ANSWER =
  '<DescribeEnvironmentsResponse xmlns="http://elasticbeanstalk.amazonaws.com/docs/2010-12-01/">' +
  '<DescribeEnvironmentsResult><Environments><member><EnvironmentName>shop</EnvironmentName></member></Environments>' +
  '</DescribeEnvironmentsResult></DescribeEnvironmentsResponse>'

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closing.push(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
