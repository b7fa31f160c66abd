import { getOctokit } from '@actions/github'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../simulator/clock.ts'
import type { FaultName } from '../../simulator/github/faults.ts'
import { fetchOf } from '../../simulator/github/fetch.ts'
import { createLocalGithub, type GithubOrder } from '../../simulator/github/github.ts'
import { everything } from '../../simulator/github/permissions.ts'

const repo = { owner: 'acme', repo: 'shop' }
const sha = 'a'.repeat(40)

/** A local GitHub in virtual time, and the real client of it. */
function github(order: Partial<GithubOrder> = {}) {
  const clock = virtualClock()
  const local = createLocalGithub({ clock, ...order })
  const octokit = getOctokit('ghs_secret', {
    baseUrl: 'https://api.github.test',
    request: { fetch: fetchOf(local) },
  })
  return { local, clock, rest: octokit.rest, octokit, run: <T>(work: Promise<T>) => clock.run(work) }
}

const deployment = { ...repo, ref: sha, auto_merge: false, required_contexts: [], environment: 'shop' }

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: { status: number; message: string }) => `${error.status} ${error.message}`,
  )

describe('deployments', () => {
  it('are created with their payload, listed newest first and found by environment and commit', async () => {
    const { rest, run } = github()
    const first = await run(rest.repos.createDeployment({ ...deployment, payload: { version: '1' } }))
    const second = await run(rest.repos.createDeployment({ ...deployment, ref: 'b'.repeat(40) }))
    await run(rest.repos.createDeployment({ ...deployment, environment: 'other' }))
    expect(first.status).toBe(201)
    const { data } = await run(rest.repos.listDeployments({ ...repo, environment: 'shop' }))
    expect(data.map(({ id }) => id)).toEqual([
      (second.data as { id: number }).id,
      (first.data as { id: number }).id,
    ])
    expect(data[1]?.payload).toEqual({ version: '1' })
    const ofCommit = await run(rest.repos.listDeployments({ ...repo, environment: 'shop', sha }))
    expect(ofCommit.data).toHaveLength(1)
  })

  it('are refused where GitHub would merge first or wait for checks, as it does when it is not told not to', async () => {
    const { rest, run } = github()
    const { auto_merge: _, ...merging } = deployment
    expect(await run(refusalOf(rest.repos.createDeployment(merging)))).toContain('409 Conflict merging main')
    const { required_contexts: __, ...waiting } = deployment
    expect(await run(refusalOf(rest.repos.createDeployment(waiting)))).toContain(
      '409 Conflict: Commit status checks',
    )
  })

  it('are refused for a ref that is not there', async () => {
    const { rest, run } = github()
    const said = await run(refusalOf(rest.repos.createDeployment({ ...deployment, ref: 'nowhere' })))
    expect(said).toContain('422 No ref found for: nowhere')
  })

  it('of earlier commits become inactive with a success, unless their environment is a production one', async () => {
    const { local, rest, run } = github()
    const success = async (deployment_id: number) =>
      run(rest.repos.createDeploymentStatus({ ...repo, deployment_id, state: 'success' }))
    for (const production_environment of [false, true]) {
      const environment = production_environment ? 'production' : 'staging'
      for (const _ of [1, 2]) {
        const made = await run(
          rest.repos.createDeployment({ ...deployment, environment, production_environment }),
        )
        await success((made.data as { id: number }).id)
      }
    }
    expect(local.state.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
      'inactive',
      'success',
      'success',
      'success',
    ])
  })

  it('take statuses of known states, with short descriptions and real addresses, and list them newest first', async () => {
    const { rest, run } = github()
    const made = await run(rest.repos.createDeployment(deployment))
    const deployment_id = (made.data as { id: number }).id
    const status = { ...repo, deployment_id, state: 'success' as const }
    await run(rest.repos.createDeploymentStatus({ ...status, state: 'in_progress' }))
    await run(rest.repos.createDeploymentStatus({ ...status, environment_url: 'https://shop.example.com' }))
    const { data } = await run(rest.repos.listDeploymentStatuses({ ...repo, deployment_id }))
    expect(data.map(({ state }) => state)).toEqual(['success', 'in_progress'])
    const bad = [
      { ...status, description: 'x'.repeat(141) },
      { ...status, log_url: 'javascript:alert(1)' },
      { ...status, state: 'live' as 'success' },
      { ...status, colour: 'green' },
    ]
    for (const one of bad)
      expect(await run(refusalOf(rest.repos.createDeploymentStatus(one)))).toContain('422 Invalid request.')
    expect(
      await run(refusalOf(rest.repos.createDeploymentStatus({ ...status, deployment_id: 99 }))),
    ).toContain('404')
  })
})

