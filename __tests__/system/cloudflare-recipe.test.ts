import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { userCommand } from '../../src/system/user-command.ts'

interface Origin {
  readonly name: string
  readonly address: string
  readonly weight?: number
  readonly enabled?: boolean
  readonly header?: unknown
}

/** The step as it stands in the documentation. */
function recipe(): { readonly with: Readonly<Record<string, string>>; readonly env: Record<string, string> } {
  const page = readFileSync(new URL('../../docs/traffic-in-steps.md', import.meta.url), 'utf8')
  const [, text = ''] = /### Cloudflare[\s\S]*?```yaml\n([\s\S]*?)```/.exec(page) ?? []
  return parse(text)[0]
}

const has = (program: string) => spawnSync(program, ['--version']).status === 0

describe.skipIf(!has('jq') || !has('curl'))("the recipe for Cloudflare's load balancing", () => {
  let origins: readonly Origin[]
  let asked: string[]
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      const answer = (status: number, result: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ success: status === 200, errors: [], messages: [], result }))
      }
      if (request.headers.authorization !== 'Bearer of-the-team') return answer(403, null)
      if (request.method === 'PATCH') origins = JSON.parse(body).origins
      answer(200, { id: 'POOL-ID', name: 'shop', enabled: true, origins })
    })
  })
  beforeEach(async () => {
    asked = []
    origins = [
      { name: 'shop-blue', address: 'blue.eb.example', weight: 1, header: { Host: ['www.example.com'] } },
      { name: 'shop-green', address: 'old.eb.example', enabled: false },
    ]
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  const run = async (command: string, variables = {}, token = 'of-the-team') => {
    const log: string[] = []
    const { port } = server.address() as AddressInfo
    const path = new URL(recipe().env.POOL ?? '').pathname
    const ran = await userCommand({
      environment: {
        PATH: process.env.PATH,
        CLOUDFLARE_API_TOKEN: token,
        POOL: `http://127.0.0.1:${port}${path}`,
      },
      write: (line) => void log.push(line),
    })({
      command: recipe().with[command] ?? '',
      prints: command === 'read-traffic-command' ? 'an answer' : 'into the log',
      shell: 'bash',
      within: 60_000,
      signal: new AbortController().signal,
      variables: {
        BLUE_ENVIRONMENT: 'shop-blue',
        GREEN_ENVIRONMENT: 'shop-green',
        BLUE_CNAME: 'blue.eb.example',
        GREEN_CNAME: 'green.eb.example',
        ...variables,
      },
    })
    return { ...ran, log: log.join('\n') }
  }
  const read = async () => JSON.parse((await run('read-traffic-command')).printed)

  it('reads the weights of the endpoints; one that is switched off has none', async () => {
    expect(await read()).toEqual({ 'shop-blue': 1, 'shop-green': 0 })
    origins = []
    expect(await read()).toEqual({})
  })

  it('writes weights of whole per cent, leads to the environment that is there now, and keeps the rest', async () => {
    expect(await run('write-traffic-command', { BLUE_WEIGHT: '93', GREEN_WEIGHT: '7' })).toMatchObject({
      is: 'passed',
      log: '',
    })
    expect(origins).toEqual([
      { ...origins[0], weight: 0.93, enabled: true, header: { Host: ['www.example.com'] } },
      { name: 'shop-green', address: 'green.eb.example', weight: 0.07, enabled: true },
    ])
    expect(asked).toEqual([
      'GET /client/v4/accounts/ACCOUNT-ID/load_balancers/pools/POOL-ID',
      'PATCH /client/v4/accounts/ACCOUNT-ID/load_balancers/pools/POOL-ID',
    ])
    expect(await read()).toEqual({ 'shop-blue': 0.93, 'shop-green': 0.07 })
  })

  it('leaves out what does not exist', async () => {
    await run('write-traffic-command', { BLUE_WEIGHT: '100', GREEN_WEIGHT: '0', GREEN_CNAME: '' })
    expect(origins.map(({ name }) => name)).toEqual(['shop-blue'])
  })

  it('fails, and writes nothing, when it may not', async () => {
    for (const command of ['read-traffic-command', 'write-traffic-command']) {
      const ran = await run(command, { BLUE_WEIGHT: '0', GREEN_WEIGHT: '100' }, 'of-nobody')
      expect(ran.is).toBe('failed')
      expect(ran.log).toContain('403')
      expect(ran.log).not.toContain('of-nobody')
    }
    expect(origins[0]?.weight).toBe(1)
  })
})
