import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { OptionError, readOptions } from '../../simulator/options.ts'

const main = new URL('../../simulator/main.ts', import.meta.url).pathname
const children: ChildProcess[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function simulator(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

async function ended(...args: readonly string[]) {
  const child = simulator(...args)
  const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  return { code, out, err }
}

test('it says where it serves and what to export, answers, and ends when it is told to', async () => {
  const child = simulator('--port', '0', '--speed', '60', '--region', 'eu-central-1')
  let out = ''
  for await (const chunk of child.stdout) {
    out += chunk
    if (out.includes('dig @')) break
  }
  const [, url = ''] = /^ready on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(out) ?? []
  expect(out).toContain(`export AWS_ENDPOINT_URL=${url}\n`)
  expect(out).toContain('AWS_DEFAULT_REGION=eu-central-1')
  expect(await (await fetch(`${url}/_simulator/state`)).json()).toMatchObject({ region: 'eu-central-1' })
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})

test('a port that is taken is one sentence and exit code 2', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  expect(await ended('--port', String(port))).toEqual({
    code: 2,
    out: '',
    err: `Port ${port} is already in use.\n`,
  })
  server.close()
})

test('a wrong option is one sentence and exit code 2', async () => {
  expect(await ended('--nonsense')).toEqual({
    code: 2,
    out: '',
    err: "Unknown option '--nonsense'; see --help.\n",
  })
})

test('help names every option and every switch', async () => {
  const { code, out, err } = await ended('--help')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  for (const word of [
    '--port',
    '--speed',
    '--dns-port',
    '--proxy-port',
    '--no-throttling',
    'swapWhenRed=allowed (or refused)',
  ]) {
    expect(out).toContain(word)
  }
})

test('options become an order', () => {
  expect(readOptions([])).toEqual({
    port: 4566,
    dnsPort: 0,
    proxyPort: 0,
    speed: 1,
    region: 'us-east-1',
    throttling: true,
    switches: {},
  })
  const given = '--port 1 --dns-port 2 --proxy-port 3 --speed 0.5 --region ap-south-1 --no-throttling'.split(
    ' ',
  )
  const switches = [
    'swapWhenRed=refused',
    'staleReadsMs=9',
    'rulesSpreadWithinMs=7',
    'ifMatchOnMissingKey=412',
    'mutatingCallsThrottled=true',
  ]
  expect(readOptions([...given, ...switches.flatMap((one) => ['--switch', one])])).toEqual({
    port: 1,
    dnsPort: 2,
    proxyPort: 3,
    speed: 0.5,
    region: 'ap-south-1',
    throttling: false,
    switches: {
      swapWhenRed: 'refused',
      staleReadsMs: 9,
      rulesSpreadWithinMs: 7,
      ifMatchOnMissingKey: 412,
      mutatingCallsThrottled: true,
    },
  })
})

test.each([
  [['--port', 'x'], "--port must be a port from 0 to 65535, not 'x'."],
  [['--proxy-port', '65536'], "--proxy-port must be a port from 0 to 65535, not '65536'."],
  [['--speed', '0'], "--speed must be a number above 0, not '0'."],
  [['--speed', 'fast'], "--speed must be a number above 0, not 'fast'."],
  [['--region', 'here'], "--region must be a region such as eu-central-1, not 'here'."],
  [['--switch', 'swapWhenRed=maybe'], "--switch swapWhenRed is allowed or refused, not 'maybe'."],
  [['--switch', 'staleReadsMs=long'], "--switch staleReadsMs must be milliseconds, not 'long'."],
])('%j is refused', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(new OptionError(sentence))
})

test('a switch that does not exist is refused with those that do', () => {
  expect(() => readOptions(['--switch', 'mood=good'])).toThrow(
    /--switch knows no 'mood'; it knows statusWhileSwapping, /,
  )
})