describe('check runs', () => {
  const annotation = {
    path: 'a.ts',
    start_line: 1,
    end_line: 1,
    annotation_level: 'failure' as const,
    message: 'no',
  }
  const output = (count: number) => ({ title: 't', summary: 's', annotations: Array(count).fill(annotation) })

  it('complete with a conclusion, and add the annotations of every update to those before', async () => {
    const { local, rest, run } = github()
    const made = await run(rest.checks.create({ ...repo, name: 'c', head_sha: sha, status: 'in_progress' }))
    const check_run_id = made.data.id
    await run(rest.checks.update({ ...repo, check_run_id, output: output(50) }))
    await run(rest.checks.update({ ...repo, check_run_id, output: output(2), conclusion: 'failure' }))
    expect(local.state.checks[0]).toMatchObject({ status: 'completed', conclusion: 'failure' })
    expect(local.state.checks[0]?.annotations).toHaveLength(52)
  })

  it.each([
    ['51 annotations', { output: output(51) }, 'No more than 50 items'],
    [
      'a summary that is too long',
      { output: { title: 't', summary: 'x'.repeat(65_536) } },
      'Only 65535 characters',
    ],
    ['no title', { output: { summary: 's' } }, '"title" wasn\'t supplied'],
    ['line 0', { output: { ...output(0), annotations: [{ ...annotation, start_line: 0 }] } }, 'at least 1'],
    ['a completion without a conclusion', { status: 'completed' }, '"conclusion" wasn\'t supplied'],
    ['a state that is none', { status: 'done' }, 'is not a member of'],
    ['a time that is none', { started_at: 'today' }, 'date-time'],
    ['a text that is none', { external_id: 7 }, 'is not a string'],
    ['a commit that is none', { head_sha: 'main' }, 'No commit found for SHA: main'],
  ])('with %s are refused', async (_, fields, says) => {
    const { octokit, run } = github()
    const request = { ...repo, name: 'c', head_sha: sha, ...fields }
    const said = await run(
      refusalOf(octokit.request('POST /repos/{owner}/{repo}/check-runs', request as never)),
    )
    expect(said).toMatch(/^422 /)
    expect(said).toContain(says)
  })
})

describe('comments', () => {
  it('come oldest first, in pages, and can be changed', async () => {
    const { octokit, rest, run, local } = github()
    for (let count = 1; count <= 31; count += 1)
      await run(rest.issues.createComment({ ...repo, issue_number: 7, body: `comment ${count}` }))
    await run(rest.issues.createComment({ ...repo, issue_number: 8, body: 'elsewhere' }))
    const all = await run(octokit.paginate(rest.issues.listComments, { ...repo, issue_number: 7 }))
    expect(all.map(({ body }) => body)).toEqual(
      Array.from({ length: 31 }, (_, index) => `comment ${index + 1}`),
    )
    const last = all.at(-1) as { id: number }
    await run(rest.issues.updateComment({ ...repo, comment_id: last.id, body: 'changed' }))
    expect(local.state.comments[30]?.body).toBe('changed')
  })

  it('are refused when they are blank, too long, or of nobody', async () => {
    const { rest, run } = github()
    const create = (body: string) =>
      run(refusalOf(rest.issues.createComment({ ...repo, issue_number: 7, body })))
    expect(await create(' ')).toContain('Body cannot be blank')
    expect(await create('x'.repeat(65_537))).toContain('Only 65536 characters')
    expect(await run(refusalOf(rest.issues.updateComment({ ...repo, comment_id: 9, body: 'x' })))).toContain(
      '404',
    )
  })
})

describe('who may do what', () => {
  it('is decided by permission, and the refusal says which one would do', async () => {
    const { local, octokit, rest, run } = github({ permissions: { ...everything, deployments: 'read' } })
    expect((await run(rest.repos.listDeployments(repo))).data).toEqual([])
    const refused = await run(
      octokit.request('POST /repos/{owner}/{repo}/deployments', deployment).catch((e) => e),
    )
    expect(refused).toMatchObject({
      status: 403,
      response: {
        data: { message: 'Resource not accessible by integration' },
        headers: { 'x-accepted-github-permissions': 'deployments=write' },
      },
    })
    local.permit({ ...everything, issues: 'none' })
    const comment = { ...repo, issue_number: 7, body: 'with pull-requests alone' }
    expect((await run(rest.issues.createComment(comment))).status).toBe(201)
    local.permit({ ...everything, issues: 'none', 'pull-requests': 'read' })
    expect(await run(refusalOf(rest.issues.createComment(comment)))).toContain('403')
  })

  it('nobody without a token, and nobody with another one', async () => {
    const { local, run, rest } = github({ token: 'other' })
    expect(await run(refusalOf(rest.repos.listDeployments(repo)))).toContain('401 Bad credentials')
    const bare = { method: 'GET', path: '/repos/acme/shop/deployments', body: '' }
    const answer = await local.handle({ ...bare, headers: { 'user-agent': 'x' } })
    expect(answer).toMatchObject({ status: 401, body: { message: 'Requires authentication' } })
    expect(await local.handle({ ...bare, headers: { authorization: 'token other' } })).toMatchObject({
      status: 403,
    })
  })

  it('only the repository that there is, and only what GitHub has', async () => {
    const { octokit, rest, run } = github({ repository: 'acme/other' })
    expect(await run(refusalOf(rest.repos.listDeployments(repo)))).toContain('404')
    expect(await run(refusalOf(octokit.request('GET /nonsense')))).toContain('404')
  })
})

