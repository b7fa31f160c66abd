import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { Agent, get as httpGet, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { realClock } from '../../simulator/clock.ts'
import { createProcesses, type Processes } from '../../simulator/data-plane/processes.ts'

let workDirectory: string
let plane: Processes

beforeEach(async () => {
  workDirectory = await mkdtemp(join(tmpdir(), 'processes-'))
  plane = createProcesses({ clock: realClock({ speed: 1 }), workDirectory })
})

afterEach(async () => {
  await plane.close()
  await rm(workDirectory, { recursive: true, force: true })
})

const server = (answer: string) =>
  `require('node:http').createServer((q, s) => { ${answer} }).listen(process.env.PORT, '127.0.0.1')`
const says = (word: string) => server(`s.setHeader('x-version', '${word}'); s.end('${word}')`)

async function zip(files: Record<string, string>): Promise<Uint8Array> {
  const file = new ZipFile()
  for (const [name, content] of Object.entries(files)) file.addBuffer(Buffer.from(content), name)
  file.end()
  return buffer(file.outputStream)
}

async function order(
  files: Record<string, string>,
  { instance = 'i-1', variables = {}, version = '1' } = {},
) {
  const content = await zip(files)
  return { instance, environment: 'shop-blue', bundle: { version, content }, variables }
}

async function opened(instances = ['i-1']): Promise<string> {
  const [address = ''] = await plane.openFront('shop-blue')
  plane.setTargets('shop-blue', instances)
  return address
}

const ask = (address: string, path = '/') =>
  plane.request(address, { method: 'GET', host: 'shop.example.com', path })

describe('an application', () => {
  it("is started as its Procfile's web line says", async () => {
    await plane.start(await order({ Procfile: 'other: false\nweb: node shop.js\n', 'shop.js': says('one') }))
    expect(await ask(await opened())).toMatchObject({ status: 200, body: 'one' })
  })

  it('is started by its start script without a Procfile, else as app.js or server.js', async () => {
    const manifest = JSON.stringify({ scripts: { start: 'node main.js' } })
    await plane.start(await order({ 'package.json': manifest, 'main.js': says('script') }))
    await plane.start(await order({ 'server.js': says('server') }, { instance: 'i-2' }))
    const address = await opened()
    expect((await ask(address)).body).toBe('script')
    plane.setTargets('shop-blue', ['i-2'])
    expect((await ask(address)).body).toBe('server')
  })

  it('is the sample application where there is no version', async () => {
    const sample = { version: 'Sample Application', content: undefined }
    await plane.start({ instance: 'i-1', environment: 'shop-blue', bundle: sample, variables: {} })
    expect((await ask(await opened())).body).toContain('Congratulations')
  })

  it("sees its environment's variables and nothing of the simulator's own", async () => {
    process.env.SIMULATOR_SECRET = 'no'
    const tells = server('s.end(JSON.stringify(process.env))')
    await plane.start(await order({ 'app.js': tells }, { variables: { COLOUR: 'blue', PORT: '1' } }))
    delete process.env.SIMULATOR_SECRET
    const seen = JSON.parse((await ask(await opened())).body)
    expect(seen).toMatchObject({ COLOUR: 'blue', PORT: expect.not.stringMatching(/^1$/) })
    expect(Object.keys(seen)).not.toContain('SIMULATOR_SECRET')
    expect(Object.keys(seen)).not.toContain('NODE_OPTIONS')
  })

  it('that ends at once is reported with its last words, which the log keeps', async () => {
    const dies = await order({
      Procfile: 'web: node app.js',
      'app.js': 'console.error("no database"); process.exit(1)',
    })
    await expect(plane.start(dies)).rejects.toThrow(/exit status 1(.|\n)*no database/)
    expect(plane.log('i-1')).toContain('no database')
    expect(await plane.check('i-1', '/')).toBeUndefined()
  })

  it('that does not come up leaves nothing of its family running', async () => {
    const child = `console.log(process.env.PORT); ${says('orphan')}`
    const leaves = await order({ Procfile: 'web: node app.js & exit 3', 'app.js': child })
    await expect(plane.start(leaves)).rejects.toThrow('exit status 3')
    const port = Number(plane.log('i-1'))
    expect(port).toBeGreaterThan(1023)
    expect(await listens(port)).toBe(false)
  })

  it('that says nothing about how it starts is refused in words', async () => {
    await expect(plane.start(await order({ 'index.html': '' }))).rejects.toThrow('no Procfile')
    await expect(plane.start(await order({ Procfile: 'worker: x' }))).rejects.toThrow(
      'no line `web: COMMAND`',
    )
  })

  it('replaces the one before it, whose files go', async () => {
    await plane.start(await order({ 'app.js': says('one') }))
    await plane.deploy(await order({ 'app.js': says('two') }, { version: '../../2' }))
    expect((await ask(await opened())).body).toBe('two')
    expect(await readdir(join(workDirectory, 'i-1'))).toEqual(['2-.._.._2'])
  })

  it('leaves nothing running when its successor does not come up', async () => {
    await plane.start(await order({ 'app.js': says('one') }))
    await expect(plane.deploy(await order({ 'app.js': 'process.exit(3)' }))).rejects.toThrow('exit status 3')
    expect((await ask(await opened())).status).toBe(502)
  })

  it('ends with its whole family, even when it does not want to', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); ${server('s.end(process.env.PORT)')}`
    await plane.start(await order({ Procfile: 'web: node app.js & wait', 'app.js': stubborn }))
    const port = Number((await ask(await opened())).body)
    expect(await listens(port)).toBe(true)
    await plane.stop('i-1')
    expect(await listens(port)).toBe(false)
    expect(await readdir(workDirectory)).toEqual([])
  })

  it('that is stopped while it starts leaves nothing behind', async () => {
    const slow = `setTimeout(() => { ${says('slow')} }, 300)`
    const starting = plane.start(await order({ 'app.js': slow }))
    await Promise.all([expect(starting).rejects.toThrow(), plane.stop('i-1')])
    expect(await plane.check('i-1', '/')).toBeUndefined()
    expect(await readdir(workDirectory)).toEqual([])
  })

  it('does not outlive the simulator, however that dies', async () => {
    const processes = new URL('../../simulator/data-plane/processes.ts', import.meta.url)
    const clock = new URL('../../simulator/clock.ts', import.meta.url)
    const content = Buffer.from(await zip({ 'app.js': server('s.end(process.env.PORT)') })).toString('base64')
    const script = `
      import { createProcesses } from '${processes}'
      import { realClock } from '${clock}'
      const plane = createProcesses({ clock: realClock({ speed: 1 }), workDirectory: process.argv[1] })
      const content = Buffer.from('${content}', 'base64')
      await plane.start({ instance: 'i', environment: 'e', bundle: { version: '1', content }, variables: {} })
      const [address] = await plane.openFront('e')
      plane.setTargets('e', ['i'])
      console.log((await plane.request(address, { method: 'GET', host: 'x', path: '/' })).body)
    `
    const simulator = spawn(
      process.execPath,
      ['--input-type=module', '-e', script, join(workDirectory, 'own')],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [line] = await once(simulator.stdout, 'data')
    const port = Number(line)
    expect(await listens(port)).toBe(true)
    simulator.kill('SIGKILL')
    while (await listens(port)) await new Promise(setImmediate)
  })
})

const listens = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )

describe('a bundle', () => {
  it('cannot write outside its directory', async () => {
    const evil = Buffer.from(await zip({ 'xx/evil.js': 'x', 'app.js': says('one') }))
    for (let at = evil.indexOf('xx/evil'); at >= 0; at = evil.indexOf('xx/evil')) evil.write('../evil', at)
    const bundle = { version: '1', content: evil }
    const start = plane.start({ instance: 'i-1', environment: 'e', bundle, variables: {} })
    await expect(start).rejects.toThrow('invalid relative path')
  })

  it('that is no zip is refused', async () => {
    const bundle = { version: '1', content: Buffer.from('hello') }
    const start = plane.start({ instance: 'i-1', environment: 'e', bundle, variables: {} })
    await expect(start).rejects.toThrow(/end of central directory/i)
  })
})

describe('a front', () => {
  it('is a virtual address at which nothing listens, and a real port', async () => {
    await plane.start(await order({ 'app.js': says('one') }))
    const address = await opened()
    expect(address).toMatch(/^127\.64\.\d+\.\d+$/)
    const port = plane.portOf(`${address}:80`) ?? 0
    expect(port).toBeGreaterThan(1023)
    const answer = await fetch(`http://127.0.0.1:${port}/`)
    expect(await answer.text()).toBe('one')
    expect(plane.portOf('127.64.255.1')).toBeUndefined()
  })

  it('takes its targets in turn, and answers 503 without any', async () => {
    await plane.start(await order({ 'app.js': says('one') }))
    await plane.start(await order({ 'app.js': says('two') }, { instance: 'i-2' }))
    const address = await opened(['i-1', 'i-2'])
    const bodies = []
    for (let count = 0; count < 4; count++) bodies.push((await ask(address)).body)
    expect(bodies).toEqual(['one', 'two', 'one', 'two'])
    plane.setTargets('shop-blue', [])
    expect((await ask(address)).status).toBe(503)
    expect(plane.traffic('shop-blue')).toMatchObject({ requests: 4, status2xx: 4, status5xx: 0 })
  })

  it('answers 502 when the application hangs up, and counts it', async () => {
    await plane.start(await order({ 'app.js': server('q.socket.destroy()') }))
    const address = await opened()
    expect((await ask(address)).status).toBe(502)
    expect(plane.traffic('shop-blue')).toMatchObject({ requests: 1, status5xx: 1 })
  })

  it('passes method, path, host, headers and bodies on, both ways', async () => {
    const echo = server(
      `s.setHeader('x-seen', [q.method, q.url, q.headers.host, q.headers['x-forwarded-for']].join(' ')); q.pipe(s)`,
    )
    await plane.start(await order({ 'app.js': echo }))
    const port = plane.portOf(await opened())
    const headers = { host: 'shop.example.com', 'transfer-encoding': 'chunked' }
    const body = 'x'.repeat(200_000)
    const sent = request({ port, host: '127.0.0.1', method: 'DELETE', path: '/a?b=c', headers }).end(body)
    const [answer] = await once(sent, 'response')
    expect(answer.headers['x-seen']).toBe('DELETE /a?b=c shop.example.com 127.0.0.1')
    expect((await buffer(answer)).toString()).toBe(body)
  })

  it('keeps connections of its clients open, and closes them with itself', async () => {
    await plane.start(await order({ 'app.js': says('one') }))
    const port = plane.portOf(await opened())
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const reused: boolean[] = []
    for (let count = 0; count < 2; count++) {
      const sent = httpGet({ port, host: '127.0.0.1', agent })
      const [answer] = await once(sent, 'response')
      await buffer(answer)
      reused.push(sent.reusedSocket)
    }
    expect(reused).toEqual([false, true])
    await plane.closeFront('shop-blue')
    await expect(ask('127.64.0.1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    agent.destroy()
  })

  it("does not count a load balancer's checks, which go to the instance itself", async () => {
    await plane.start(await order({ 'app.js': server(`s.writeHead(q.url === '/health' ? 204 : 200).end()`) }))
    await opened()
    expect(await plane.check('i-1', '/health')).toBe(204)
    expect(plane.traffic('shop-blue').requests).toBe(0)
  })
})
