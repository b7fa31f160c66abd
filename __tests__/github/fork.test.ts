import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { isForkWithoutCredentials } from '../../src/github/fork.ts'

const folder = mkdtempSync(join(tmpdir(), 'events-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0

/** The environment of a job for this event. */
function jobFor(event: unknown, more: Record<string, string> = {}) {
  count += 1
  const path = join(folder, `${count}.json`)
  writeFileSync(path, typeof event === 'string' ? event : JSON.stringify(event))
  return { GITHUB_REPOSITORY: 'acme/shop', GITHUB_EVENT_PATH: path, ...more }
}

const from = (repo: unknown) => ({ pull_request: { head: { repo } } })

it('a pull request from another repository is from a fork, and so is one whose fork was deleted', () => {
  expect(isForkWithoutCredentials(jobFor(from({ full_name: 'stranger/shop' })))).toBe(true)
  expect(isForkWithoutCredentials(jobFor(from(null)))).toBe(true)
})

it('a pull request from the repository itself, however its name is written, and every other event are not', () => {
  expect(isForkWithoutCredentials(jobFor(from({ full_name: 'Acme/Shop' })))).toBe(false)
  expect(isForkWithoutCredentials(jobFor({ ref: 'refs/heads/main' }))).toBe(false)
  expect(isForkWithoutCredentials(jobFor('not JSON'))).toBe(false)
  expect(isForkWithoutCredentials({})).toBe(false)
  expect(isForkWithoutCredentials({ GITHUB_REPOSITORY: 'a/b', GITHUB_EVENT_PATH: '/nowhere' })).toBe(false)
})

it.each(['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'ACTIONS_ID_TOKEN_REQUEST_URL'])(
  'a fork whose job has %s is treated like everybody',
  (name) => {
    const event = from({ full_name: 'stranger/shop' })
    expect(isForkWithoutCredentials(jobFor(event, { [name]: 'something' }))).toBe(false)
    expect(isForkWithoutCredentials(jobFor(event, { [name]: '' }))).toBe(true)
  },
)