describe('requests', () => {
  const headers = { 'user-agent': 'x', authorization: 'Bearer t' }
  const post = (body: string, more = {}) => ({
    method: 'POST',
    path: '/repos/acme/shop/deployments',
    headers: { ...headers, ...more },
    body,
  })

  it.each([
    [post('{'), 400, 'Problems parsing JSON'],
    [post('[]'), 400, 'Body should be a JSON object'],
    [post('{}'), 422, '"ref" wasn\'t supplied'],
    [post('{}', { accept: 'text/html' }), 415, 'Unsupported'],
    [post('{}', { 'x-github-api-version': '1999-01-01' }), 400, 'Invalid API version'],
  ])('that are not well-formed are refused: %j', async (request, status, says) => {
    const answer = await createLocalGithub({ clock: virtualClock() }).handle(request)
    expect(answer).toMatchObject({ status, body: { message: expect.stringContaining(says) } })
  })

  it('are all remembered and told, accepted and refused, without the token', async () => {
    const told: unknown[] = []
    const { local, rest, run } = github({ log: (entry) => told.push(entry) })
    await run(rest.repos.createDeployment(deployment))
    await run(refusalOf(rest.repos.createDeployment({ ...deployment, ref: '' })))
    expect(told).toEqual(local.requests)
    expect(told).toMatchObject([{ status: 201 }, { status: 422, refused: expect.any(String) }])
    expect(JSON.stringify(told)).not.toContain('ghs_secret')
  })

  it('reach an Enterprise server below /api/v3 too', async () => {
    const { local } = github()
    const answer = await local.handle({
      method: 'GET',
      path: '/api/v3/repos/acme/shop/deployments',
      headers,
      body: '',
    })
    expect(answer).toMatchObject({ status: 200 })
  })
})

describe('faults', () => {
  const outcomeOf = async (fault: FaultName, signal?: AbortSignal) => {
    const one = github()
    one.local.order({ fault, times: 1, path: '/deployments', seconds: 30 })
    const began = one.clock.now()
    const request = one.rest.repos.createDeployment({ ...deployment, ...(signal && { request: { signal } }) })
    const error = await one.run(request.catch((thrown) => thrown))
    return {
      error,
      took: one.clock.now() - began,
      again: await one.run(refusalOf(one.rest.repos.listDeployments(repo))),
      one,
    }
  }

  it.each([
    ['unauthorized', 401, {}],
    ['not-found', 404, {}],
    ['invalid', 422, {}],
    ['rate-limit', 403, { 'x-ratelimit-remaining': '0' }],
    ['secondary-rate-limit', 403, { 'retry-after': '30' }],
    ['too-many-requests', 429, { 'retry-after': '30' }],
    ['bad-gateway', 502, { 'content-type': 'text/html; charset=utf-8' }],
    ['unavailable', 503, {}],
  ] as const)(
    '%s is answered as GitHub does, and only as often as it was ordered',
    async (fault, status, headers) => {
      const { error, again } = await outcomeOf(fault)
      expect(error).toMatchObject({ status, response: { headers } })
      expect(again).toBe('accepted')
    },
  )

  it('lost takes effect and cuts the connection, reset only cuts it', async () => {
    const lost = await outcomeOf('lost')
    expect(lost.error.message).toContain('ECONNRESET')
    expect(lost.one.local.state.deployments).toHaveLength(1)
    expect((await outcomeOf('reset')).one.local.state.deployments).toHaveLength(0)
  })

  it('slow takes its time', async () => {
    expect((await outcomeOf('slow')).took).toBeGreaterThanOrEqual(30_000)
  })

  it('hang never answers, and a request that is given up ends', async () => {
    const one = github()
    one.local.order({ fault: 'hang' })
    const over = new AbortController()
    one.clock.at(one.clock.now() + 5_000, () => over.abort(new Error('given up')))
    const request = one.rest.repos.listDeployments({ ...repo, request: { signal: over.signal } })
    expect(await one.run(refusalOf(request))).toContain('given up')
  })
})
