import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { conceal, secretsOf } from '../../src/github/conceal.ts'
import { contextOf } from '../../src/github/context.ts'
import { context, type Local, local } from './local.ts'

const comment = ({ client }: Local, body: string, repeatable = true) =>
  client.tell({
    needs: 'pull-requests: write',
    what: 'the comment',
    repeatable,
    send: ({ issues }, request) => issues.createComment({ ...context.repo, issue_number: 7, body, request }),
  })

describe('a client', () => {
  it('gives a request ten seconds, and sends it once more only where that does no harm', async () => {
    for (const [repeatable, requests, took] of [
      [true, 2, 21_000],
      [false, 1, 10_000],
    ] as const) {
      const one = local()
      one.github.order({ fault: 'hang' })
      const began = one.clock.now()
      expect(await one.run(comment(one, 'x', repeatable))).toBeUndefined()
      expect(one.github.requests).toHaveLength(requests)
      expect(one.clock.now() - began).toBe(took)
      expect(one.client.troubles).toEqual(['GitHub was not told of the comment: no answer within 10 s.'])
    }
  })

  it('sends nothing more when everything together has taken its time', async () => {
    const one = local()
    one.github.order({ fault: 'hang' })
    await one.run(one.client.limit(3_000))
    const began = one.clock.now()
    await one.run(Promise.all([comment(one, 'x'), comment(one, 'y')]))
    await one.run(comment(one, 'z'))
    expect(one.clock.now() - began).toBe(3_000)
    expect(one.github.requests).toHaveLength(2)
    expect(one.client.troubles).toEqual(['GitHub was not told of the comment: GitHub took too long.'])
  })

  it.each(['rate-limit', 'secondary-rate-limit', 'too-many-requests'] as const)(
    'sends nothing more once GitHub has said that it is too much: %s',
    async (fault) => {
      const one = local()
      one.github.order({ fault, times: 1 })
      await one.run(comment(one, 'x'))
      await one.run(comment(one, 'y'))
      expect(one.github.requests).toHaveLength(1)
      expect(one.client.troubles).toEqual([expect.stringMatching(/too many requests\. Nothing more is sent/)])
    },
  )

  it('leaves nothing behind that would keep the process alive', async () => {
    const one = local()
    one.github.order({ fault: 'hang' })
    await one.run(one.client.limit(30_000))
    const telling = comment(one, 'x')
    one.clock.at(one.clock.now() + 2_000, () => one.client.close())
    const began = one.clock.now()
    await one.run(telling)
    await expect(one.clock.run(new Promise(() => {}))).rejects.toThrow('nothing is planned')
    expect(one.clock.now() - began).toBe(2_000)
  })

  it('sends no secret, neither the token nor what looks like one nor its lines, in whatever form JSON gives it', async () => {
    const key = '-----BEGIN KEY-----\nabcdefgh"ijkl\\mnop\n-----END KEY-----'
    const one = local(secretsOf({ AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' }, [key, 'short']))
    await one.run(comment(one, `a ${key} b abcdefgh"ijkl\\mnop c wJalrXUtnFEMI d short`))
    expect(one.github.state.comments[0]?.body).toBe('a *** b *** c *** d short')
  })

  it('is no trouble of the user’s when it has no words for what it got', async () => {
    const one = local()
    one.github.order({ fault: 'invalid' })
    await one.run(comment(one, 'x'))
    expect(one.client.troubles).toEqual([
      'GitHub was not told of the comment: it answers 422, Validation Failed.',
    ])
  })
})

it('a secret that is the beginning of another hides that one, too', () => {
  expect(conceal('hunter2-of-staging', ['hunter2-of', 'hunter2-of-staging'])).toBe('***')
})

it('a text without secrets stays as it is', () => {
  expect(conceal('{"a":"b"}', secretsOf({}, []))).toBe('{"a":"b"}')
})

describe('what the job is about', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'event-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const [sha, head] = ['a'.repeat(40), 'b'.repeat(40)]
  const environment = { GITHUB_REPOSITORY: 'acme/shop', GITHUB_SHA: sha }
  const withEvent = async (event: string) => {
    const path = join(folder, 'event.json')
    await writeFile(path, event)
    return contextOf({ ...environment, GITHUB_EVENT_PATH: path })
  }
  const repo = { owner: 'acme', repo: 'shop' }

  it('is the commit that was pushed', () => {
    expect(contextOf(environment)).toEqual({
      repo,
      commit: sha,
      pullRequest: undefined,
      isFromFork: false,
    })
  })

  it('is a pull request’s own commit, and whether it comes from a fork, even one that is gone', async () => {
    const pull = (from: unknown) =>
      withEvent(JSON.stringify({ pull_request: { number: 7, head: { sha: head, repo: from } } }))
    expect(await pull({ full_name: 'acme/shop' })).toEqual({
      repo,
      commit: head,
      pullRequest: 7,
      isFromFork: false,
    })
    expect(await pull({ full_name: 'Acme/Shop' })).toMatchObject({ isFromFork: false })
    expect(await pull({ full_name: 'stranger/shop' })).toMatchObject({ isFromFork: true })
    expect(await pull(null)).toMatchObject({ isFromFork: true })
  })

  it.each(['{', 'null', '[]', '{"pull_request": null}', '{"pull_request": {"number": "7; rm"}}'])(
    'is the commit when the event is %s',
    async (event) => {
      expect(await withEvent(event)).toMatchObject({ commit: sha, pullRequest: undefined })
    },
  )

  it('is nothing outside of a workflow', () => {
    expect(contextOf({})).toBeUndefined()
    expect(contextOf({ ...environment, GITHUB_SHA: 'main' })).toBeUndefined()
  })
})
