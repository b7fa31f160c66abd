import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { getOctokit } from '@actions/github'
import { afterEach, beforeEach, expect, it } from 'vitest'

const main = new URL('../../simulator/github/main.ts', import.meta.url).pathname
let children: ChildProcess[] = []
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-github-'))
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await rm(folder, { recursive: true, force: true })
})

function command(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

async function ready(...args: readonly string[]) {
  const child = command('--port', '0', ...args)
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return { child, ...(JSON.parse(line) as { url: string; environment: Record<string, string> }) }
}

const deployment = {
  owner: 'acme',
  repo: 'shop',
  ref: 'a'.repeat(40),
  auto_merge: false,
  required_contexts: [],
}

it('says in one line where it is, answers a real client, logs every request, shows its state, and ends when told to', async () => {
  const log = join(folder, 'requests.jsonl')
  const { child, url } = await ready('--log', log, '--repository', 'acme/shop')
  const { rest } = getOctokit('ghs_secret', { baseUrl: url })
  await rest.repos.createDeployment(deployment)
  await expect(rest.repos.createDeployment({ ...deployment, repo: 'other' })).rejects.toMatchObject({
    status: 404,
  })

  const state = await (await fetch(`${url}/_state`)).json()
  expect(state).toMatchObject({ deployments: [{ sha: deployment.ref }], checks: [], comments: [] })
  const lines = (await readFile(log, 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([201, 404])
  expect(lines.join()).not.toContain('ghs_secret')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

it('takes faults, permissions and closed pull requests from outside', async () => {
  const { url } = await ready('--permissions', 'checks=none')
  const control = async (method: string, path: string, body = '') =>
    (await fetch(`${url}${path}`, { method, ...(body && { body }) })).status
  const { rest } = getOctokit('t', { baseUrl: url })
  const check = { owner: 'acme', repo: 'shop', name: 'c', head_sha: deployment.ref }

  await expect(rest.checks.create(check)).rejects.toMatchObject({ status: 403 })
  expect(await control('POST', '/_permissions', 'checks=write')).toBe(200)
  expect((await rest.checks.create(check)).status).toBe(201)
  expect(await control('POST', '/_faults', '{"fault":"bad-gateway"}')).toBe(200)
  await expect(rest.checks.create(check)).rejects.toMatchObject({ status: 502 })
  expect(await control('DELETE', '/_faults')).toBe(200)
  expect((await rest.checks.create(check)).status).toBe(201)
  expect(await control('POST', '/_closed', '7')).toBe(200)
  expect((await rest.pulls.get({ owner: 'acme', repo: 'shop', pull_number: 7 })).data.state).toBe('closed')
  const closed = await rest.pulls.list({ owner: 'acme', repo: 'shop', state: 'closed' })
  expect(closed.data.map(({ number }) => number)).toEqual([7])

  for (const [path, body] of [
    ['/_faults', '{"fault":"mood"}'],
    ['/_permissions', 'mood=good'],
    ['/_closed', 'none'],
  ] as const)
    expect(await control('POST', path, body)).toBe(400)
  expect(await control('PUT', '/_state')).toBe(404)
})

it('gives a job its ID token, for the audience that is asked for', async () => {
  const { environment } = await ready()
  const url = `${environment.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=sts.amazonaws.com`
  expect((await fetch(url)).status).toBe(401)
  const headers = { authorization: `Bearer ${environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` }
  const { value } = (await (await fetch(url, { headers })).json()) as { value: string }
  const claims = JSON.parse(Buffer.from(value.split('.')[1] ?? '', 'base64url').toString())
  expect(claims).toMatchObject({
    aud: 'sts.amazonaws.com',
    iss: 'https://token.actions.githubusercontent.com',
  })
})

it.each([
  [['--port', 'x'], '--port must be a port'],
  [['--repository', 'shop'], '--repository must be OWNER/NAME'],
  [['--permissions', 'all'], '--permissions must be like'],
  [['--nonsense'], "Unknown option '--nonsense'"],
])('%j is one sentence and exit code 2', async (args, sentence) => {
  const child = command(...args)
  const [[code], err] = await Promise.all([once(child, 'close'), text(child.stderr)])
  expect(code).toBe(2)
  expect(err).toContain(sentence)
  expect(err.trim().split('\n')).toHaveLength(1)
})

it('help names every option', async () => {
  const child = command('--help')
  const out = await text(child.stdout)
  for (const option of ['--port', '--log', '--repository', '--permissions', '--token'])
    expect(out).toContain(option)
})
